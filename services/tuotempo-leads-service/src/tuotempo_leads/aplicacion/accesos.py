"""Entrar en el panel y salir de él.

Una sesión es un testigo al azar que solo tiene el navegador; aquí se guarda su SHA-256, así que se puede revocar y
leer la tabla no sirve para entrar. Cada intento se cuenta antes de mirar la contraseña: muchos a la vez no valen más.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from chasis.bd import BaseDeDatos
from tuotempo_leads.aplicacion import contrasenas
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.infraestructura import accesos
from tuotempo_leads.infraestructura.interbloqueos import en_escritura

DURACION = timedelta(hours=12)  # una jornada
OCIOSA = timedelta(hours=2)  # sin usarla, se cierra antes
BLOQUEO = timedelta(minutes=15)
FALLOS_DE_CUENTA = 5
FALLOS_DE_DIRECCION = 50  # detrás de una misma dirección hay toda una oficina
_ANOTAR_USO = timedelta(minutes=1)


@dataclass(frozen=True)
class Sesion:
    """Quién está usando el panel. `huella` identifica su sesión sin servir para entrar."""

    usuario_id: int
    nombre: str
    rol: str
    huella: str
    csrf_hash: str


@dataclass(frozen=True)
class Visita:
    """Desde dónde se entra: dirección IP y lo que el navegador dice ser."""

    direccion: str
    navegador: str


class Bloqueado(Exception):
    """Demasiados intentos; `hasta` es UTC sin zona."""

    def __init__(self, hasta: datetime) -> None:
        super().__init__()
        self.hasta = hasta


def huella(testigo: str) -> str:
    return hashlib.sha256(testigo.encode()).hexdigest()


def entrar(bd: BaseDeDatos, nombre: str, clave: str, visita: Visita, csrf: str) -> str | None:
    """Abre una sesión y da su testigo; `None` si el usuario o la contraseña no valen. Lanza `Bloqueado`."""
    nombre = nombre.strip()
    claves = (f"usuario:{nombre[:100]}", f"direccion:{visita.direccion[:100]}")
    usuario = _contar_intento(bd, nombre, claves)
    acierta = contrasenas.acierta(usuario.password_hash if usuario else None, clave)
    if usuario is None or not acierta or not usuario.activo:
        structlog.get_logger().warning("acceso_fallido", direccion=visita.direccion)
        return None
    nueva = contrasenas.cifrar(clave) if contrasenas.anticuada(usuario.password_hash) else None
    testigo, momento = secrets.token_urlsafe(32), ahora()
    with bd.escritura() as conexion:
        # Comprobar la contraseña tarda: mientras, se la pudieron cambiar o darle de baja.
        if not accesos.sigue_valiendo(conexion, usuario.id, usuario.password_hash):
            return None
        accesos.olvidar_intentos(conexion, claves[0], momento, BLOQUEO)
        accesos.restar_intento(conexion, claves[1])
        if nueva:
            accesos.cambiar(conexion, usuario.id, momento, password_hash=nueva)
        accesos.abrir(conexion, _sesion(usuario.id, testigo, csrf, visita, momento))
    structlog.get_logger().info("acceso", usuario_id=usuario.id)
    return testigo


def _sesion(usuario_id: int, testigo: str, csrf: str, visita: Visita, momento: datetime) -> dict[str, Any]:
    return {
        "token_hash": huella(testigo),
        "usuario_id": usuario_id,
        "csrf_hash": huella(csrf),
        "creada_en": momento,
        "usada_en": momento,
        "vence_en": momento + DURACION,
        "direccion": visita.direccion[:64],
        "navegador": visita.navegador[:255],
    }


def _contar_intento(bd: BaseDeDatos, nombre: str, claves: tuple[str, str]) -> Any | None:
    momento = ahora()

    def contar(conexion: Connection) -> Any | None:
        if cerrado := accesos.bloqueado_hasta(conexion, claves, momento):
            raise Bloqueado(cerrado)
        for clave, tope in zip(claves, (FALLOS_DE_CUENTA, FALLOS_DE_DIRECCION), strict=True):
            van = accesos.sumar_intento(conexion, clave, momento, BLOQUEO)
            # Contar espera el turno de la fila: mientras, otro intento pudo cerrar la puerta.
            if cerrado := accesos.bloqueado_hasta(conexion, (clave,), momento):
                raise Bloqueado(cerrado)
            if van >= tope:
                accesos.bloquear(conexion, clave, momento + BLOQUEO)
                structlog.get_logger().warning("acceso_bloqueado", de=clave.partition(":")[0])
        return accesos.por_nombre(conexion, nombre)

    return en_escritura(bd, contar)


def reconocer(bd: BaseDeDatos, testigo: str) -> Sesion | None:
    """La sesión de un testigo, si sigue abierta; anota que se usa, como mucho una vez por minuto."""
    momento = ahora()
    with bd.lectura() as conexion:
        fila = accesos.usuario_de(conexion, huella(testigo), momento, OCIOSA)
    if fila is None:
        return None
    if momento - fila.usada_en > _ANOTAR_USO:
        with bd.escritura() as conexion:
            accesos.usar(conexion, fila.token_hash, momento)
    return Sesion(fila.id, fila.username, fila.rol, fila.token_hash, fila.csrf_hash)
