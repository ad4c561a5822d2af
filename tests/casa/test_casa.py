"""Las reglas de la casa que se pueden medir."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pila import RAIZ

CARPETAS = ("services", "gateway", "deploy", "contracts", "tests")
CODIGO = sorted(p for carpeta in CARPETAS for p in (RAIZ / carpeta).rglob("*.py"))
ESCRITO = [RAIZ / "conftest.py", *(p for p in CODIGO if not {"migraciones", "datos"} & set(p.parts))]
PRODUCTO = [p for p in ESCRITO if p.name != "conftest.py" and "tests" not in p.parts]


def lineas(fichero: Path) -> int:
    return sum(1 for linea in fichero.read_text("utf-8").splitlines() if linea.strip())


def test_el_ejemplo_de_configuracion_es_el_del_codigo():
    orden = [sys.executable, str(RAIZ / "deploy/local/env_ejemplo.py")]
    generado = subprocess.run(orden, capture_output=True, text=True, check=True).stdout
    assert (RAIZ / ".env.example").read_text("utf-8") == generado, "rehazlo con `make env-ejemplo`"


def test_el_chasis_es_pequeno_y_sin_negocio():
    ficheros = [p for p in PRODUCTO if "chasis" in p.parts]
    de_eventos = [p for p in ficheros if "eventos" in p.parts]
    de_trazas = [p for p in ficheros if p.name in {"telemetria.py", "trazas.py"}]  # de quien traza
    del_servidor = [p for p in ficheros if p.name == "paciencia.py"]  # lo carga gunicorn, no los servicios
    aparte = sum(map(lineas, (*de_eventos, *de_trazas, *del_servidor)))
    assert sum(map(lineas, ficheros)) - aparte < 1500
    assert sum(map(lineas, de_eventos)) < 1000
    assert sum(map(lineas, de_trazas)) < 120
    assert sum(map(lineas, del_servidor)) < 160
    negocio = re.compile(r"\b(lead|pago|deuda|carrito|partner|cita|centro|factura)s?\b", re.IGNORECASE)
    for fichero in ficheros:
        assert not negocio.search(fichero.read_text("utf-8")), fichero


@pytest.mark.parametrize("fichero", ESCRITO, ids=lambda p: str(p.relative_to(RAIZ)))
def test_ningun_fichero_ni_funcion_crece_sin_medida(fichero):
    assert lineas(fichero) <= 200
    for nodo in ast.walk(ast.parse(fichero.read_text("utf-8"))):
        if isinstance(nodo, ast.FunctionDef | ast.AsyncFunctionDef):
            assert nodo.end_lineno - nodo.lineno < 45, f"{fichero}:{nodo.lineno} {nodo.name}"


def test_nada_viene_de_una_red_ajena():
    """Ni la interfaz ni la documentación cargan nada de fuera (RFC 2606 y enlaces de texto aparte)."""
    carga = re.compile(r"""(?:src|href)=["']https?://|@import\s+url\(|url\(["']?https?://""")
    for fichero in (RAIZ / "gateway").rglob("*"):
        if fichero.suffix in {".html", ".css", ".js", ".svg"} and "node_modules" not in fichero.parts:
            assert not carga.search(fichero.read_text("utf-8")), fichero


def test_la_ayuda_de_make_explica_cada_orden():
    ayuda = subprocess.run(
        ["make", "-s", "help"], cwd=RAIZ, capture_output=True, text=True, check=True
    ).stdout
    declaradas = re.findall(r"^([a-z0-9-]+):", (RAIZ / "Makefile").read_text("utf-8"), re.MULTILINE)
    explicadas = re.findall(r"make ([a-z0-9-]+)", ayuda)
    assert set(declaradas) <= set(explicadas)


DOCUMENTOS = [
    RAIZ / "README.md",
    RAIZ / "README.en.md",
    RAIZ / "contracts/README.md",
    RAIZ / "deploy/ci/README.md",
    RAIZ / "gateway/portal/README.md",
    *(RAIZ / "docs").rglob("*.md"),
    *(RAIZ / "services").glob("*/README.md"),
]


PAQUETES = {p.parent.name: p.parent for p in RAIZ.glob("*/*/src/*/__init__.py")}


@pytest.mark.parametrize("documento", DOCUMENTOS, ids=lambda p: str(p.relative_to(RAIZ)))
def test_lo_que_un_documento_nombra_existe(documento):
    texto = documento.read_text("utf-8")
    for enlace in re.findall(r"\]\((?!https?://|#)([^)#]+)", texto):
        assert (documento.parent / enlace).exists(), enlace
    for ruta in re.findall(r"`((?:services|gateway|deploy|tests|docs|contracts)/[\w./-]+)`", texto):
        assert (RAIZ / ruta).exists(), ruta
    for paquete, modulo in re.findall(r"`([a-z_]+)/([\w./-]+\.py)`", texto):
        if paquete in PAQUETES:  # así se abrevia `services/<servicio>/src/<paquete>/…`
            assert (PAQUETES[paquete] / modulo).exists(), f"{paquete}/{modulo}"
    for orden in re.findall(r"`?make ([a-z0-9-]+)", texto):
        assert re.search(rf"^{orden}:", (RAIZ / "Makefile").read_text("utf-8"), re.MULTILINE), orden


README_DE_SERVICIO = [*RAIZ.glob("services/*/README.md"), RAIZ / "gateway/portal/README.md"]
SECCIONES = ["Para qué", "Diagrama", "API", "Eventos", "Configuración", "Métricas"]


@pytest.mark.parametrize("documento", README_DE_SERVICIO, ids=lambda p: p.parent.name)
def test_todos_los_readme_tienen_las_mismas_secciones_en_el_mismo_orden(documento):
    assert re.findall(r"^## (.+)$", documento.read_text("utf-8"), re.MULTILINE) == SECCIONES


HABITACIONES = {"aplicacion", "dominio", "entradas", "infraestructura", "migraciones"}
# Los nombres que fijan sus README de siempre (docs/adr/0008-espacio-clientes.md), y lo que es dato y no código.
PROPIAS = {"partners": {"api", "config", "modulos"}, "espacio_clientes": {"api", "config", "plantillas"}}


ARRANQUES = sorted(RAIZ.glob("services/*/src/*/arranque.py"))


@pytest.mark.parametrize("arranque", ARRANQUES, ids=lambda p: p.parent.name)
def test_todos_los_servicios_tienen_las_mismas_habitaciones(arranque):
    servicio = arranque.parent
    carpetas = {carpeta.name for carpeta in servicio.iterdir() if carpeta.is_dir()} - {"__pycache__"}
    assert carpetas <= HABITACIONES | PROPIAS.get(servicio.name, set())
    assert (servicio / "config.py").is_file() or "config" in carpetas
    assert lineas(arranque) <= 60


def test_cada_migracion_se_llama_por_su_numero():
    """`chasis.migraciones` sabe por el nombre del último fichero si la base está al día."""
    for fichero in RAIZ.glob("services/*/src/*/migraciones/versions/*.py"):
        numero = re.search(r'^revision = "(\d+)"', fichero.read_text("utf-8"), re.MULTILINE)[1]
        assert fichero.stem.partition("_")[0] == numero, fichero


@pytest.mark.parametrize("paquete", ["storage_service", "tuotempo_leads", "espacio_clientes", "portal"])
def test_un_proceso_web_no_carga_lo_que_casi_nunca_usa(paquete):
    """Cada uno de estos ocupa de 6 a 25 MB por proceso; quien los necesita los importa en el momento."""
    pesados = {"boto3", "fpdf", "fontTools", "oracledb", "pulsar", "xlsxwriter", "mysql"}
    programa = f"import sys, {paquete}.arranque; print(*{pesados} & sys.modules.keys())"
    salida = subprocess.run([sys.executable, "-c", programa], capture_output=True, text=True, check=True)
    assert salida.stdout.split() == []
