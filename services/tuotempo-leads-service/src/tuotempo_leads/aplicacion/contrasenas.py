"""Contraseñas con argon2id (t=2, 19 MiB, p=1: lo que recomienda OWASP), pocas a la vez: cada una ocupa su memoria."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chasis.errores import PeticionInvalida

MENOR, MAYOR = 12, 200  # caracteres
_ARGON2 = CIFRADOR = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_A_LA_VEZ = threading.Semaphore(2)


def exigir_valida(clave: str, campo: str = "password") -> None:
    if not MENOR <= len(clave) <= MAYOR:
        raise PeticionInvalida(f"La contraseña debe tener de {MENOR} a {MAYOR} caracteres", campo=campo)


def cifrar(clave: str) -> str:
    with _A_LA_VEZ:
        return _ARGON2.hash(clave)


def acierta(guardada: str | None, clave: str) -> bool:
    """Si `clave` es la de `guardada`; sin `guardada` tarda lo mismo, para no decir qué usuarios existen."""
    with _A_LA_VEZ:
        try:
            return _ARGON2.verify(guardada or _de_nadie(), clave[: MAYOR + 1]) and guardada is not None
        except (VerificationError, InvalidHashError):
            return False


def anticuada(guardada: str) -> bool:
    """Si se cifró con unos parámetros que ya no son los de ahora."""
    return _ARGON2.check_needs_rehash(guardada)


@cache
def _de_nadie() -> str:
    return _ARGON2.hash("la contraseña de nadie")
