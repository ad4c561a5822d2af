"""Entrar, seguir dentro y salir. El mismo trabajo y el mismo texto se equivoque uno en el usuario o en la clave."""

from __future__ import annotations

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from chasis.bd import BaseDeDatos
from chasis.errores import ErrorDeServicio
from espacio_clientes.aplicacion.reloj import ahora, autoria
from espacio_clientes.infraestructura import accesos

FALLOS_ADMITIDOS, VENTANA = 5, timedelta(minutes=15)
# Lo que recomienda OWASP: 19 MiB y dos pasadas; los valores de la biblioteca gastan cinco veces más por entrada.
ARGON2 = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Contra esta se compara cuando el usuario no existe, para que cueste lo mismo.
_DE_NADIE = ARGON2.hash("ninguna")


class NoAutenticado(ErrorDeServicio):
    estado = 401
    codigo = "NO_AUTENTICADO"

    def __init__(self, texto: str) -> None:
        super().__init__(texto, cabeceras={"WWW-Authenticate": "Bearer"})


class DemasiadosIntentos(ErrorDeServicio):
    estado = 429
    codigo = "DEMASIADOS_INTENTOS"


class Prohibido(ErrorDeServicio):
    """Se pidió algo de otro; quien responde lo audita con `accion` y `detalle` (sin datos personales enteros)."""

    estado = 403
    codigo = "PROHIBIDO"

    def __init__(self, texto: str, *, actor: str, accion: str, detalle: str) -> None:
        super().__init__(texto)
        self.actor, self.accion, self.detalle = actor, accion, detalle


def entrar(bd: BaseDeDatos, usuario: str, clave: str) -> None:
    """Comprueba usuario y clave; lanza 401 o, tras cinco fallos en un cuarto de hora, 429.

    Ninguna conexión espera mientras se calcula argon2.
    """
    with bd.lectura() as conexion:
        _exigir_que_no_este_bloqueado(conexion, usuario)
        guardada = accesos.clave_de(conexion, usuario)
    acierta = _coincide(guardada or _DE_NADIE, clave)
    if guardada is None or not acierta:
        _anotar_fallo(bd, usuario)
        raise NoAutenticado("Usuario o contraseña incorrectos")
    nueva = ARGON2.hash(clave) if ARGON2.check_needs_rehash(guardada) else None
    with bd.escritura() as conexion:
        accesos.perdonar(conexion, usuario)
        accesos.auditar(conexion, autoria(usuario), "entrada")
        if nueva:
            accesos.cambiar_clave(conexion, usuario, nueva)


def _coincide(guardada: str, clave: str) -> bool:
    try:
        return ARGON2.verify(guardada, clave)
    except (VerificationError, InvalidHashError):
        return False


def _exigir_que_no_este_bloqueado(conexion: Connection, usuario: str) -> None:
    cuantos, primero = accesos.fallos(conexion, usuario, ahora() - VENTANA)
    if cuantos >= FALLOS_ADMITIDOS and primero is not None:
        espera = max(1, int((primero + VENTANA - ahora()).total_seconds()))
        raise DemasiadosIntentos(
            "Demasiados intentos fallidos; espere e inténtelo de nuevo",
            cabeceras={"Retry-After": str(espera)},
        )


def _anotar_fallo(bd: BaseDeDatos, usuario: str) -> None:
    with bd.escritura() as conexion:
        accesos.anotar_fallo(conexion, usuario, ahora())
        accesos.auditar(conexion, autoria(usuario), "entrada_fallida")
