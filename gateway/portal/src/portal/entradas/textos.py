"""Cómo se cuenta el estado a las personas; el navegador recibe estos mismos textos al refrescar."""

from __future__ import annotations

from portal.aplicacion.estado import Estado, Parte
from portal.aplicacion.retraso import RETRASO_ADMISIBLE

ETIQUETAS = {"operativo": "Operativo", "con_problemas": "Con problemas", "caido": "Caído"}
DETALLES = {"operativo": "Listo para recibir tráfico", "con_problemas": "Falla: ", "caido": ""}
EVENTOS = {
    "pendientes": ("evento por publicar", "eventos por publicar"),
    "en_espera": ("evento espera otro intento", "eventos esperan otro intento"),
    "muertos": ("evento muerto", "eventos muertos"),
}


def detalle(estado: Estado) -> str:
    """Si está listo o, si no, por qué."""
    return DETALLES[estado.estado] + "; ".join(estado.motivos).replace("_", " ")


def resumen(parte: Parte) -> str:
    operativos = sum(estado.estado == "operativo" for estado in parte.servicios)
    return f"{operativos} de {len(parte.servicios)} servicios operativos"


def eventos(estado: Estado) -> str:
    """Los eventos que no han llegado a su destino; nada si no falta ninguno."""
    if not estado.eventos:
        return ""
    cuentas = {dato: getattr(estado.eventos, dato) for dato in EVENTOS}
    partes = [f"{n} {EVENTOS[dato][n != 1]}" for dato, n in cuentas.items() if n]
    if estado.eventos.mas_antiguo_s > RETRASO_ADMISIBLE:
        partes.insert(1, f"el más antiguo, de hace {int(estado.eventos.mas_antiguo_s // 60)}\u00a0min")
    return " · ".join(partes)
