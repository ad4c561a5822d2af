"""Un documento se lee de una mirada, y las órdenes que enseña se pueden copiar y pegar."""

import re
import subprocess

import pytest

from tests.pila import RAIZ

DE_LA_CASA = sorted((RAIZ / "docs").rglob("*.md"))
CON_ORDENES = [
    *DE_LA_CASA,
    RAIZ / "README.md",
    RAIZ / "contracts/README.md",
    RAIZ / "deploy/ci/README.md",
    RAIZ / "gateway/portal/README.md",
    *sorted((RAIZ / "services").glob("*/README.md")),
]


def nombre(documento):
    return str(documento.relative_to(RAIZ))


@pytest.mark.parametrize("documento", DE_LA_CASA, ids=nombre)
def test_cada_documento_cabe_en_una_pantalla(documento):
    assert len(documento.read_text("utf-8").splitlines()) <= 60


@pytest.mark.parametrize("documento", CON_ORDENES, ids=nombre)
def test_las_ordenes_de_consola_estan_bien_escritas(documento):
    bloques = re.findall(r"^```bash\n(.*?)^```", documento.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    for bloque in bloques:
        # `<evento>` es un hueco que rellena quien lee, y para la consola una redirección.
        orden = re.sub(r"<([\w -]+)>", r"\1", bloque)
        hecho = subprocess.run(["bash", "-n"], input=orden, capture_output=True, text=True, check=False)
        assert hecho.returncode == 0, hecho.stderr


@pytest.mark.parametrize("documento", sorted((RAIZ / "docs/runbooks").glob("*.md")), ids=nombre)
def test_lo_que_una_pagina_manda_buscar_en_los_registros_lo_escribe_alguien(documento):
    """Lo que va detrás de `grep`, y los sucesos entre comillas: nombres con guion bajo."""
    codigo = "".join(
        fichero.read_text("utf-8")
        for raiz in ("services", "gateway", "deploy")
        for fichero in (RAIZ / raiz).rglob("*.py")
    )
    ordenes = re.findall(r"grep .*", documento.read_text("utf-8"))
    citados = re.findall(r"`([a-z]+(?:_[a-z]+)+)`", documento.read_text("utf-8"))
    buscados = {suceso for orden in ordenes for suceso in re.findall(r"\b[a-z]+_[a-z_]+\b", orden)}
    for suceso in buscados | set(citados):
        assert suceso in codigo, suceso
