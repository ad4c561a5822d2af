"""La lista de números a los que no se puede llamar: se añaden, uno a uno o de un fichero, y nadie los quita."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import Connection

from chasis.errores import Conflicto, PeticionInvalida
from tuotempo_leads.aplicacion.importacion.trabajos import guardar_fichero
from tuotempo_leads.aplicacion.resultados import ahora
from tuotempo_leads.dominio.telefonos import normalizar
from tuotempo_leads.infraestructura import exclusiones
from tuotempo_leads.infraestructura.hojas.lectura import leer

ORIGENES = {"interna": "Lista propia", "robinson": "Lista Robinson", "rne": "RNE (Colombia)"}
MAYOR_MOTIVO = 255  # caracteres


@dataclass(frozen=True)
class Anadidas:
    """Cuántos números se dieron, cuántos no estaban aún y cuántas rellamadas se cancelaron por ellos."""

    dados: int
    nuevos: int
    canceladas: int


def anadir(
    conexion: Connection, telefonos: Sequence[str], origen: str, motivo: str, usuario_id: int | None
) -> Anadidas:
    """Apunta números, escritos de cualquier manera, y cancela las rellamadas que tuvieran pendientes."""
    if origen not in ORIGENES:
        raise PeticionInvalida(f"El origen debe ser {', '.join(ORIGENES)}", campo="origen")
    if len(motivo) > MAYOR_MOTIVO:
        raise PeticionInvalida(f"El motivo admite como máximo {MAYOR_MOTIVO} caracteres", campo="motivo")
    normales = list(dict.fromkeys(_exigir_telefono(uno) for uno in telefonos))
    momento = ahora()
    comunes = {"origen": origen, "motivo": motivo or None, "fecha": momento, "usuario_id": usuario_id}
    nuevos = exclusiones.anadir(conexion, normales, comunes)
    return Anadidas(len(normales), nuevos, exclusiones.cancelar_rellamadas(conexion, normales, momento))


def telefonos_del_fichero(flujo: IO[bytes], nombre: str, carpeta: Path, zona: str) -> tuple[list[str], int]:
    """Los números de una hoja con una columna de teléfono, y cuántas filas no traían uno.

    Lanza `FicheroInvalido` si no se puede leer. Una fila con otra cosa mal también se excluye: ante la duda, no se
    llama.
    """
    carpeta.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="exclusiones-", dir=carpeta) as temporal:
        fichero = guardar_fichero(flujo, nombre, Path(temporal))
        leida = leer(Path(fichero["ruta"]), fichero["archivo"], Path(temporal), zona, lambda *_: None)
        hallados = [lead["telefono_norm"] for tanda in leida.buenas() for _, lead in tanda]
        hallados += [mala["telefono"] for mala in leida.malas()]
    telefonos = list(dict.fromkeys(filter(None, hallados)))
    return telefonos, sum(not uno for uno in hallados)


def exigir_llamable(conexion: Connection, telefono: str) -> None:
    """`Conflicto` si el teléfono, ya normalizado, está excluido. Si no se puede saber, falla y no se llama."""
    if exclusion := exclusiones.de_uno(conexion, telefono):
        raise Conflicto(
            f"El número está en la lista de exclusión ({ORIGENES.get(exclusion.origen, exclusion.origen)}, "
            f"{exclusion.fecha:%d/%m/%Y}): no se puede llamar",
            codigo="EXCLUIDO",
            campo="telefono",
        )


def _exigir_telefono(escrito: str) -> str:
    if not (telefono := normalizar(escrito)):
        raise PeticionInvalida(f"El teléfono {escrito[:50]} no tiene nueve cifras", campo="telefono")
    return telefono
