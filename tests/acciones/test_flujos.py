"""Los flujos de GitHub: cada paso es una orden de make que existe, y ninguno pide ni ejecuta más de la cuenta."""

import os
import re
import shutil
import subprocess

import pytest
import yaml

from tests.pila import RAIZ

FLUJOS = {f.name: yaml.safe_load(f.read_text("utf-8")) for f in (RAIZ / ".github/workflows").glob("*.yml")}
TRABAJOS = [(flujo, nombre, t) for flujo, doc in FLUJOS.items() for nombre, t in doc["jobs"].items()]
PASOS = [(f"{flujo}: {nombre}", paso) for flujo, nombre, t in TRABAJOS for paso in t["steps"]]
ORDENES = sorted({paso["run"] for _, paso in PASOS if "run" in paso})
ESCRIBEN = {("handle_issues.yml", "issues"), ("code_review_required.yml", "pull-requests")}


def test_estan_los_cuatro_flujos_del_readme():
    assert set(FLUJOS) == {"ci.yml", "deploy_production.yml", "handle_issues.yml", "code_review_required.yml"}


@pytest.mark.parametrize("orden", ORDENES)
def test_cada_paso_es_una_orden_de_make_que_existe(orden):
    assert re.fullmatch(r"make [a-z0-9./-]+", orden), "una sola orden, sin nada que venga de fuera"
    entorno = {**os.environ, "s": "canales-service", "MAKEFLAGS": ""}
    ensayo = subprocess.run(
        [*orden.split(), "-n"], cwd=RAIZ, env=entorno, capture_output=True, text=True, check=False
    )
    assert ensayo.returncode == 0, ensayo.stderr


def test_la_documentacion_cuenta_cada_orden():
    contadas = set(re.findall(r"`(make [a-z0-9-]+)", (RAIZ / "deploy/ci/README.md").read_text("utf-8")))
    assert set(ORDENES) - {"make .venv/.instalado"} <= contadas


@pytest.mark.parametrize("flujo", FLUJOS)
def test_las_acciones_de_otros_se_fijan_por_commit_y_dicen_su_version(flujo):
    texto = (RAIZ / ".github/workflows" / flujo).read_text("utf-8")
    usadas = re.findall(r"uses: (.+)", texto)
    assert usadas
    for usada in usadas:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", usada)


def test_ningun_trabajo_tiene_mas_permiso_que_el_suyo():
    for flujo, nombre, trabajo in TRABAJOS:
        assert FLUJOS[flujo]["permissions"] == {}
        escribe = {(flujo, clase) for clase, permiso in trabajo["permissions"].items() if permiso != "read"}
        assert escribe <= ESCRIBEN, nombre
        assert trabajo["timeout-minutes"] <= 60


def test_los_secretos_son_los_cuatro_del_readme_y_solo_los_ve_el_despliegue():
    for flujo in FLUJOS:
        texto = (RAIZ / ".github/workflows" / flujo).read_text("utf-8")
        esperados = (
            {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "EC2_PUBLIC_IP", "SSH_PRIVATE_KEY"}
            if flujo == "deploy_production.yml"
            else set()
        )
        assert set(re.findall(r"secrets\.(\w+)", texto)) == esperados


def test_el_despliegue_es_a_mano_con_aprobacion_y_desde_main():
    flujo = FLUJOS["deploy_production.yml"]
    assert set(flujo[True]) == {"workflow_dispatch"}  # YAML lee `on` como verdadero
    trabajo = flujo["jobs"]["desplegar"]
    assert trabajo["environment"] == "production"
    assert trabajo["if"] == "github.ref == 'refs/heads/main'"
    assert trabajo["steps"][-1]["run"] == "make cerrar-ssh"
    assert trabajo["steps"][-1]["if"] == "always()"


def test_nada_se_dispara_con_el_codigo_de_otro_y_permiso_para_escribir():
    for flujo, doc in FLUJOS.items():
        assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(doc[True]), flujo


@pytest.mark.timeout(900)  # la primera vez compila actionlint
@pytest.mark.skipif(
    not (shutil.which("go") or (RAIZ / ".venv/bin/actionlint").exists()), reason="actionlint necesita Go"
)
def test_actionlint_zizmor_y_shellcheck_no_encuentran_nada():
    hecho = subprocess.run(
        ["make", "-s", "lint-acciones"], cwd=RAIZ, capture_output=True, text=True, check=False
    )
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr
