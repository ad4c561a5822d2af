"""Lo que el gateway promete a quien entra por él."""

import json
import re
import signal
import socket

import pytest
import requests

from tests.pila import EN_PRODUCCION, contesta, esperar

JSON = {"Content-Type": "application/json"}


def crudo(pila, peticion: str) -> tuple[int, str]:
    """Envía una petición sin que ningún cliente la arregle antes."""
    with socket.create_connection(("127.0.0.1", pila.puertos["gateway"]), timeout=10) as conexion:
        conexion.sendall(peticion.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        respuesta = b""
        while trozo := conexion.recv(65536):
            respuesta += trozo
    return int(respuesta.split()[1]), respuesta.decode("utf-8", "replace")


def pedir_ruta(pila, ruta: str, anfitrion: str = "localhost") -> tuple[int, str]:
    return crudo(pila, f"GET {ruta} HTTP/1.1\nHost: {anfitrion}\nConnection: close")


DISFRACES = [
    "/metrics",
    "//metrics",
    "/./metrics",
    "/%6Detrics",
    "/%6d%65trics",
    "/x/../metrics",
    "/metrics/",
    "/metrics;x=1",
    "/METRICS",
    "/health/ready",
    "/health//ready",
    "/health/./ready",
    "/health/x/../ready",
    "/%2Fmetrics",
    "/%2F%2fmetrics%3Bx",
    "/health%2Fready",
    "/x%2F..%2Fmetrics",
    "/eventos",
    "/eventos/",
]


@pytest.mark.parametrize("ruta", DISFRACES)
@pytest.mark.parametrize("servicio", ["canales", "clientes", "almacen", "partners", "leads", "espacio"])
def test_lo_interno_no_sale_con_ningun_disfraz(pila, servicio, ruta):
    for estado, cuerpo in (
        pedir_ruta(pila, f"/{servicio}{ruta}"),
        pedir_ruta(pila, ruta, f"{servicio}.localhost"),
    ):
        assert estado in (400, 404), cuerpo
        assert "http_peticiones" not in cuerpo
        assert "comprobaciones" not in cuerpo


def test_lo_cerrado_se_contesta_en_el_dialecto_del_servicio(pila):
    cerrada = requests.get(
        pila.por_el_gateway("canales") + "/metrics", headers={"Accept": "text/html"}, timeout=5
    )
    assert (cerrada.status_code, cerrada.json()) == (404, {"mensaje": "Recurso no encontrado"})
    assert cerrada.headers["X-Request-ID"]


@pytest.mark.parametrize("ruta", ["/metrics", "//metrics", "/health/ready", "/canales/../metrics"])
def test_lo_interno_del_portal_tampoco_sale(pila, ruta):
    estado, cuerpo = pedir_ruta(pila, ruta)
    assert estado == 404
    assert "python_info" not in cuerpo


def test_el_catalogo_de_eventos_se_ve_y_la_entrada_de_eventos_no(pila):
    catalogo = requests.get(pila.url("gateway") + "/eventos/", timeout=5)
    assert (catalogo.status_code, catalogo.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "ClienteGuardado" in catalogo.text
    for ruta in ("/eventos/", "/eventos", "/canales/eventos", "/almacen/eventos"):
        entrega = requests.post(pila.url("gateway") + ruta, data=b"{}", timeout=5)
        assert entrega.status_code in (404, 405), ruta


def test_los_prefijos_y_los_anfitriones_llevan_al_mismo_sitio(pila):
    por_prefijo = requests.get(pila.por_el_gateway("clientes") + "/saludo", timeout=5)
    estado, por_anfitrion = pedir_ruta(pila, "/saludo", "clientes.localhost")
    assert (por_prefijo.status_code, estado) == (200, 200)
    assert por_prefijo.json()["message"] in por_anfitrion


@pytest.mark.parametrize("servicio", ["canales", "clientes", "partners", "espacio", "almacen"])
def test_la_raiz_de_un_servicio_lleva_a_su_documentacion_solo_a_un_navegador(pila, servicio):
    raiz = pila.por_el_gateway(servicio)
    for direccion in (raiz, f"{raiz}/", f"{raiz}?x=1"):
        vista = requests.get(direccion, headers={"Accept": "text/html,*/*"}, timeout=5)
        assert (vista.status_code, vista.url) == (200, f"{raiz}/docs")
    assert requests.get(f"{raiz}/", timeout=5).headers["Content-Type"] == "application/json"


def test_un_prefijo_no_captura_lo_que_solo_se_le_parece(pila):
    assert requests.get(pila.url("gateway") + "/canalesX/health", timeout=5).status_code == 404


def test_location_y_link_devuelven_por_donde_se_entro(pila):
    canales = pila.por_el_gateway("canales")
    alta = requests.post(f"{canales}/cliente", json={"nombre": "Lía", "tipo_servicio": "s"}, timeout=5)
    assert alta.headers["Location"].startswith("/canales/clientes/")
    lista = requests.get(f"{canales}/clientes?per_page=1", timeout=5)
    assert f"<{canales}/clientes?page=1" in lista.headers["Link"]


@pytest.mark.parametrize(
    "nombre", ["a%2Fb", "%2Fetc%2Fpasswd", "50%25", "a%3Bb", "a%23b", "Jos%C3%A9%20%F0%9F%98%80"]
)
def test_un_nombre_con_caracteres_codificados_llega_entero(pila, nombre):
    original = requests.utils.unquote(nombre)
    almacen = pila.por_el_gateway("almacen")
    assert requests.post(f"{almacen}/archivos", json={"nombre": original}, timeout=5).status_code == 201
    assert requests.get(f"{almacen}/archivos/{nombre}", timeout=5).json() == {"nombre": original}


class TestIdentidad:
    def test_cada_respuesta_lleva_su_identificador_y_es_el_que_anota_el_servicio(self, pila):
        respuesta = requests.get(pila.por_el_gateway("canales") + "/health", timeout=5)
        assert re.fullmatch(r"[0-9a-f]{32}", respuesta.headers["X-Request-ID"])  # uno, no dos

    def test_el_identificador_recibido_recorre_gateway_y_servicios(self, pila):
        requests.get(
            pila.por_el_gateway("clientes") + "/clientes/Nadie",
            headers={"X-Request-ID": "viaje-1"},
            timeout=5,
        )
        for servicio in ("clientes", "almacen"):
            esperar(lambda s=servicio: '"peticion":"viaje-1"' in pila.registro(s))

    @pytest.mark.parametrize("ruta", ["/nada", "/canales/nada", "/"])
    def test_tambien_lo_lleva_lo_que_no_existe(self, pila, ruta):
        assert requests.get(pila.url("gateway") + ruta, timeout=5).headers["X-Request-ID"]

    def test_las_cabeceras_de_identidad_y_de_proxy_de_fuera_no_valen(self, pila):
        falsas = {"X-Forwarded-Prefix": "/robado", "X-Forwarded-Host": "malo.example"}
        respuesta = requests.get(
            pila.por_el_gateway("canales") + "/clientes?page=1", headers=falsas, timeout=5
        )
        assert "robado" not in respuesta.headers["Link"]
        assert "malo.example" not in respuesta.headers["Link"]


class TestLimites:
    def test_un_cuerpo_grande_es_413_con_o_sin_longitud_anunciada(self, pila):
        url = pila.por_el_gateway("canales") + "/cliente"
        diez_megas = b'{"nombre": "' + b"x" * 10_000_000 + b'"}'
        anunciado = requests.post(url, data=diez_megas, headers=JSON, timeout=20)
        por_trozos = requests.post(
            url,
            data=(diez_megas[i : i + 65536] for i in range(0, 10_000_000, 65536)),
            headers=JSON,
            timeout=20,
        )
        for respuesta in (anunciado, por_trozos):
            assert (respuesta.status_code, respuesta.json()) == (413, {"mensaje": "Cuerpo demasiado grande"})

    def test_unas_cabeceras_enormes_se_rechazan(self, pila):
        estado, _ = crudo(
            pila, "GET / HTTP/1.1\nHost: localhost\nConnection: close\nX-Grande: " + "x" * 100_000
        )
        assert estado == 431

    def test_quien_pide_demasiado_recibe_429_en_el_dialecto_del_servicio(self, otra_pila):
        pila = otra_pila(GATEWAY_RITMO="5", GATEWAY_RAFAGA="5")
        respuestas = [requests.get(pila.por_el_gateway("canales") + "/health", timeout=5) for _ in range(30)]
        frenadas = [r for r in respuestas if r.status_code == 429]
        assert frenadas
        assert frenadas[0].json() == {"mensaje": "Demasiadas peticiones"}
        assert int(frenadas[0].headers["Retry-After"]) >= 1
        assert frenadas[0].headers["Content-Type"] == "application/json"


def test_las_respuestas_llevan_cabeceras_de_seguridad_y_callan_el_servidor(pila):
    cabeceras = requests.get(pila.url("gateway") + "/", timeout=5).headers
    assert cabeceras["X-Content-Type-Options"] == "nosniff"
    assert cabeceras["X-Frame-Options"] == "DENY"
    assert "default-src 'self'" in cabeceras["Content-Security-Policy"]
    assert cabeceras["Referrer-Policy"] == "no-referrer"
    assert "Server" not in cabeceras


def test_lo_largo_viaja_comprimido(pila):
    respuesta = requests.get(
        pila.por_el_gateway("canales") + "/openapi.json", headers={"Accept-Encoding": "gzip"}, timeout=5
    )
    assert respuesta.headers["Content-Encoding"] == "gzip"
    assert respuesta.json()["openapi"] == "3.1.0"


def test_el_registro_de_accesos_no_guarda_rutas_ni_consultas(pila):
    url = pila.por_el_gateway("almacen") + "/archivos/Rosario%20Secreta?documento=12345678Z"
    requests.get(url, headers={"X-Request-ID": "acceso-1", "Authorization": "Bearer secretisimo"}, timeout=5)
    for _ in range(120):  # el registro se escribe de cien en cien líneas
        requests.get(pila.url("gateway") + "/health/live", timeout=5)
    esperar(lambda: "acceso-1" in pila.registro("gateway"))
    texto = pila.registro("gateway")
    linea = json.loads(next(linea for linea in texto.splitlines() if "acceso-1" in linea))
    assert linea["RouterName"].endswith("almacen-leer@file")
    assert linea["DownstreamStatus"] == 404
    for secreto in ("Rosario", "12345678Z", "secretisimo"):
        assert secreto not in texto


def test_en_produccion_el_almacen_no_se_publica_y_espacio_exige_https_y_cree_al_proxy_que_lo_dice(otra_pila):
    pila = otra_pila(**EN_PRODUCCION, GATEWAY_PROXIES="127.0.0.0/8")
    pago, por_https = pila.por_el_gateway("espacio") + "/pagos/X", {"X-Forwarded-Proto": "https"}
    assert requests.get(pago, timeout=5, allow_redirects=False).status_code == 307
    assert requests.get(pago, timeout=5, headers=por_https).status_code == 401
    assert requests.get(pila.por_el_gateway("almacen") + "/archivos", timeout=5).status_code == 404
    assert requests.get(pila.por_el_gateway("clientes") + "/saludo", timeout=5).status_code == 200


def test_un_servicio_parado_es_un_503_en_json_y_vuelve_solo(otra_pila):
    pila = otra_pila()
    url = pila.por_el_gateway("canales") + "/health"
    pila.senal("canales", signal.SIGSTOP)
    esperar(lambda: contesta(url, 503), 40)
    caido = requests.get(url, timeout=30)
    assert list(caido.json()) == ["mensaje"]
    assert caido.headers["Retry-After"]
    assert requests.get(pila.por_el_gateway("clientes") + "/health", timeout=5).status_code == 200
    pila.senal("canales", signal.SIGCONT)
    esperar(lambda: contesta(url), 30)
