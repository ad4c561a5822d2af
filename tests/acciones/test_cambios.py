"""Qué servicios se prueban según lo que cambia: de más si hay duda, de menos nunca."""

import json
import os
import re
import subprocess

import pytest

from deploy.ci.cambios import SERVICIOS, TAMBIEN, afectados
from tests.pila import RAIZ

TODOS = sorted(SERVICIOS)


@pytest.mark.parametrize(
    ("rutas", "esperados"),
    [
        (["services/canales-service/src/canales/config.py"], ["canales-service"]),
        (["services/canales-service/README.md"], ["canales-service"]),
        (["gateway/portal/pyproject.toml", "services/storage_service/app.py"], ["portal", "storage_service"]),
        (["services/tuotempo-simulado/app.py"], ["tuotempo-leads-service", "tuotempo-simulado"]),
        (["deploy/oracle/esquema.sql"], ["espacio-clientes-api"]),
        (["contracts/asyncapi.yaml"], ["portal"]),
        (["services/chasis/src/chasis/web.py"], TODOS),
        (["requirements.lock"], TODOS),
        (["conftest.py"], TODOS),
        (["tests/pila.py"], TODOS),
        (["un-fichero-que-aun-no-existe.toml", "docs/un-evento.md"], TODOS),
        (
            [
                "README.md",
                "docs/adr/0003-gateway.md",
                ".github/workflows/ci.yml",
                "tests/e2e/test_gateway.py",
            ],
            [],
        ),
        ([], []),
    ],
)
def test_cada_cambio_prueba_a_quien_puede_romper(rutas, esperados):
    assert afectados(rutas) == esperados


def test_lo_que_un_servicio_usa_de_otro_en_sus_pruebas_esta_en_la_tabla():
    paquetes = {
        paquete.name: nombre
        for nombre, carpeta in SERVICIOS.items()
        for paquete in (RAIZ / carpeta / "src").iterdir()
        if paquete.is_dir()
    }
    for nombre, carpeta in SERVICIOS.items():
        usados = set()
        for fichero in (RAIZ / carpeta / "tests").rglob("*.py"):
            texto = fichero.read_text("utf-8")
            usados |= set(re.findall(r"^\s*(?:from|import) (\w+)", texto, re.MULTILINE))
            for comun in re.findall(r"^\s*(?:from|import) tests\.(\w+)", texto, re.MULTILINE):
                assert (RAIZ / f"tests/{comun}.py").exists(), (
                    "de las carpetas de tests/ no depende ningún servicio"
                )
        for ajeno in {paquetes[p] for p in usados & set(paquetes)} - {nombre, "chasis"}:
            assert nombre in TAMBIEN[SERVICIOS[ajeno]]


def matriz(base, salida=None):
    entorno = {**os.environ, "BASE": base, "MAKEFLAGS": "", "GITHUB_OUTPUT": str(salida or "")}
    hecho = subprocess.run(
        ["make", "-s", "matriz"], cwd=RAIZ, env=entorno, capture_output=True, text=True, check=True
    )
    return json.loads(hecho.stdout)


def test_sin_cambios_no_hay_nada_que_probar():
    assert matriz("HEAD") == []


@pytest.mark.parametrize("base", ["0" * 40, "no-existe", "--output=/tmp/x"])
def test_si_no_se_sabe_con_que_comparar_se_prueba_todo(base):
    assert matriz(base) == TODOS


def test_github_recibe_la_matriz_en_una_linea(tmp_path):
    salida = tmp_path / "salida"
    matriz("0" * 40, salida)
    assert salida.read_text("utf-8") == f"servicios={json.dumps(TODOS)}\n"


@pytest.mark.parametrize("orden", ["test", "fuzz"])
def test_make_con_un_servicio_que_no_existe_lo_dice_y_no_prueba_nada(orden):
    hecho = subprocess.run(
        ["make", "--no-print-directory", orden, "s=nadie"],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert hecho.returncode != 0
    assert "No hay ningún servicio «nadie»" in hecho.stderr
    assert hecho.stdout == ""
