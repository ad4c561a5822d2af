"""La clave de cifrado de quien desarrolla: se crea una vez y queda junto a sus datos."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.fernet import Fernet


def clave_de_esta_maquina(carpeta: Path) -> str:
    """La clave de `carpeta/partners.clave`; si no existe, una nueva que solo puede leer su dueño."""
    destino = carpeta / "partners.clave"
    if not destino.exists():
        carpeta.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("wb", dir=carpeta) as nueva:
            nueva.write(Fernet.generate_key())
            nueva.flush()
            # Un enlace no pisa al que ya esté: si dos procesos llegan a la vez, se quedan con la misma clave.
            with suppress(FileExistsError):
                os.link(nueva.name, destino)
    return destino.read_text("ascii")
