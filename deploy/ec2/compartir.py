"""Lo que una versión tiene igual que otra ocupa disco una sola vez: enlaces duros de lo idéntico, que nadie modifica.

Solo lo grande (Traefik, bibliotecas compiladas): es casi todo lo que ocupa y son pocos ficheros que comparar.

Uso: compartir.py CARPETA_DE_LA_OTRA CARPETA.
"""

import filecmp
import sys
from pathlib import Path

DESDE = 100_000  # bytes

otra, esta = map(Path, sys.argv[1:])
for fichero in esta.rglob("*"):
    igual = otra / fichero.relative_to(esta)
    if fichero.is_symlink() or not fichero.is_file() or fichero.stat().st_size < DESDE:
        continue
    if igual.is_file() and filecmp.cmp(fichero, igual, shallow=False):
        fichero.unlink()
        fichero.hardlink_to(igual)
