"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de espacio-clientes."""

from __future__ import annotations

from pathlib import Path

from anyio import CapacityLimiter
from fastapi import FastAPI

from chasis import registros, trazas
from chasis.eventos import Eventos
from chasis.migraciones import migrar
from espacio_clientes.api.api import montar
from espacio_clientes.api.auth import Firmante
from espacio_clientes.api.piezas import Piezas
from espacio_clientes.aplicacion.conciliacion import Conciliador
from espacio_clientes.aplicacion.pagos import Pagos
from espacio_clientes.config import conexion
from espacio_clientes.config.secreto import clave_de_firma, clave_derivada
from espacio_clientes.config.settings import Ajustes
from espacio_clientes.infraestructura.deudas import DeudasEnTablas
from espacio_clientes.infraestructura.procesadores import ProcesadorInterno, Simulador
from espacio_clientes.puertos import Deudas, Procesador

MIGRACIONES = Path(__file__).parent / "migraciones"
ENTRADAS_A_LA_VEZ = 1  # cálculos de argon2: cada uno ocupa 19 MiB y un núcleo entero


def reunir(ajustes: Ajustes) -> Piezas:
    """Todas las piezas, con la base de datos migrada: lo que necesitan la web, el trabajador y los programas."""
    bd = conexion.abrir(ajustes)
    migrar(bd, MIGRACIONES)
    clave = clave_de_firma(ajustes)
    deudas = deudas_de(ajustes)
    pagos = Pagos(
        bd, deudas, procesador_de(ajustes), clave_derivada(clave, "referencias"), ajustes.plazo_del_procesador
    )
    return Piezas(
        ajustes=ajustes,
        bd=bd,
        eventos=Eventos(bd, ajustes, "espacio"),
        deudas=deudas,
        pagos=pagos,
        conciliador=Conciliador(pagos),
        firmante=Firmante(clave, ajustes.emisor, ajustes.audiencia, ajustes.minutos_de_token),
        turnos_de_entrada=CapacityLimiter(ENTRADAS_A_LA_VEZ),
    )


def deudas_de(ajustes: Ajustes) -> Deudas:
    if not ajustes.deudas_plsql:
        return DeudasEnTablas()
    from espacio_clientes.infraestructura.deudas_plsql import DeudasPlsql  # trae `oracledb`

    return DeudasPlsql(ajustes.deudas_plsql)


def procesador_de(ajustes: Ajustes) -> Procesador:
    return (
        Simulador(ajustes.plazo_del_procesador) if ajustes.procesador == "simulador" else ProcesadorInterno()
    )


def crear_app(ajustes: Ajustes, *, en_segundo_plano: bool = False) -> FastAPI:
    """Aplicación ASGI lista para servir."""
    registros.configurar("espacio", ajustes.formato_registros, ajustes.nivel_registros)
    trazas.configurar("espacio", ajustes.trazas)
    return montar(reunir(ajustes), en_segundo_plano=en_segundo_plano)
