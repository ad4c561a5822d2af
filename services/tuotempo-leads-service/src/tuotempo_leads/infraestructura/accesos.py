"""Consultas de usuarios, de sus sesiones y de los intentos de entrar. Las horas son UTC sin zona."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.infraestructura.altas import cambiar_o_crear
from tuotempo_leads.infraestructura.tablas import intentos_de_acceso as intentos, sesiones, usuarios

MAXIMO_DE_USUARIOS = 500  # los que enseña la página: un call center no tiene más
_DE_LA_SESION = (
    sa.select(
        *(usuarios.c.id, usuarios.c.username, usuarios.c.rol),
        *(sesiones.c.token_hash, sesiones.c.csrf_hash, sesiones.c.usada_en),
    )
    .join(usuarios, usuarios.c.id == sesiones.c.usuario_id)
    .where(
        sesiones.c.token_hash == sa.bindparam("huella"),
        sesiones.c.vence_en > sa.bindparam("ahora"),
        sesiones.c.usada_en > sa.bindparam("activa_desde"),
        usuarios.c.activo.is_(sa.true()),
    )
)


def usuario_de(conexion: sa.Connection, huella: str, ahora: datetime, ociosa: timedelta) -> Any | None:
    """Usuario y sesión de una huella, si la sesión sigue viva y el usuario activo."""
    valores = {"huella": huella, "ahora": ahora, "activa_desde": ahora - ociosa}
    return conexion.execute(_DE_LA_SESION, valores).one_or_none()


def por_nombre(conexion: sa.Connection, nombre: str) -> Any | None:
    return conexion.execute(sa.select(usuarios).where(usuarios.c.username == nombre)).one_or_none()


def por_id(conexion: sa.Connection, usuario_id: int) -> Any | None:
    return conexion.execute(sa.select(usuarios).where(usuarios.c.id == usuario_id)).one_or_none()


def sigue_valiendo(conexion: sa.Connection, usuario_id: int, password_hash: str) -> bool:
    """Si el usuario está activo y conserva esa contraseña; queda bloqueado hasta que acabe la transacción."""
    suyo = (usuarios.c.id == usuario_id, usuarios.c.password_hash == password_hash)
    consulta = sa.select(usuarios.c.id).where(*suyo, usuarios.c.activo.is_(sa.true()))
    return conexion.execute(consulta.with_for_update()).first() is not None


def todos(conexion: sa.Connection) -> list[Any]:
    consulta = sa.select(usuarios).order_by(usuarios.c.username).limit(MAXIMO_DE_USUARIOS)
    return list(conexion.execute(consulta).all())


def hay_alguno(conexion: sa.Connection) -> bool:
    return conexion.execute(sa.select(usuarios.c.id).limit(1)).first() is not None


def bloquear_admins(conexion: sa.Connection) -> list[int]:
    """Ids de los administradores activos, bloqueados: dos bajas a la vez no dejan el panel sin ninguno."""
    consulta = sa.select(usuarios.c.id).where(usuarios.c.rol == "admin", usuarios.c.activo.is_(sa.true()))
    return list(conexion.execute(consulta.with_for_update()).scalars())


def cambiar(conexion: sa.Connection, usuario_id: int, ahora: datetime, **valores: Any) -> None:
    orden = sa.update(usuarios).where(usuarios.c.id == usuario_id)
    conexion.execute(orden.values(actualizado_en=ahora, **valores))


def abrir(conexion: sa.Connection, valores: dict[str, Any]) -> None:
    """Guarda una sesión y olvida las vencidas."""
    conexion.execute(sa.delete(sesiones).where(sesiones.c.vence_en <= valores["creada_en"]))
    conexion.execute(sa.insert(sesiones), valores)


def usar(conexion: sa.Connection, huella: str, ahora: datetime) -> None:
    conexion.execute(sa.update(sesiones).where(sesiones.c.token_hash == huella).values(usada_en=ahora))


def cerrar(conexion: sa.Connection, huella: str) -> None:
    conexion.execute(sa.delete(sesiones).where(sesiones.c.token_hash == huella))


def cerrar_las_de(conexion: sa.Connection, usuario_id: int, salvo: str = "") -> int:
    """Cierra las sesiones de un usuario, menos la de huella `salvo`, y dice cuántas eran."""
    orden = sa.delete(sesiones).where(sesiones.c.usuario_id == usuario_id, sesiones.c.token_hash != salvo)
    return conexion.execute(orden).rowcount


def sesiones_de(conexion: sa.Connection, usuario_id: int, ahora: datetime) -> list[Any]:
    suyas = sa.select(sesiones).where(sesiones.c.usuario_id == usuario_id, sesiones.c.vence_en > ahora)
    return list(conexion.execute(suyas.order_by(sesiones.c.usada_en.desc()).limit(100)).all())


def sumar_intento(conexion: sa.Connection, clave: str, ahora: datetime, ventana: timedelta) -> int:
    """Cuenta un intento más de `clave` y dice cuántos van; los de hace más de `ventana` no cuentan."""
    fila = intentos.c.clave == clave
    viejo = intentos.c.ultimo < ahora - ventana
    sumar = (
        sa.update(intentos)
        .where(fila)
        .values(fallos=sa.case((viejo, 1), else_=intentos.c.fallos + 1), ultimo=ahora)
    )
    cambiar_o_crear(conexion, sumar, sa.insert(intentos).values(clave=clave, fallos=1, ultimo=ahora))
    return int(conexion.execute(sa.select(intentos.c.fallos).where(fila)).scalar_one())


def restar_intento(conexion: sa.Connection, clave: str) -> None:
    """Un acceso bueno no cuenta contra la dirección de la que vino."""
    propia = sa.and_(intentos.c.clave == clave, intentos.c.fallos > 0)
    conexion.execute(sa.update(intentos).where(propia).values(fallos=intentos.c.fallos - 1))


def bloqueado_hasta(conexion: sa.Connection, claves: tuple[str, ...], ahora: datetime) -> datetime | None:
    """Hasta cuándo está cerrada la puerta para alguna de `claves`, si lo está."""
    consulta = sa.select(sa.func.max(intentos.c.bloqueado_hasta)).where(
        intentos.c.clave.in_(claves), intentos.c.bloqueado_hasta > ahora
    )
    hasta: datetime | None = conexion.execute(consulta).scalar()
    return hasta


def bloquear(conexion: sa.Connection, clave: str, hasta: datetime) -> None:
    conexion.execute(
        sa.update(intentos).where(intentos.c.clave == clave).values(bloqueado_hasta=hasta, fallos=0)
    )


def olvidar_intentos(conexion: sa.Connection, clave: str, ahora: datetime, ventana: timedelta) -> None:
    """Quita los de `clave` y los que ya no cuentan para nadie."""
    pasados = sa.and_(
        intentos.c.ultimo < ahora - ventana, sa.func.coalesce(intentos.c.bloqueado_hasta, ahora) <= ahora
    )
    conexion.execute(sa.delete(intentos).where(sa.or_(intentos.c.clave == clave, pasados)))
