"""Prometheus de verdad mide a Centralita en marcha: cada panel y cada alerta preguntan por algo que existe."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest
import requests
import yaml

from tests.pila import RAIZ, SERVICIOS, esperar, puertos_libres

CARPETA = RAIZ / "deploy/observabilidad"
sys.path.insert(0, str(CARPETA))
from tableros import consultas  # noqa: E402

# Cuentan sucesos que solo hay si alguien paga, llama o manda un comando: basta con que otro servicio los cuente.
DE_SUCESOS = ("eventos_recibidos_total", "eventos_publicados_total", "eventos_demora_segundos_bucket")

pytestmark = pytest.mark.skipif(
    not shutil.which("prometheus"), reason="falta prometheus (en Debian, el paquete prometheus)"
)


@pytest.fixture(scope="module")
def preguntar(pila, tmp_path_factory):
    """Las series que contesta un Prometheus que mide a la pila cada segundo, con nuestras reglas."""
    carpeta, (puerto,) = tmp_path_factory.mktemp("prometheus"), puertos_libres(1)
    (carpeta / "prometheus.yml").write_text(yaml.safe_dump(en_esta_maquina(pila)), "utf-8")
    orden = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=datos", "--log.level=error"]
    orden.append(f"--web.listen-address=127.0.0.1:{puerto}")
    with (carpeta / "salida.log").open("wb") as salida:
        proceso = subprocess.Popen(orden, cwd=carpeta, stdout=salida, stderr=salida)

    def series(consulta: str) -> list[dict]:
        url = f"http://127.0.0.1:{puerto}/api/v1/query"
        try:
            respuesta = requests.get(url, {"query": consulta}, timeout=10).json()
        except requests.ConnectionError:
            return []
        assert respuesta["status"] == "success", (consulta, respuesta)
        return respuesta["data"]["result"]

    yield series
    proceso.terminate()
    proceso.wait(20)


def en_esta_maquina(pila):
    """Nuestra configuración, con cada servicio en su puerto en vez de en su nombre."""
    propia = yaml.safe_load((CARPETA / "prometheus.yml").read_text("utf-8"))
    propia["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    propia["rule_files"] = [str(CARPETA / "reglas/*.yml")]
    propia["scrape_configs"] = [
        {"job_name": "web", "static_configs": [en_su_puerto(pila, s, s) for s in SERVICIOS]},
        {"job_name": "gateway", "static_configs": [en_su_puerto(pila, "gateway", "gateway-interno")]},
    ]
    return propia


def en_su_puerto(pila, servicio, puerto):
    return {"targets": [f"127.0.0.1:{pila.puertos[puerto]}"], "labels": {"servicio": servicio}}


def usar(pila, numero):
    """Algo de tráfico por todas partes, con una ficha nueva que acaba siendo un evento."""
    ficha = {"nombre": f"Eva Medida {numero}", "contacto": "eva@ejemplo.com", "servicio": "Fibra"}
    requests.post(f"{pila.por_el_gateway('clientes')}/clientes", json=ficha, timeout=10)
    for servicio in ("canales", "partners", "leads", "espacio", "almacen"):
        requests.get(f"{pila.por_el_gateway(servicio)}/openapi.json", timeout=10)
    requests.get(f"{pila.url('gateway')}/", timeout=10)


def test_cada_consulta_de_cada_tablero_contesta_algo(pila, preguntar):
    hechas = [(t, p, c.replace("$__rate_interval", "1m")) for t, p, c in consultas()]
    vuelta = iter(range(1000))

    def mudas():
        usar(pila, next(vuelta))
        return [
            (tablero, panel, consulta)
            for tablero, panel, consulta in hechas
            if not preguntar(consulta) and not any(preguntar(m) for m in DE_SUCESOS if m in consulta)
        ]

    try:
        esperar(lambda: not mudas(), 90)
    except AssertionError:
        raise AssertionError("no contestan nada:\n" + "\n".join(map(str, mudas()))) from None


def test_lo_que_miran_las_alertas_existe(pila, preguntar):
    grupos = yaml.safe_load((CARPETA / "reglas/centralita.yml").read_text("utf-8"))["groups"]
    metricas = {m for g in grupos for r in g["rules"] for m in metricas_de(r["expr"])}
    assert len(metricas) >= 12
    esperar(lambda: all(preguntar(metrica) for metrica in metricas), 60)


def test_con_todo_en_marcha_no_avisa_ninguna_alerta(preguntar):
    esperar(lambda: len(preguntar("up == 1")) == len(SERVICIOS) + 1, 60)
    assert preguntar('ALERTS{alertstate="firing"}') == []


def metricas_de(expresion):
    """Los nombres que quedan en una expresión al quitarle las etiquetas, los números y lo que es de PromQL."""
    sin_etiquetas = re.sub(r'\{[^}]*\}|\[[^\]]*\]|\b(?:by|on)\s*\([^)]*\)|"[^"]*"', " ", expresion)
    return set(re.findall(r"\b[a-z_]{2,}\b(?!\s*\()", sin_etiquetas)) - {"or", "and", "by"}
