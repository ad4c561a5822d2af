"""De qué está hecho esto (`make sbom`) y si algo tiene fallos conocidos (`make auditoria`)."""

import json
import re
import subprocess

import pytest

from tests.pila import RAIZ
from tests.vecino import contestar

FIJADO = dict(
    re.findall(r"^([a-z0-9-]+)==(\S+)", (RAIZ / "requirements.lock").read_text("utf-8"), re.MULTILINE)
)
FALLO = {
    "id": "PYSEC-2099-1",
    "summary": "Un fallo de mentira",
    "affected": [
        {
            "package": {"name": "flask", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
            "versions": [FIJADO["flask"]],
        }
    ],
}


def make(*orden):
    return subprocess.run(
        ["make", "-s", *orden], cwd=RAIZ, capture_output=True, text=True, timeout=110, check=False
    )


@pytest.fixture
def osv(vecino):
    """Un osv.dev de mentira: conoce los fallos que se le digan, por paquete."""
    conocidos = {}

    def responder(manejador):
        cuerpo = manejador.server.recibidas[-1][3]
        paquete = json.loads(cuerpo)["package"]["name"] if cuerpo else ""
        contestar(manejador, 200, json.dumps({"vulns": conocidos.get(paquete, [])}).encode())

    vecino.responder = responder
    vecino.conocidos = conocidos
    return vecino


def test_la_auditoria_pregunta_por_cada_dependencia_fijada(osv):
    hecho = make("auditoria", f"OSV={osv.url}")
    assert hecho.returncode == 0, hecho.stderr
    preguntadas = {json.loads(cuerpo)["package"]["name"] for *_, cuerpo in osv.recibidas if cuerpo}
    assert {"flask", "sqlalchemy", "cryptography", "pulsar-client"} <= preguntadas <= set(FIJADO)


def test_un_fallo_conocido_no_pasa_y_dice_como_se_arregla(osv):
    osv.conocidos["flask"] = [FALLO]
    hecho = make("auditoria", f"OSV={osv.url}")
    assert hecho.returncode != 0
    assert re.search(rf"flask\s+{re.escape(FIJADO['flask'])}\s+PYSEC-2099-1\s+99.0", hecho.stdout)


def test_si_no_se_puede_preguntar_no_se_da_por_bueno():
    hecho = make("auditoria", "OSV=http://127.0.0.1:9/v1/query")
    assert hecho.returncode != 0
    assert "la auditoría no se ha hecho" in hecho.stderr
    assert "Traceback" not in hecho.stderr


def test_la_lista_de_componentes_dice_cada_dependencia_su_version_y_su_licencia():
    assert make("sbom").returncode == 0
    lista = json.loads((RAIZ / "datos/sbom.cdx.json").read_text("utf-8"))
    assert lista["bomFormat"] == "CycloneDX"
    componentes = {componente["name"].lower(): componente for componente in lista["components"]}
    for nombre in ("flask", "sqlalchemy", "cryptography"):
        assert componentes[nombre]["version"] == FIJADO[nombre]
        assert componentes[nombre]["purl"] == f"pkg:pypi/{nombre}@{FIJADO[nombre]}"
        assert componentes[nombre]["licenses"]
