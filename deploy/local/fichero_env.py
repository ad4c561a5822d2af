"""El `.env` de la raíz, leído con cuidado: una línea mal escrita se dice; no se pasa por alto."""

from __future__ import annotations

import re
import sys
from difflib import get_close_matches
from pathlib import Path

from dotenv import load_dotenv
from dotenv.parser import parse_stream


def cargar(fichero: Path) -> None:
    """Pone sus variables en el entorno, sin pisar las que ya estén. Termina el proceso si no se entiende."""
    if not fichero.exists():
        return
    with fichero.open(encoding="utf-8") as texto:
        lineas = list(parse_stream(texto))
    for linea in lineas:
        if linea.error or (linea.key and linea.value is None):
            escrito = linea.original.string.strip().splitlines()[0]
            raise SystemExit(f"{fichero}, línea {linea.original.line}: «{escrito}» no es NOMBRE=valor.")
    load_dotenv(fichero)


def avisar_de_las_desconocidas(fichero: Path, ejemplo: Path) -> None:
    """Un nombre que casi es el de una variable de `.env.example` suele ser un error al escribirla."""
    if not fichero.exists():
        return
    conocidas = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", ejemplo.read_text("utf-8"), re.MULTILINE)
    for nombre in re.findall(r"^(?:export )?(\w+)=", fichero.read_text("utf-8"), re.MULTILINE):
        parecidas = get_close_matches(nombre, conocidas, n=1, cutoff=0.85)
        if nombre not in conocidas and parecidas:
            print(f"Aviso: {fichero.name} pone {nombre}, ¿querías decir {parecidas[0]}?", file=sys.stderr)
