"""Quien pide cita y la cita que consigue."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tuotempo_simulado.dominio.errores import Excepcion
from tuotempo_simulado.dominio.huecos import Hueco

_NUEVE_CIFRAS = 9


@dataclass(frozen=True)
class Usuario:
    """`ocasional`: dado de alta para una cita, sin cuenta; solo estos reciben una `sesion`."""

    id: str
    nombre: str
    apellidos: str
    nacimiento: str
    telefono: str
    ocasional: bool
    sesion: str


@dataclass(frozen=True)
class Reserva:
    id: str
    usuario: Usuario
    hueco: Hueco
    telefono_de_contacto: str


def telefono(texto: str) -> str:
    """`+34` y las nueve últimas cifras."""
    cifras = re.sub(r"\D", "", texto)[-_NUEVE_CIFRAS:]
    if len(cifras) < _NUEVE_CIFRAS:
        raise Excepcion("", "El campo 'phone' debe ser un teléfono de nueve cifras")
    return "+34" + cifras
