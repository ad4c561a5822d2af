"""Tras cambiar `PARTNERS_CLAVE_CIFRADO` a `nueva,vieja`: `python -m partners.recifrar` deja todo con la nueva."""

from __future__ import annotations

from partners.arranque import montar_eventos
from partners.config import Ajustes
from partners.modulos.partners.infraestructura.cifrado import Cifrador
from partners.modulos.partners.infraestructura.repositorios import recifrar

if __name__ == "__main__":
    ajustes = Ajustes.cargar()
    bd = montar_eventos(ajustes).bd
    with bd.escritura() as conexion:
        cuantas = recifrar(conexion, Cifrador(ajustes.claves))
    print(f"{cuantas} configuraciones cifradas con la primera clave.")  # noqa: T201
