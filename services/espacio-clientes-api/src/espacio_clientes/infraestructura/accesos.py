"""Usuarios, intentos de entrada, tokens revocados y la pista de auditoría."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from espacio_clientes.dominio.libro import Autoria
from espacio_clientes.infraestructura.tablas import auditoria, intentos_fallidos, tokens_revocados, usuarios

Rol = Literal["cliente", "operador"]

_CLAVE = sa.select(usuarios.c.clave).where(usuarios.c.usuario == sa.bindparam("usuario"))
_NUEVA_CLAVE = (
    sa.update(usuarios).where(usuarios.c.usuario == sa.bindparam("quien")).values(clave=sa.bindparam("nueva"))
)
# Quién es y si su token sigue valiendo, de una vez: se pregunta en cada petición.
_QUIEN = (
    sa.select(usuarios.c.usuario, usuarios.c.rol, usuarios.c.documento, tokens_revocados.c.jti)
    .select_from(usuarios.outerjoin(tokens_revocados, tokens_revocados.c.jti == sa.bindparam("jti")))
    .where(usuarios.c.usuario == sa.bindparam("usuario"))
)
_REVOCAR = sa.insert(tokens_revocados)
_INTENTO = sa.insert(intentos_fallidos)
_FALLOS = sa.select(sa.func.count(), sa.func.min(intentos_fallidos.c.momento)).where(
    intentos_fallidos.c.usuario == sa.bindparam("usuario"),
    intentos_fallidos.c.momento > sa.bindparam("desde"),
)
_PERDONAR = sa.delete(intentos_fallidos).where(intentos_fallidos.c.usuario == sa.bindparam("usuario"))
_ANOTAR = sa.insert(auditoria)
_OLVIDAR_TOKENS = sa.delete(tokens_revocados).where(tokens_revocados.c.caduca_en < sa.bindparam("momento"))
_OLVIDAR_INTENTOS = sa.delete(intentos_fallidos).where(intentos_fallidos.c.momento < sa.bindparam("momento"))


@dataclass(frozen=True)
class Quien:
    """Quien hace la petición: un cliente ve lo de su documento; un operador, lo de todos."""

    usuario: str
    rol: Rol
    documento: str | None

    @property
    def es_operador(self) -> bool:
        return self.rol == "operador"


def clave_de(conexion: sa.Connection, usuario: str) -> str | None:
    """La clave guardada (argon2) de un usuario."""
    return conexion.execute(_CLAVE, {"usuario": usuario}).scalar_one_or_none()


def cambiar_clave(conexion: sa.Connection, usuario: str, clave: str) -> None:
    conexion.execute(_NUEVA_CLAVE, {"quien": usuario, "nueva": clave})


def quien(conexion: sa.Connection, usuario: str, jti: str) -> Quien | None:
    """El usuario de un token, o `None` si ya no existe o el token se revocó."""
    fila = conexion.execute(_QUIEN, {"usuario": usuario, "jti": jti}).one_or_none()
    return Quien(fila.usuario, fila.rol, fila.documento) if fila and fila.jti is None else None


def revocar(conexion: sa.Connection, jti: str, caduca_en: datetime) -> None:
    """Anota que un token no vale; `IntegrityError` si otra transacción lo acaba de anotar."""
    conexion.execute(_REVOCAR, {"jti": jti, "caduca_en": caduca_en})


def fallos(conexion: sa.Connection, usuario: str, desde: datetime) -> tuple[int, datetime | None]:
    """Cuántas veces falló un usuario desde un momento, y la primera de ellas."""
    cuantos, primero = conexion.execute(_FALLOS, {"usuario": usuario, "desde": desde}).one()
    return cuantos, primero


def anotar_fallo(conexion: sa.Connection, usuario: str, momento: datetime) -> None:
    conexion.execute(_INTENTO, {"usuario": usuario, "momento": momento})


def perdonar(conexion: sa.Connection, usuario: str) -> None:
    conexion.execute(_PERDONAR, {"usuario": usuario})


def auditar(conexion: sa.Connection, autoria: Autoria, accion: str, detalle: str | None = None) -> None:
    """Deja constancia de algo que no se borra; `detalle` no lleva datos personales enteros."""
    conexion.execute(_ANOTAR, {**vars(autoria), "accion": accion, "detalle": detalle})


def olvidar(conexion: sa.Connection, tokens_hasta: datetime, intentos_hasta: datetime) -> None:
    """Borra lo que ya no decide nada: revocaciones de tokens caducados e intentos viejos."""
    conexion.execute(_OLVIDAR_TOKENS, {"momento": tokens_hasta})
    conexion.execute(_OLVIDAR_INTENTOS, {"momento": intentos_hasta})
