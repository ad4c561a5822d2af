"""Las páginas tal y como salen del servidor, sin navegador."""

from __future__ import annotations

import json
import subprocess
from html.parser import HTMLParser

import pytest

from portal.aplicacion import curl
from portal.arranque import crear_app
from portal.config import Ajustes
from portal.servicios import SERVICIOS, Prueba

NAVEGADOR = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


class Etiquetas(HTMLParser):
    """Las etiquetas de una página con sus atributos, y el código escrito dentro de `<script>`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.todas: list[tuple[str, dict[str, str | None]]] = []
        self.codigo = ""
        self._en_script = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.todas.append((tag, dict(attrs)))
        self._en_script = tag == "script"

    def handle_endtag(self, tag):
        self._en_script = False

    def handle_data(self, data):
        self.codigo += data.strip() if self._en_script else ""

    def de(self, atributo):
        return [attrs[atributo] for _, attrs in self.todas if attrs.get(atributo)]


def pagina(web, ruta):
    return web.get(ruta, headers={"Accept": NAVEGADOR})


def test_la_portada_ya_trae_el_estado(web, vecinos):
    vecinos["almacen"].parar()

    html = pagina(web, "/").text

    assert '<html lang="es">' in html
    assert f"{len(vecinos) - 1} de {len(vecinos)} servicios operativos" in html
    assert html.count('data-estado="operativo"') == len(vecinos) - 1
    assert 'data-estado="caido"' in html
    assert "No se puede conectar" in html
    assert "Listo para recibir tráfico" in html


def test_la_portada_no_depende_de_nadie(web, vecinos):
    for vecino in vecinos.values():
        vecino.parar()

    respuesta = pagina(web, "/")

    assert respuesta.status_code == 200
    assert f"0 de {len(vecinos)} servicios operativos" in respuesta.text


def test_cada_tarjeta_enlaza_su_documentacion(web):
    enlaces = Etiquetas(pagina(web, "/").text).de("href")

    for servicio in SERVICIOS:
        assert (f"{servicio.prefijo}/docs" in enlaces) == (not servicio.interno)
        assert (f"{servicio.prefijo}/openapi.json" in enlaces) == (not servicio.interno)


def test_en_produccion_el_almacen_se_ve_pero_no_se_enlaza(ajustes):
    produccion = Ajustes(direcciones=ajustes.direcciones, entorno="production")
    html = pagina(crear_app(produccion).test_client(), "/").text

    assert 'data-servicio="almacen" data-estado="operativo"' in html
    assert "Servicio interno" in html
    assert '"/almacen' not in html
    assert 'id="pruebas-almacen"' not in html
    assert '"/canales/docs"' in html


def test_lo_que_dice_un_servicio_no_es_html(web, vecinos):
    vecinos["canales"].contestaciones["/health/ready"].cuerpo = {
        "status": "ready",
        "version": "<script>alert(1)</script>",
    }

    assert "<script>alert" not in pagina(web, "/").text


@pytest.mark.parametrize("ruta", ["/", "/apis", "/eventos/", "/nada"])
def test_cabe_en_una_csp_estricta(web, ruta):
    etiquetas = Etiquetas(pagina(web, ruta).text)

    assert etiquetas.codigo == ""
    assert not [nombre for _, attrs in etiquetas.todas for nombre in attrs if nombre.startswith("on")]
    assert not [url for url in etiquetas.de("href") + etiquetas.de("src") if "//" in url or ":" in url]


@pytest.mark.parametrize("ruta", ["/", "/apis", "/eventos/", "/nada"])
def test_todo_lo_que_carga_la_pagina_lo_servimos_nosotros(web, ruta):
    etiquetas = Etiquetas(pagina(web, ruta).text)
    recursos = etiquetas.de("src") + [a["href"] for tag, a in etiquetas.todas if tag == "link"]

    assert recursos
    for recurso in recursos:
        assert web.get(f"/{recurso.lstrip('/')}").status_code == 200, recurso


def test_los_identificadores_no_se_repiten_y_los_enlaces_internos_llevan_a_algo(web):
    etiquetas = Etiquetas(pagina(web, "/").text)
    identificadores = etiquetas.de("id")

    assert len(identificadores) == len(set(identificadores))
    internos = {enlace.split("#")[1] for enlace in etiquetas.de("href") if "#" in enlace}
    assert internos <= set(identificadores)


@pytest.mark.parametrize("acepta", ["*/*", "application/json", "", "text/html;q=0.1, application/json"])
def test_lo_que_no_existe_se_contesta_en_json(web, acepta):
    respuesta = web.get("/nada", headers={"Accept": acepta})

    assert respuesta.status_code == 404
    assert respuesta.json == {"error": "Recurso no encontrado"}
    assert "Accept" in respuesta.headers["Vary"]
    assert respuesta.headers["X-Request-ID"]


def test_a_un_navegador_se_le_contesta_con_una_pagina(web):
    respuesta = pagina(web, "/nada")

    assert respuesta.status_code == 404
    assert respuesta.mimetype == "text/html"
    assert "Ese número no existe" in respuesta.text
    assert 'href="/"' in respuesta.text
    assert "Accept" in respuesta.headers["Vary"]


@pytest.mark.parametrize("ruta", ["/api/nada", "/api/estado/"])
def test_una_ruta_de_la_api_nunca_contesta_html(web, ruta):
    assert pagina(web, ruta).json == {"error": "Recurso no encontrado"}


def test_otro_metodo_no_esta_permitido(web):
    respuesta = web.post("/api/estado")

    assert respuesta.status_code == 405
    assert respuesta.json == {"error": "Método no permitido"}


def test_salud_y_metricas(web):
    assert web.get("/health").json == {"status": "healthy"}
    assert web.get("/health/ready").json["servicio"] == "portal"
    assert b"http_peticiones" in web.get("/metrics").data
    assert web.get("/favicon.ico").mimetype == "image/svg+xml"


def test_su_documentacion_solo_habla_de_la_api(web):
    rutas = web.get("/openapi.json").json["paths"]

    assert rutas.keys() == {"/health", "/health/live", "/health/ready", "/api/estado", "/api/openapi.json"}


def test_el_curl_lleva_la_direccion_por_la_que_se_entro(web):
    html = web.get("/", headers={"X-Forwarded-Host": "centralita.example", "X-Forwarded-Proto": "https"}).text

    assert "curl -i -X POST &#39;https://centralita.example/canales/cliente&#39;" in html


def test_el_curl_es_una_orden_que_la_terminal_entiende():
    prueba = Prueba(
        "", "", "POST", "/cliente?a=1&b=2", {"nombre": "Pat O'Ejemplo", "raro": '$HOME "x" \\ `ls`'}
    )

    orden = curl.orden(SERVICIOS[0], prueba, "http://h").replace("curl", r"printf '%s\0' curl", 1)
    palabras = subprocess.run(["sh", "-c", orden], capture_output=True, check=True, text=True).stdout.split(
        "\0"
    )

    assert palabras[:5] == ["curl", "-i", "-X", "POST", "http://h/canales/cliente?a=1&b=2"]
    assert palabras[5:7] == ["-H", "Content-Type: application/json"]
    assert palabras[7] == "--data-raw"
    assert json.loads(palabras[8]) == prueba.cuerpo


def test_el_curl_de_una_lectura():
    lectura = SERVICIOS[0].pruebas[1]

    orden = curl.orden(SERVICIOS[0], lectura, "http://h")

    assert orden == "curl -i 'http://h/canales/clientes?page=1&per_page=5&orden=-id'"
