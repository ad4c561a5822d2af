"""docs/seguridad.md no miente: lo que nombra existe, y lo que dice que vale en todas partes está en todas partes."""

import ast
import re
import tomllib

import pytest
import yaml

from tests.fugas import Fugas
from tests.pila import RAIZ

DOCUMENTO = (RAIZ / "docs/seguridad.md").read_text("utf-8")
SERVICIOS = {
    "canales": "services/canales-service",
    "almacen": "services/storage_service",
    "clientes": "services/customer_service",
    "partners": "services/partners-service",
    "leads": "services/tuotempo-leads-service",
    "espacio": "services/espacio-clientes-api",
    "chasis": "services/chasis",
    "portal": "gateway/portal",
}
CITADAS = sorted(set(re.findall(r"`(\w+)/([\w/]*test_\w+)::(\w+)`", DOCUMENTO)))


def pruebas_de(carpeta, fichero):
    raiz = RAIZ / SERVICIOS[carpeta] / "tests" if carpeta in SERVICIOS else RAIZ / "tests" / carpeta
    arbol = ast.parse((raiz / f"{fichero}.py").read_text("utf-8"))
    return {nodo.name for nodo in ast.walk(arbol) if isinstance(nodo, ast.FunctionDef)}


@pytest.mark.parametrize(("carpeta", "fichero", "prueba"), CITADAS, ids=lambda parte: parte)
def test_cada_prueba_que_se_nombra_existe(carpeta, fichero, prueba):
    assert prueba.startswith("test_")
    assert prueba in pruebas_de(carpeta, fichero)


def test_cada_riesgo_de_owasp_tiene_su_fila_y_alguna_prueba():
    filas = re.findall(r"^\| \*\*API(\d+)\*\* .*$", DOCUMENTO, re.MULTILINE)
    assert filas == [str(numero) for numero in range(1, 11)]
    for fila in re.findall(r"^\| \*\*API.*$", DOCUMENTO, re.MULTILINE):
        assert "::test_" in fila, fila


def test_la_suite_entera_vigila_los_registros(request):
    """También esta prueba: la vigilancia es de todas, y las de e2e miran además los ficheros de cada proceso."""
    assert "_registros_sin_datos_de_nadie" in request.fixturenames
    e2e = (RAIZ / "tests/e2e/conftest.py").read_text("utf-8")
    assert e2e.count("_detener(pila, fugas)") == 2


@pytest.mark.parametrize(
    "linea",
    [
        '{"ruta": "/clientes/Rosario%20Fuentes"}',
        "no existe Rosario Fuentes",
        "x@ejemplo.com",
        "tel 600000001",
        "+573001234567",
        "doc 12345678Z",
        "eyJhbGciOiJIUzI1NiJ9.e30",
        "Authorization: Bearer abcdefgh1",
        "postgresql://ana:clave@base/x",
        "con clave-de-ejemplo",
    ],
)
def test_la_vigilancia_ve_lo_que_tiene_que_ver(linea):
    dicho = Fugas()
    dicho.apuntar(
        [{"nombre": "Rosario Fuentes", "tipo": "llamada"}, {"pie": {"clave": ["clave-de-ejemplo"]}}]
    )
    assert list(dicho.en(linea))
    with pytest.raises(AssertionError, match=r"canales\.log"):
        dicho.exigir_ninguna({"canales.log": linea})


def test_la_vigilancia_no_confunde_lo_tapado_ni_lo_corriente():
    dicho = Fugas()
    dicho.apuntar({"nombre": "Rosario Fuentes", "usuario": "cliente", "tipo": "llamada"})
    tapada = '{"correo": "j***@d…", "tel": "******456", "doc": "***123", "tipo": "llamada", "clave": "***"}'
    corriente = (
        '{"hora": "2026-11-21T13:16:10.51496432Z", "ruta": "/clientes/<int:cliente_id>", "ms": 600.12}'
    )
    assert list(dicho.en(tapada + "\n" + corriente)) == []


def test_las_reglas_de_seguridad_de_ruff_valen_para_todo_el_codigo():
    reglas = tomllib.loads((RAIZ / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert reglas["select"] == ["ALL"]
    assert not [regla for regla in reglas["ignore"] if re.fullmatch(r"S\d*", regla)]
    for donde, quitadas in reglas["per-file-ignores"].items():
        de_seguridad = {regla for regla in quitadas if re.fullmatch(r"S\d+", regla)}
        assert not de_seguridad or "tests" in donde or de_seguridad <= {"S603", "S607"}, donde


def test_cada_excepcion_a_una_regla_de_seguridad_dice_por_que():
    for raiz in ("services", "gateway", "deploy", "contracts"):
        for fichero in (RAIZ / raiz).rglob("*.py"):
            for linea in fichero.read_text("utf-8").splitlines():
                if excepcion := re.search(r"# noqa: (?=.*\bS\d{3})[A-Z0-9, ]+(.*)", linea):
                    assert len(excepcion[1]) > 10, f"{fichero.relative_to(RAIZ)}: {linea.strip()}"


def test_el_gateway_tiene_plazos_y_topes():
    """Todos (EC2, `make run`, contenedores) salen de este fichero: cambia solo dónde escuchan y a quién creen."""
    web = yaml.safe_load((RAIZ / "gateway/traefik.yml").read_text("utf-8"))["entryPoints"]["web"]
    plazos = web["transport"]["respondingTimeouts"]
    assert plazos == {"readTimeout": "30s", "writeTimeout": "300s", "idleTimeout": "90s"}
    assert web["http"]["maxHeaderBytes"] == 65536
    assert web["http"]["sanitizePath"]


def test_nginx_no_espera_a_nadie_mas_que_el_gateway():
    nginx = (RAIZ / "deploy/ec2/nginx.conf").read_text("utf-8")
    for plazo in ("client_header_timeout", "client_body_timeout", "send_timeout"):
        assert re.search(rf"^\s*{plazo} 30s;", nginx, re.MULTILINE), plazo
