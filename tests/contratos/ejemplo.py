"""Un servicio inventado que acepta un comando: hoy ninguno de los de verdad lo hace."""

from dataclasses import dataclass

from chasis.eventos import Manejador
from contracts.servicios import Servicio


@dataclass(frozen=True)
class AltaDePrueba:
    nombre: str
    telefono: str | None = None


def dar_de_alta(conexion, datos, evento) -> None:
    """Nadie lo llama: solo cuenta lo que recibe."""


CON_COMANDOS = Servicio(
    "altas", "altas", consumidores=lambda: [Manejador("comandos-prueba", AltaDePrueba, dar_de_alta)]
)
