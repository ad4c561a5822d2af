"""Traer la hoja de una dirección ajena (§1.10 y §7-A11 y J)."""

import ipaddress
import time
from contextlib import suppress

import pytest

from tests.vecino import contestar
from tuotempo_leads.infraestructura import tablas
from tuotempo_leads.infraestructura.hojas import descarga
from tuotempo_leads.infraestructura.hojas.descarga import Descargador, es_publica, nombre_de
from tuotempo_leads.infraestructura.hojas.formato import MAXIMO_DEL_FICHERO, FicheroInvalido

from .conftest import NOMBRE


@pytest.fixture
def traer(servidor, descargador, tmp_path):
    def hacer(ruta="/data.xlsx", quien=descargador):
        destino = tmp_path / "hoja"
        url = ruta if "://" in ruta else f"https://{NOMBRE}:{servidor.server_port}{ruta}"
        nombre = quien.traer(url, destino, lambda: None)
        return nombre, destino.read_bytes()

    return hacer


def redirigir(destino):
    def responder(manejador):
        if manejador.path.startswith("/data"):
            manejador.send_response(302)
            manejador.send_header("Location", destino)
            manejador.send_header("Content-Length", "0")
            manejador.end_headers()
        else:
            contestar(manejador, 200, b"aqui")

    return responder


def test_se_descarga_por_https_con_el_nombre_de_la_ruta_y_sin_la_consulta(servidor, traer):
    servidor.responder = lambda m: contestar(m, 200, b"contenido")
    assert traer("/raw/main/data.xlsx?v=17") == ("data.xlsx", b"contenido")
    _, ruta, cabeceras, _ = servidor.recibidas[0]
    assert ruta == "/raw/main/data.xlsx?v=17"
    assert cabeceras["Host"].startswith(NOMBRE)


@pytest.mark.parametrize(
    "direccion",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "ff02::1",
        "2002:7f00:1::", "64:ff9b::7f00:1",
    ],
)  # fmt: skip
def test_ninguna_direccion_que_no_sea_de_internet_es_publica(direccion):
    assert ipaddress.ip_address(direccion)
    assert not es_publica(direccion)


def test_las_de_internet_si():
    assert es_publica("93.184.216.34")
    assert es_publica("2606:2800:220:1:248:1893:25c8:1946")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/a.xlsx", "https://[::1]/a.xlsx", "https://localhost/a.xlsx",
        "https://169.254.169.254/latest/meta-data", "https://2130706433/a.xlsx", "https://0x7f.1/a.xlsx",
    ],
)  # fmt: skip
def test_una_direccion_de_la_propia_red_se_rechaza_escrita_como_se_escriba(traer, url):
    with pytest.raises(FicheroInvalido, match="Error al descargar el archivo"):
        traer(url, Descargador())


@pytest.mark.parametrize(
    "url",
    [
        "http://ejemplo.org/a.xlsx",
        "file:///etc/passwd",
        "ftp://x/y",
        "https://",
        "https://u:p@ejemplo.org/",
        "https://a\n.org",
        "nada",
    ],
)
def test_solo_se_admite_https_sin_usuario(web, filas, url):
    respuesta = web.post("/admin/importaciones", json={"url": url})
    assert respuesta.status_code == 400
    assert "debe empezar por https://" in respuesta.json["error"]
    assert filas(tablas.recargas)[0].resultado == "error"


def test_si_alguna_de_sus_direcciones_es_privada_no_se_conecta_a_ninguna(servidor, traer):
    with pytest.raises(FicheroInvalido, match="red privada"):
        traer(quien=Descargador(lambda *_: ["93.184.216.34", "127.0.0.1"]))
    assert servidor.recibidas == []


def test_el_nombre_se_resuelve_una_sola_vez_y_se_conecta_a_lo_comprobado(servidor, traer, certificado):
    respuestas = iter([["127.0.0.1"], ["10.0.0.1"]])
    servidor.responder = lambda m: contestar(m, 200, b"a")
    traer(quien=Descargador(lambda *_: next(respuestas), lambda ip: ip == "127.0.0.1", str(certificado[0])))
    assert next(respuestas) == ["10.0.0.1"]


def test_cada_redireccion_pasa_por_la_misma_comprobacion(servidor, traer):
    servidor.responder = redirigir("https://10.0.0.1/otra.xlsx")
    quien = Descargador(
        lambda nombre, _: ["127.0.0.1"] if nombre == NOMBRE else [nombre], lambda ip: ip == "127.0.0.1"
    )
    with pytest.raises(FicheroInvalido):
        traer(quien=quien)
    servidor.responder = redirigir("http://ejemplo.org/")
    with pytest.raises(FicheroInvalido, match="https://"):
        traer()


def test_se_siguen_hasta_tres_redirecciones(servidor, traer):
    servidor.responder = redirigir("/aqui.xlsx")
    assert traer() == ("aqui.xlsx", b"aqui")
    servidor.responder = redirigir("/data.xlsx")
    with pytest.raises(FicheroInvalido, match="más de 3 redirecciones"):
        traer()


def test_un_certificado_que_no_es_el_suyo_no_se_acepta(servidor, traer):
    with pytest.raises(FicheroInvalido, match="SSLCertVerificationError"):
        traer(quien=Descargador(lambda *_: ["127.0.0.1"], lambda _: True))


def test_lo_que_pasa_del_tamano_se_corta_aunque_no_lo_anuncie(servidor, traer):
    def sin_fin(manejador):
        manejador.send_response(200)
        manejador.end_headers()
        for _ in range(MAXIMO_DEL_FICHERO // 1_000_000 + 2):
            manejador.wfile.write(b"1" * 1_000_000)
        manejador.close_connection = True

    servidor.responder = sin_fin
    with pytest.raises(FicheroInvalido, match="pasa de 20 MiB"):
        traer()


def test_lo_que_tarda_demasiado_se_corta(servidor, traer, monkeypatch):
    monkeypatch.setattr(descarga, "PLAZO", -1)
    servidor.responder = lambda m: contestar(m, 200, b"a")
    with pytest.raises(FicheroInvalido, match="no ha terminado"):
        traer()


@pytest.mark.parametrize(
    "antes", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["cabeceras", "cuerpo"]
)
def test_quien_contesta_a_gotas_tambien_agota_el_plazo(servidor, traer, monkeypatch, antes):
    def a_gotas(manejador):
        manejador.wfile.write(antes)
        with suppress(OSError):
            for _ in range(200):
                manejador.wfile.write(b"1")
                time.sleep(0.1)
        manejador.close_connection = True

    monkeypatch.setattr(descarga, "PLAZO", 1)
    servidor.responder = a_gotas
    with pytest.raises(FicheroInvalido, match="no ha terminado"):
        traer()


def test_sin_nada_en_la_ruta_el_nombre_es_hoja():
    assert nombre_de("https://ejemplo.org") == "hoja"
    assert nombre_de("https://ejemplo.org/a%20b.xlsx/") == "a b.xlsx"
