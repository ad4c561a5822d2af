"""Usuarios del panel. De la contraseña solo se guarda su argon2id (t=2, 19 MiB, p=1: lo que recomienda OWASP)."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.exc import IntegrityError

from chasis.errores import Conflicto, PeticionInvalida
from tuotempo_leads.aplicacion.resultados import ahora
from tuotempo_leads.infraestructura.tablas import usuarios

Rol = Literal["agente", "supervisor", "admin"]
MENOR_CLAVE, MAYOR_CLAVE, MAYOR_NOMBRE = 12, 200, 50  # caracteres
_ARGON2 = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def crear(conexion: sa.Connection, nombre: str, clave: str, rol: Rol) -> int:
    """Da de alta un usuario y devuelve su id; `Conflicto` si el nombre ya existe."""
    nombre = nombre.strip()
    if not 0 < len(nombre) <= MAYOR_NOMBRE:
        raise PeticionInvalida(f"El nombre debe tener de 1 a {MAYOR_NOMBRE} caracteres", campo="username")
    if not MENOR_CLAVE <= len(clave) <= MAYOR_CLAVE:
        texto = f"La contraseña debe tener de {MENOR_CLAVE} a {MAYOR_CLAVE} caracteres"
        raise PeticionInvalida(texto, campo="password")
    momento = ahora()
    valores = {"username": nombre, "password_hash": _ARGON2.hash(clave), "rol": rol}
    try:
        alta = conexion.execute(
            sa.insert(usuarios).values(**valores, creado_en=momento, actualizado_en=momento)
        )
    except IntegrityError:
        raise Conflicto(f"Ya existe el usuario {nombre}", campo="username") from None
    assert alta.inserted_primary_key is not None  # noqa: S101 — un alta con clave autonumérica siempre la devuelve
    return int(alta.inserted_primary_key[0])
