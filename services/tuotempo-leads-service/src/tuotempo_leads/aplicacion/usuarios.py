"""Usuarios del panel. De la contraseña solo se guarda su argon2id."""

from __future__ import annotations

from typing import Literal, get_args

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError

from chasis.bd import BaseDeDatos
from chasis.errores import Conflicto, NoEncontrado, PeticionInvalida
from tuotempo_leads.aplicacion import contrasenas
from tuotempo_leads.aplicacion.accesos import Sesion
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.infraestructura import accesos
from tuotempo_leads.infraestructura.tablas import usuarios

Rol = Literal["agente", "supervisor", "admin"]
MAYOR_NOMBRE = 50  # caracteres


def crear(conexion: sa.Connection, nombre: str, clave: str, rol: Rol) -> int:
    """Da de alta un usuario y devuelve su id; `Conflicto` si el nombre ya existe."""
    nombre = nombre.strip()
    if not 0 < len(nombre) <= MAYOR_NOMBRE:
        raise PeticionInvalida(f"El nombre debe tener de 1 a {MAYOR_NOMBRE} caracteres", campo="username")
    contrasenas.exigir_valida(clave)
    momento = ahora()
    valores = {"username": nombre, "password_hash": contrasenas.cifrar(clave), "rol": rol}
    try:
        alta = conexion.execute(
            sa.insert(usuarios).values(**valores, creado_en=momento, actualizado_en=momento)
        )
    except IntegrityError:
        raise Conflicto(f"Ya existe el usuario {nombre}", campo="username") from None
    assert alta.inserted_primary_key is not None  # noqa: S101 — un alta con clave autonumérica siempre la devuelve
    return int(alta.inserted_primary_key[0])


def rol_de(texto: str) -> Rol:
    """El rol que dice un formulario; `PeticionInvalida` si no es uno."""
    for rol in get_args(Rol):
        if texto == rol:
            return rol  # type: ignore[no-any-return]
    raise PeticionInvalida("El rol debe ser agente, supervisor o admin", campo="rol")


def cambiar(bd: BaseDeDatos, usuario_id: int, *, sesion: Sesion, rol: Rol, activo: bool, clave: str) -> str:
    """Cambia un usuario y da su nombre; sin `clave`, conserva la suya.

    Si cambia de contraseña o de rol, o se le da de baja, se cierran sus sesiones, menos la de quien lo hace.
    """
    if clave:
        contrasenas.exigir_valida(clave)
    cifrada = contrasenas.cifrar(clave) if clave else None
    with bd.escritura() as conexion:
        administran = accesos.bloquear_admins(conexion)
        usuario = accesos.por_id(conexion, usuario_id)
        if usuario is None:
            raise NoEncontrado("Ese usuario ya no existe")
        if administran == [usuario_id] and (rol != "admin" or not activo):
            raise Conflicto("Es el único administrador que puede entrar: nombra antes a otro")
        nuevos = {"rol": rol, "activo": activo} | ({"password_hash": cifrada} if cifrada else {})
        accesos.cambiar(conexion, usuario_id, ahora(), **nuevos)
        if cifrada or not activo or rol != usuario.rol:
            accesos.cerrar_las_de(conexion, usuario_id, salvo=sesion.huella)
    structlog.get_logger().info(
        "usuario_cambiado", usuario_id=usuario_id, por=sesion.usuario_id, rol=rol, activo=activo
    )
    return str(usuario.username)


def cambiar_la_propia(bd: BaseDeDatos, sesion: Sesion, actual: str, nueva: str) -> None:
    """Cambia la contraseña de quien tiene `sesion`, que debe saber la que tenía, y cierra sus demás sesiones."""
    contrasenas.exigir_valida(nueva, "nueva")
    with bd.lectura() as conexion:
        usuario = accesos.por_id(conexion, sesion.usuario_id)
    if usuario is None or not contrasenas.acierta(usuario.password_hash, actual):
        raise PeticionInvalida("La contraseña actual no es esa", campo="actual")
    cifrada = contrasenas.cifrar(nueva)
    with bd.escritura() as conexion:
        accesos.cambiar(conexion, usuario.id, ahora(), password_hash=cifrada)
        accesos.cerrar_las_de(conexion, usuario.id, salvo=sesion.huella)
