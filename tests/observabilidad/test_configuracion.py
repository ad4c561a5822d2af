"""La configuración de Prometheus, Grafana y el resto: que sus programas la admitan y que hable de lo que existe."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from tests.pila import RAIZ

CARPETA = RAIZ / "deploy/observabilidad"
sys.path.insert(0, str(CARPETA))
import tableros  # noqa: E402

REGLAS = [
    regla
    for grupo in yaml.safe_load((CARPETA / "reglas/centralita.yml").read_text("utf-8"))["groups"]
    for regla in grupo["rules"]
]
PAGINAS = RAIZ / "docs/runbooks"
promtool = pytest.mark.skipif(
    not shutil.which("promtool"), reason="falta promtool (en Debian, el paquete prometheus)"
)


@promtool
@pytest.mark.parametrize(
    "orden",
    [
        ("check", "config", str(CARPETA / "prometheus.yml")),
        ("test", "rules", str(RAIZ / "tests/observabilidad/reglas.test.yml")),
    ],
    ids=["configuracion", "reglas"],
)
def test_prometheus_entiende_su_configuracion_y_las_alertas_avisan_cuando_deben(orden):
    hecho = subprocess.run(["promtool", *orden], capture_output=True, text=True, check=False)
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr


def test_cada_alerta_tiene_su_prueba():
    pruebas = yaml.safe_load((RAIZ / "tests/observabilidad/reglas.test.yml").read_text("utf-8"))["tests"]
    probadas = {caso["alertname"] for prueba in pruebas for caso in prueba["alert_rule_test"]}
    assert probadas == {regla["alert"] for regla in REGLAS}


def test_cada_alerta_tiene_su_pagina_y_cada_pagina_su_alerta():
    for regla in REGLAS:
        assert regla["annotations"]["runbook"] == f"docs/runbooks/{regla['alert']}.md"
        assert regla["labels"]["severidad"] in {"critica", "aviso"}
        pagina = (RAIZ / regla["annotations"]["runbook"]).read_text("utf-8")
        assert all(parte in pagina for parte in ("**Qué significa.**", "**Qué mirar.**", "**Qué hacer.**"))
        assert len(pagina.splitlines()) <= 40, "una página, una pantalla"
    assert {p.stem for p in PAGINAS.glob("*.md")} == {regla["alert"] for regla in REGLAS} | {"README"}


@pytest.mark.parametrize("nombre", tableros.TABLA["tableros"])
def test_cada_tablero_es_el_de_la_tabla(nombre):
    escrito = (CARPETA / f"grafana/dashboards/{nombre}.json").read_text("utf-8")
    assert escrito == tableros.en_texto(nombre), "rehazlos con `make tableros`"


def test_no_sobra_ningun_tablero_ni_ningun_panel():
    assert {p.stem for p in (CARPETA / "grafana/dashboards").glob("*.json")} == set(
        tableros.TABLA["tableros"]
    )
    usados = {panel for paneles in tableros.TABLA["tableros"].values() for panel in paneles}
    assert usados == set(tableros.TABLA["paneles"])


@pytest.mark.parametrize("nombre", tableros.TABLA["tableros"])
def test_un_tablero_usa_fuentes_que_existen_y_sus_paneles_no_se_pisan(nombre):
    tablero = json.loads((CARPETA / f"grafana/dashboards/{nombre}.json").read_text("utf-8"))
    fuentes = yaml.safe_load((CARPETA / "grafana/provisioning/datasources/fuentes.yml").read_text("utf-8"))[
        "datasources"
    ]
    ocupado = set()
    for panel in tablero["panels"]:
        assert panel["datasource"]["uid"] in {fuente["uid"] for fuente in fuentes}
        sitio = panel["gridPos"]
        celdas = {(sitio["x"] + i, sitio["y"] + j) for i in range(sitio["w"]) for j in range(sitio["h"])}
        assert not celdas & ocupado
        assert max(x for x, _ in celdas) < 24
        ocupado |= celdas
    assert len({panel["id"] for panel in tablero["panels"]}) == len(tablero["panels"])


def arrancado(carpeta, **entorno):
    """La configuración con que `arrancar.sh` lanza Traefik (aquí, uno de mentira que la enseña)."""
    traefik = carpeta / "traefik"
    traefik.write_text('#!/bin/sh\ncat "${1#--configFile=}"\n')
    traefik.chmod(0o755)
    entorno |= {"PATH": f"{carpeta}:/usr/bin:/bin", "TMPDIR": str(carpeta)}
    orden = ["sh", str(RAIZ / "gateway/arrancar.sh")]
    return yaml.safe_load(subprocess.run(orden, env=entorno, capture_output=True, check=True).stdout)


def test_el_gateway_con_trazas_es_el_de_siempre_con_trazas(tmp_path):
    anadido = yaml.safe_load((RAIZ / "deploy/compose/observabilidad.yml").read_text("utf-8"))["services"]
    recolector = yaml.safe_load((CARPETA / "otel-collector.yml").read_text("utf-8"))
    siempre = yaml.safe_load((RAIZ / "gateway/traefik.yml").read_text("utf-8"))
    assert arrancado(tmp_path) == siempre
    propia = arrancado(tmp_path, **anadido["gateway"]["environment"], GATEWAY_PROXIES="10.0.0.0/8,::1/128")
    destino = propia.pop("tracing")["otlp"]["http"]["endpoint"]
    assert propia["entryPoints"]["web"].pop("forwardedHeaders") == {"trustedIPs": ["10.0.0.0/8", "::1/128"]}
    assert propia == siempre
    puerto = recolector["receivers"]["otlp"]["protocols"]["http"]["endpoint"].rpartition(":")[2]
    assert destino == f"http://otel-collector:{puerto}/v1/traces"


def test_el_recolector_solo_usa_piezas_que_declara():
    recolector = yaml.safe_load((CARPETA / "otel-collector.yml").read_text("utf-8"))
    for tuberia in recolector["service"]["pipelines"].values():
        for clase, piezas in tuberia.items():
            assert set(piezas) <= set(recolector[clase])


def test_lo_que_el_gateway_cuenta_de_las_direcciones_no_llega_a_guardarse():
    """Sus tramos llevan `url.path` y `url.full`, con nombres de personas: lo mismo que calla su registro."""
    recolector = yaml.safe_load((CARPETA / "otel-collector.yml").read_text("utf-8"))
    borra = recolector["processors"]["attributes/sin_datos_personales"]["actions"]
    assert {"url.path", "url.full", "url.query"} <= {a["key"] for a in borra if a["action"] == "delete"}
    assert "attributes/sin_datos_personales" in recolector["service"]["pipelines"]["traces"]["processors"]


def test_el_anadido_de_compose_se_sostiene_con_la_pila_y_mide_a_todos_sus_servicios():
    pila = yaml.safe_load((RAIZ / "docker-compose.yml").read_text("utf-8"))["services"]
    anadido = yaml.safe_load((RAIZ / "deploy/compose/observabilidad.yml").read_text("utf-8"))["services"]
    nuestros = {n for n, s in pila.items() if s.get("image", "").startswith("centralita/")} - {"temas"}
    trazados = {n for n, s in anadido.items() if "OTEL_EXPORTER_OTLP_ENDPOINT" in s.get("environment", {})}
    assert trazados == nuestros - {"gateway"}
    trabajos = yaml.safe_load((CARPETA / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    medidos = {n for t in trabajos for dns in t["dns_sd_configs"] for n in dns["names"]}
    assert medidos == nuestros
    for nombre, servicio in anadido.items():
        for montado in servicio.get("volumes", []):
            origen = montado.partition(":")[0]
            assert not origen.startswith("./") or (RAIZ / origen).exists(), (nombre, origen)
        assert all(puerto.startswith("127.0.0.1:") for puerto in servicio.get("ports", []))
        assert re.search(r":v?\d+\.\d+\.\d+$", servicio.get("image", "x:0.0.0")), f"{nombre}: fija su versión"
