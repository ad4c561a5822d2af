"""Pedir una importación, seguirla y cancelarla."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal
from urllib.parse import unquote, urlsplit

import orjson
from sqlalchemy import Connection

from chasis.errores import Conflicto, NoEncontrado
from chasis.eventos.sobre import uuid7
from tuotempo_leads.aplicacion.importacion.volcado import Modo
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.infraestructura import historial, importaciones
from tuotempo_leads.infraestructura.hojas import descarga
from tuotempo_leads.infraestructura.hojas.formato import (
    MAXIMO_DEL_FICHERO,
    FicheroInvalido,
    reconocer,
)

_TROZO = 1 << 20
MAYOR_NOMBRE, _MAYOR_EXTENSION = 255, 10  # caracteres
CONTADOS = ("creadas", "actualizadas", "sin_cambios", "omitidas", "erroneas", "eliminadas")


@dataclass(frozen=True)
class Encargo:
    """Cómo importar: `modo`, si solo se simula, de dónde viene (fichero, url o consola) y quién lo pide.

    `campos` es el JSON de las columnas elegidas a mano, si las hay; `lista` y `motivo` son los de una exclusión.
    """

    modo: Modo | Literal["excluir"] = "reemplazar"
    simular: bool = False
    origen: str = "fichero"
    usuario_id: int | None = None
    campos: str | None = None
    lista: str | None = None
    motivo: str | None = None


def guardar_fichero(flujo: IO[bytes], nombre: str, carpeta: Path) -> dict[str, Any]:
    """Guarda en `carpeta` lo que llega y lo reconoce; lanza `FicheroInvalido` si de entrada no vale."""
    carpeta.mkdir(parents=True, exist_ok=True)
    archivo, ruta = nombre_limpio(nombre), carpeta / f"recibido-{uuid7()}"
    huella, octetos = hashlib.sha256(), 0
    try:
        with ruta.open("xb") as fichero:
            while octetos <= MAXIMO_DEL_FICHERO and (trozo := flujo.read(_TROZO)):
                octetos += len(trozo)
                huella.update(trozo)
                fichero.write(trozo)
        reconocer(ruta, archivo)
    except BaseException:
        ruta.unlink(missing_ok=True)
        raise
    return {"archivo": archivo, "ruta": str(ruta.resolve()), "sha256": huella.hexdigest(), "octetos": octetos}


def origen_de(direccion: str, carpeta: Path, *, con_ficheros: bool) -> dict[str, Any]:
    """De dónde importar: una dirección `https` o, si se admite, un fichero de este equipo (su ruta o `file:`).

    Lanza `FicheroInvalido` si no es ninguna de las dos cosas, o si el fichero de entrada no vale.
    """
    ruta = Path(unquote(urlsplit(direccion).path) if direccion.startswith("file:") else direccion)
    if con_ficheros and direccion and not re.match(r"https?:", direccion):
        try:
            with ruta.open("rb") as flujo:
                return guardar_fichero(flujo, ruta.name, carpeta)
        except OSError as fallo:
            raise FicheroInvalido(f"No se puede leer «{ruta.name}»: {fallo.strerror}.") from None
    descarga.comprobar(direccion)
    return {"url": direccion, "archivo": nombre_limpio(descarga.nombre_de(direccion))}


def encargar(conexion: Connection, origen: Mapping[str, Any], encargo: Encargo) -> str:
    """Deja en espera un fichero ya guardado (`guardar_fichero`) o una dirección y da el id de la importación.

    `origen` son sus columnas: `archivo` y, según el caso, `ruta`, `sha256` y `octetos`, o `url`.
    """
    nueva = uuid7()
    fila = {
        "id": nueva,
        "modo": encargo.modo,
        "simular": encargo.simular,
        "origen": encargo.origen,
        "usuario_id": encargo.usuario_id,
        "correspondencia": encargo.campos,
        "lista": encargo.lista,
        "motivo": encargo.motivo,
        "creada_en": ahora(),
    }
    importaciones.crear(conexion, {**fila, **origen})
    return nueva


def anotar_rechazo(conexion: Connection, nombre: str, motivo: str, usuario_id: int | None) -> None:
    """Deja en el historial un fichero que ni siquiera llegó a encargarse."""
    historial.anotar(
        conexion,
        archivo=nombre_limpio(nombre),
        registros=0,
        resultado="error",
        mensaje=motivo,
        fecha=ahora(),
        usuario_id=usuario_id,
    )


def obtener(conexion: Connection, importacion_id: str) -> dict[str, Any]:
    trabajo = importaciones.obtener(conexion, importacion_id)
    if trabajo is None:
        raise NoEncontrado(f"No existe la importación {importacion_id[:36]}")
    return trabajo


def cancelar(conexion: Connection, importacion_id: str) -> dict[str, Any]:
    """Pide que se cancele; la que aún espera queda cancelada en cuanto le toca. Una ya cerrada es un conflicto."""
    trabajo = obtener(conexion, importacion_id)
    if trabajo["estado"] == importaciones.CANCELADA:
        return trabajo
    if trabajo["estado"] not in importaciones.ABIERTAS:
        raise Conflicto(f"La importación ya está {trabajo['estado']}: no se puede cancelar")
    importaciones.pedir_cancelacion(conexion, importacion_id)
    return {**trabajo, "cancelar": True}


def informe(trabajo: Mapping[str, Any]) -> dict[str, Any]:
    """Lo que se enseña de una importación; horas ISO 8601 en UTC, `segundos_restantes` estimados mientras se lee."""
    total, procesadas, ritmo = trabajo["total"], trabajo["procesadas"], trabajo["filas_por_segundo"]
    leyendo = trabajo["estado"] == importaciones.LEYENDO
    faltan = round((total - procesadas) / ritmo, 1) if leyendo and total and ritmo else None
    return {
        "id": trabajo["id"],
        "estado": trabajo["estado"],
        "modo": trabajo["modo"],
        "simular": trabajo["simular"],
        "archivo": trabajo["archivo"],
        "sha256": trabajo["sha256"],
        "total": total,
        "procesadas": procesadas,
        "porcentaje": round(100 * procesadas / total, 1) if total else 0.0,
        "filas_por_segundo": round(ritmo, 1) if ritmo else None,
        "segundos_restantes": faltan,
        **{nombre: trabajo[nombre] for nombre in CONTADOS},
        "cancelar": trabajo["cancelar"],
        "error": trabajo["error"],
        "avisos": orjson.loads(trabajo["avisos"]) if trabajo["avisos"] else {},
        **{nombre: _iso(trabajo[nombre]) for nombre in ("creada_en", "empezada_en", "terminada_en")},
    }


def nombre_limpio(nombre: str) -> str:
    """Solo el nombre, sin carpetas ni caracteres invisibles: un rótulo, nunca una ruta. Si no cabe, se recorta."""
    ultimo = re.split(r"[/\\]", nombre)[-1]
    limpio = "".join(c for c in ultimo if c.isprintable()).strip() or "sin nombre"
    extension = Path(limpio).suffix[-_MAYOR_EXTENSION:]
    return limpio if len(limpio) <= MAYOR_NOMBRE else limpio[: MAYOR_NOMBRE - len(extension)] + extension


def _iso(momento: datetime | None) -> str | None:
    return f"{momento.isoformat(timespec='milliseconds')}Z" if momento else None
