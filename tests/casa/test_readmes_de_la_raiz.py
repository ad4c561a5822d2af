"""README.md y README.en.md dicen lo mismo. Sus órdenes las ejecuta tests/arranques/test_inicio_rapido.py."""

import re

import pytest

from deploy.ci.inicio_rapido import bloques
from tests.pila import RAIZ

READMES = ("README.md", "README.en.md")


def test_los_dos_readme_ensenan_las_mismas_ordenes():
    espanol, ingles = (bloques(RAIZ / readme) for readme in READMES)
    assert espanol == ingles


@pytest.mark.parametrize("patron", [r"\]\(([^)#]+)", r"<(http://[^>]+)>", r"^\| .* \| (\d+) \| "])
def test_los_dos_readme_llevan_a_los_mismos_sitios(patron):
    espanol, ingles = (
        re.findall(patron, (RAIZ / readme).read_text("utf-8"), re.MULTILINE) for readme in READMES
    )
    assert set(espanol) - {"README.en.md"} == set(ingles) - {"README.md"}


@pytest.mark.parametrize(("readme", "otro"), [READMES, READMES[::-1]])
def test_cada_readme_enlaza_al_principio_con_el_otro(readme, otro):
    assert f"]({otro})" in (RAIZ / readme).read_text("utf-8").splitlines()[2]
