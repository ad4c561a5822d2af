"""Cómo se cuenta el estado a las personas; el navegador recibe estos mismos textos al refrescar."""

from __future__ import annotations

from portal.aplicacion.estado import Estado, Parte

ETIQUETAS = {"operativo": "Operativo", "con_problemas": "Con problemas", "caido": "Caído"}
DETALLES = {"operativo": "Listo para recibir tráfico", "con_problemas": "Falla: ", "caido": ""}


def detalle(estado: Estado) -> str:
    """Si está listo o, si no, por qué."""
    return DETALLES[estado.estado] + "; ".join(estado.motivos).replace("_", " ")


def resumen(parte: Parte) -> str:
    operativos = sum(estado.estado == "operativo" for estado in parte.servicios)
    return f"{operativos} de {len(parte.servicios)} servicios operativos"
