"""Las piezas que comparten la web y el trabajador, montadas con la configuración."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chasis.bd import BaseDeDatos
from tuotempo_leads.aplicacion.centros import Catalogo
from tuotempo_leads.aplicacion.citas import Citas
from tuotempo_leads.aplicacion.conciliacion import Conciliacion
from tuotempo_leads.aplicacion.importacion.corredor import Corredor
from tuotempo_leads.aplicacion.tareas import Tarea, Tareas
from tuotempo_leads.config import Ajustes
from tuotempo_leads.infraestructura.proveedor import Proveedor


@dataclass(frozen=True)
class Piezas:
    """Cada una se registra en `app.extensions` con el nombre de su campo."""

    bd: BaseDeDatos
    ajustes: Ajustes
    proveedor: Proveedor
    catalogo: Catalogo
    citas: Citas
    conciliacion: Conciliacion
    importaciones: Corredor
    tareas: Tareas


def montar(bd: BaseDeDatos, ajustes: Ajustes) -> Piezas:
    """No abre conexiones ni hilos; `bd` ya está migrada."""
    llaves = {entorno: ajustes.llave_de(entorno) for entorno in ("PRE", "PRO")}
    proveedor = Proveedor(ajustes.tuotempo_url, ajustes.tuotempo_instancia, llaves, ajustes.tuotempo_plazo)
    catalogo = Catalogo(bd, proveedor)
    conciliacion = Conciliacion(bd, proveedor, ajustes.zona)
    tareas = (
        Tarea("conciliar_citas", timedelta(seconds=30), conciliacion.una_tanda),
        Tarea(
            "renovar_clinicas",
            timedelta(hours=24),
            lambda: catalogo.renovar_clinicas("es", ajustes.tuotempo_entorno),
        ),
    )
    return Piezas(
        bd=bd,
        ajustes=ajustes,
        proveedor=proveedor,
        catalogo=catalogo,
        citas=Citas(bd, ajustes.zona),
        conciliacion=conciliacion,
        importaciones=Corredor(bd, ajustes.directorio_datos / "importaciones", ajustes.zona_horaria),
        tareas=Tareas(bd, tareas),
    )
