"""`python -m tuotempo_leads.importar <fichero|https://…>`: importa una hoja desde la terminal, con barra de progreso.

Termina con 0 si se importó, con 1 si no y con 2 si la orden no se entiende; el porqué va por la salida de errores.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from tuotempo_leads.aplicacion.exportacion import exportar_rechazadas
from tuotempo_leads.aplicacion.importacion import trabajos
from tuotempo_leads.aplicacion.importacion.corredor import Corredor
from tuotempo_leads.aplicacion.importacion.trabajos import Encargo
from tuotempo_leads.arranque import montar_eventos
from tuotempo_leads.config import Ajustes
from tuotempo_leads.infraestructura import importaciones, rechazadas
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido
from tuotempo_leads.piezas import montar

_ANCHO = 30  # casillas de la barra
_A_LA_VISTA = 10
_CADA = 0.2  # segundos entre dos miradas


def main(argumentos: Sequence[str] | None = None) -> int:
    analizador = _argumentos()
    pedido = analizador.parse_args(argumentos)
    if pedido.rechazadas and not pedido.rechazadas.absolute().parent.is_dir():
        analizador.error(f"--rechazadas: no existe la carpeta {pedido.rechazadas.parent}")
    ajustes = Ajustes.cargar()
    eventos = montar_eventos(ajustes)
    corredor = montar(eventos.bd, ajustes).importaciones
    encargo = Encargo(pedido.modo, pedido.simular, "consola")
    try:
        origen = trabajos.origen_de(pedido.hoja, corredor.carpeta, con_ficheros=True)
    except FicheroInvalido as fallo:
        with eventos.bd.escritura() as conexion:
            trabajos.anotar_rechazo(conexion, pedido.hoja, str(fallo), None)
        _decir(fallo, file=sys.stderr)
        return 1
    with eventos.bd.escritura() as conexion:
        encargada = trabajos.encargar(conexion, origen, encargo)
    return _contar(_seguir(corredor, encargada), corredor, pedido.rechazadas)


def _argumentos() -> argparse.ArgumentParser:
    argumentos = argparse.ArgumentParser(prog="importar", description="Importa leads de una hoja de cálculo.")
    argumentos.add_argument("hoja", help="fichero .xlsx o .csv, o su dirección https://")
    argumentos.add_argument("--modo", choices=("reemplazar", "anadir"), default="reemplazar")
    argumentos.add_argument("--simular", action="store_true", help="cuenta lo que haría, sin hacerlo")
    argumentos.add_argument("--rechazadas", type=Path, help="xlsx en el que dejar las filas rechazadas")
    return argumentos


def _seguir(corredor: Corredor, encargada: str) -> Mapping[str, Any]:
    """La importa en un hilo (o espera a quien la esté haciendo) y va dibujando cómo va."""
    corredor.en_segundo_plano()
    en_terminal = sys.stderr.isatty()
    while True:
        with corredor.bd.lectura() as conexion:
            trabajo = trabajos.obtener(conexion, encargada)
        if en_terminal:
            _decir("\r\x1b[K" + _barra(trabajos.informe(trabajo)), end="", file=sys.stderr, flush=True)
        if trabajo["estado"] not in importaciones.ABIERTAS:
            if en_terminal:
                _decir(file=sys.stderr)
            return trabajo
        time.sleep(_CADA)


def _decir(texto: object = "", end: str = "\n", file: TextIO = sys.stdout, *, flush: bool = False) -> None:
    print(texto, end=end, file=file, flush=flush)


def _barra(informe: Mapping[str, Any]) -> str:
    llenas = round(_ANCHO * informe["porcentaje"] / 100)
    ritmo = f" · {informe['filas_por_segundo']:.0f} filas/s" if informe["filas_por_segundo"] else ""
    faltan = f" · faltan {informe['segundos_restantes']:.0f} s" if informe["segundos_restantes"] else ""
    cuenta = f"{informe['procesadas']}/{informe['total'] or '?'}"
    return f"{informe['estado']:<10} [{'█' * llenas}{'·' * (_ANCHO - llenas)}] {cuenta}{ritmo}{faltan}"


def _contar(trabajo: Mapping[str, Any], corredor: Corredor, destino: Path | None) -> int:
    with corredor.bd.lectura() as conexion:
        primeras = rechazadas.primeras(conexion, trabajo["id"], _A_LA_VISTA)
        if destino and primeras:
            exportar_rechazadas(conexion, trabajo, destino)
    for fila in primeras:
        _decir(f"Fila {fila['fila']}, {fila['columna']} «{fila['valor']}»: {fila['motivo']}", file=sys.stderr)
    for nombre in ("total", *trabajos.CONTADOS):
        _decir(f"{nombre}: {trabajo[nombre] or 0}")
    if trabajo["estado"] == importaciones.TERMINADA:
        return 0
    _decir(trabajo["error"], file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
