"""La pila en contenedores dice lo mismo que el código y los contratos: nadie tiene que acordarse de dos sitios."""

import json
import os
import subprocess
import sys

import pytest
import yaml

from tests.pila import RAIZ

sys.path.insert(0, str(RAIZ / "deploy/compose"))
import pila

COMPOSE = yaml.safe_load((RAIZ / "docker-compose.yml").read_text("utf-8"))
DE_AQUI = {n: s for n, s in COMPOSE["services"].items() if s["image"].startswith("centralita/")}


def test_cada_suscripcion_de_los_contratos_tiene_su_destino():
    tabla = json.loads((RAIZ / "contracts/suscripciones.json").read_text("utf-8"))
    esperado = {f"{tema}={servicio}" for tema, servicios in tabla.items() for servicio in servicios}
    assert set(COMPOSE["x-entorno"]["EVENTOS_DESTINOS"].split(",")) == esperado


@pytest.mark.parametrize("nombre", DE_AQUI)
def test_lo_nuestro_no_escribe_fuera_de_sus_datos_ni_gana_privilegios(nombre):
    servicio = DE_AQUI[nombre]
    assert servicio["read_only"]
    assert servicio["cap_drop"] == ["ALL"]
    assert servicio["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("nombre", COMPOSE["services"])
def test_todo_lo_que_se_queda_en_marcha_tiene_limite_de_memoria(nombre):
    servicio = COMPOSE["services"][nombre]
    assert nombre == "temas" or servicio["deploy"]["resources"]["limits"]["memory"]


def test_cada_secreto_que_se_nombra_lo_crea_make_up(tmp_path):
    pila.guardar_secretos(tmp_path)
    oracle = yaml.safe_load((RAIZ / "deploy/compose/oracle.yml").read_text("utf-8"))
    nombrados = {**COMPOSE["secrets"], **oracle["secrets"]}
    assert {f.name for f in tmp_path.iterdir()} == set(nombrados)
    antes = (tmp_path / "leads_mysql").read_text()
    pila.guardar_secretos(tmp_path)
    assert (tmp_path / "leads_mysql").read_text() == antes
    assert oct(tmp_path.stat().st_mode)[-3:] == "700"


def test_unas_bases_sin_sus_claves_no_se_levantan_y_se_dice_que_hacer(tmp_path, monkeypatch):
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho centralita_mysql\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(pila, "RAIZ", tmp_path)
    with pytest.raises(SystemExit, match=r"centralita_mysql.*datos/secretos.*make down DATOS=0"):
        pila.subir()
    assert not (tmp_path / "datos").exists()


def test_con_replicas_el_gateway_conoce_a_cada_una(monkeypatch):
    monkeypatch.setenv("REPLICAS", "3")
    entorno = pila._entorno()
    assert entorno["URLS_LEADS"] == ",".join(f"http://centralita-leads-{n}:8000" for n in (1, 2, 3))
    assert not any("puertos" in f for f in pila._ficheros())


def test_la_imagen_solo_lleva_lo_que_su_servicio_necesita():
    orden = [sys.executable, "deploy/imagenes/dependencias.py", "services/chasis", "services/canales-service"]
    lineas = subprocess.run(orden, cwd=RAIZ, capture_output=True, text=True, check=True).stdout.split()
    assert any(linea.startswith("sqlalchemy") for linea in lineas)
    assert not any(linea.startswith(("centralita", "pytest", "mysql")) for linea in lineas)
