"""Una fila de la hoja: o todos sus valores listos para guardar, o la lista de lo que hay que corregir."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tuotempo_leads.dominio import celdas
from tuotempo_leads.dominio.cabeceras import COLUMNA, Columna, Encabezado
from tuotempo_leads.dominio.celdas import FilaRechazada
from tuotempo_leads.dominio.telefonos import normalizar

_UTC = ZoneInfo("UTC")
_MAXIMO_DE_VALOR = 200  # caracteres que se enseñan de un valor rechazado
_LECTORES: Mapping[str, Callable[[object], Any]] = {
    "texto": celdas.texto,
    "telefono": celdas.telefono,
    "cp": celdas.codigo_postal,
    "fecha": celdas.fecha,
    "booleano": celdas.booleano,
    "entero": celdas.entero,
    "estado": celdas.estado,
    "resultado": celdas.resultado,
}


@dataclass(frozen=True)
class Fallo:
    """Por qué no vale una celda: su columna (como se llama en la hoja), lo que había y el motivo."""

    columna: str
    valor: str
    motivo: str


def leer_fila(
    encabezado: Encabezado, fila: Sequence[object], zona: ZoneInfo
) -> tuple[list[Any], list[Fallo]]:
    """Los valores, en el orden de `encabezado.columnas`, y los fallos; con algún fallo la fila no se importa.

    `zona` es la de las horas que la hoja dice sin zona.
    """
    valores: list[Any] = []
    fallos: list[Fallo] = []
    for posicion, columna in encabezado.columnas:
        crudo = celdas.sin_apostrofo(fila[posicion]) if posicion < len(fila) else None
        try:
            valores.append(leer_celda(columna, crudo, zona))
        except FilaRechazada as motivo:
            valores.append(None)
            fallos.append(
                Fallo(encabezado.titulos[posicion], celdas.como_texto(crudo)[:_MAXIMO_DE_VALOR], str(motivo))
            )
    return valores, fallos


def leer_celda(columna: Columna, crudo: object, zona: ZoneInfo = _UTC) -> Any:
    """El valor que se guarda en `columna`, o `FilaRechazada`."""
    valor: Any = None
    if columna.tipo == "momento":
        valor = celdas.momento(crudo, zona)
    elif crudo is not None and crudo != "":
        valor = _LECTORES[columna.tipo](crudo)
    if valor is None:
        if columna.nombre == "telefono":
            raise FilaRechazada("falta el teléfono")
        return None
    if columna.tipo == "entero":
        if valor > columna.maximo:
            raise FilaRechazada(f"debe ser como máximo {columna.maximo}")
    elif columna.maximo and isinstance(valor, str) and len(valor) > columna.maximo:
        raise FilaRechazada(f"admite como máximo {columna.maximo} caracteres y tiene {len(valor)}")
    return valor


def completar(lead: dict[str, Any]) -> dict[str, Any]:
    """Añade lo que se deduce: el código postal de la dirección, si la hoja no lo trae, y los normalizados."""
    hallado = celdas.codigo_postal_en(lead.get("direccion_clinica"))
    if hallado and "codigo_postal" not in lead:
        lead["codigo_postal"] = hallado
    for columna in ("telefono", "telefono2"):
        if columna in lead:
            lead[f"{columna}_norm"] = normalizar(lead[columna] or "")
    return lead


def cambios(lead: Mapping[str, Any], guardado: Mapping[str, Any], *, vaciar: bool) -> dict[str, Any]:
    """Qué cambiaría en un lead guardado; lo que difiere solo en la forma (espacios, prefijos, ceros) no es un cambio.

    Con `vaciar`, una celda vacía borra lo que hubiera; si no, se respeta.
    """
    nuevos: dict[str, Any] = {}
    for nombre, valor in lead.items():
        columna = COLUMNA.get(nombre)
        if columna is None or columna.solo_al_crear or (valor is None and not vaciar):
            continue
        if guardado[nombre] != valor and _leer_guardado(columna, guardado[nombre]) != valor:
            nuevos[nombre] = valor
            if columna.tipo == "telefono":
                nuevos[f"{nombre}_norm"] = lead[f"{nombre}_norm"]
    return nuevos


def _leer_guardado(columna: Columna, valor: object) -> Any:
    try:
        return leer_celda(columna, valor)
    except FilaRechazada:
        return valor


def identidad(lead: Mapping[str, Any]) -> str:
    """Quién es, entre los que comparten un teléfono: su NIF o, si no consta, su nombre."""
    return (
        str(lead.get("nif") or f"{lead.get('nombre') or ''} {lead.get('apellidos') or ''}").strip().casefold()
    )
