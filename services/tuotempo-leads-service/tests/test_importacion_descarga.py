"""Traer la hoja de una dirección ajena (§1.10 y §7-A11 y J) y `GET /admin/load-excel`."""

import ipaddress
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from conftest import Vecino, contestar
from tests.libro_de_leads import escribir_xlsx, persona
from tuotempo_leads.infraestructura import tablas
from tuotempo_leads.infraestructura.hojas import descarga
from tuotempo_leads.infraestructura.hojas.descarga import Descargador, es_publica, nombre_de
from tuotempo_leads.infraestructura.hojas.formato import MAXIMO_DEL_FICHERO, FicheroInvalido

NOMBRE = "hojas.ejemplo.org"


@pytest.fixture(scope="module")
def certificado(tmp_path_factory):
    """Certificado de `NOMBRE` firmado por él mismo; da los dos ficheros."""
    carpeta, llave = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    quien = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NOMBRE)])
    ahora = datetime.now(UTC)
    firmado = (
        x509.CertificateBuilder(quien, quien, llave.public_key(), x509.random_serial_number())
        .not_valid_before(ahora - timedelta(days=1))
        .not_valid_after(ahora + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NOMBRE)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(llave, hashes.SHA256())
    )
    (carpeta / "cert.pem").write_bytes(firmado.public_bytes(serialization.Encoding.PEM))
    formatos = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (carpeta / "llave.pem").write_bytes(llave.private_bytes(*formatos))
    return carpeta / "cert.pem", carpeta / "llave.pem"


@pytest.fixture
def servidor(certificado):
    """Servidor https de verdad en este equipo."""
    servidor, contexto = Vecino(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexto.load_cert_chain(*certificado)
    servidor.socket = contexto.wrap_socket(servidor.socket, server_side=True)
    threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield servidor
    servidor.shutdown()
    servidor.server_close()


@pytest.fixture
def descargador(certificado):
    """Como el de verdad, pero el nombre se resuelve aquí y esta red se da por pública."""
    return Descargador(lambda *_: ["127.0.0.1"], lambda ip: ip == "127.0.0.1", str(certificado[0]))


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
    with pytest.raises(FicheroInvalido, match="SSLError"):
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


def test_sin_nada_en_la_ruta_el_nombre_es_hoja():
    assert nombre_de("https://ejemplo.org") == "hoja"
    assert nombre_de("https://ejemplo.org/a%20b.xlsx/") == "a b.xlsx"


@pytest.fixture
def con_url(otra_app, servidor, descargador, tmp_path):
    """Una aplicación cuya `EXCEL_URL` es el servidor de esta prueba, que ofrece una hoja correcta."""
    contenido = escribir_xlsx(tmp_path / "data.xlsx", [persona(1), persona(2)]).read_bytes()
    servidor.responder = lambda m: contestar(m, 200, contenido)
    app = otra_app(excel_url=f"https://{NOMBRE}:{servidor.server_port}/data.xlsx?v=1")
    app.extensions["importaciones"].descargador = descargador
    return app


def test_load_excel_carga_la_hoja_y_anuncia_a_su_relevo(con_url, filas):
    respuesta = con_url.test_client().get("/admin/load-excel")
    assert (respuesta.status_code, respuesta.json) == (
        200,
        {"success": True, "message": "Datos cargados exitosamente"},
    )
    assert respuesta.headers["Deprecation"].startswith("@")
    assert respuesta.headers["Link"] == '</admin/importaciones>; rel="successor-version"'
    assert len(filas(tablas.leads)) == 2
    assert [(r.archivo, r.resultado) for r in filas(tablas.recargas)] == [("data.xlsx", "ok")]


def test_load_excel_dice_el_estado_con_que_contesto_el_otro_servidor(con_url, servidor, filas, alta):
    alta(telefono="600123456")
    servidor.responder = lambda m: contestar(m, 404, b"")
    respuesta = con_url.test_client().get("/admin/load-excel")
    assert respuesta.status_code == 500
    assert respuesta.json["message"] == "Error al descargar el Excel: 404"
    assert respuesta.headers["Deprecation"]
    assert len(filas(tablas.leads)) == 1
    assert filas(tablas.recargas)[0].resultado == "error"


def test_load_excel_con_una_hoja_que_no_vale_dice_error_al_cargar_y_no_vacia_la_tabla(
    con_url, servidor, filas, alta
):
    alta(telefono="600123456")
    servidor.responder = lambda m: contestar(m, 200, b"<html>no</html>")
    respuesta = con_url.test_client().get("/admin/load-excel")
    assert respuesta.status_code == 500
    assert respuesta.json["message"].startswith("Error al cargar datos: «data.xlsx» es una página web")
    assert len(filas(tablas.leads)) == 1


def test_load_excel_sin_excel_url_dice_que_falta(web):
    respuesta = web.get("/admin/load-excel")
    assert respuesta.status_code == 500
    assert respuesta.json["message"].startswith("Error al descargar el archivo")


def test_load_excel_admite_un_fichero_en_desarrollo_y_no_en_produccion(otra_app, tmp_path, filas):
    libro = escribir_xlsx(tmp_path / "data.xlsx", [persona(1)])
    for direccion in (str(libro), libro.as_uri()):
        assert otra_app(excel_url=direccion).test_client().get("/admin/load-excel").status_code == 200
    from pydantic import SecretStr

    app = otra_app(excel_url=str(libro), entorno="production", clave_de_administracion=SecretStr("secreta"))
    respuesta = app.test_client().get("/admin/load-excel", headers={"Authorization": "Bearer secreta"})
    assert respuesta.status_code == 500
    assert "https://" in respuesta.json["message"]
    assert len(filas(tablas.leads)) == 1


@pytest.mark.parametrize(
    "cabecera", [{}, {"Authorization": "Bearer otra"}, {"Authorization": "Basic secreta"}]
)
@pytest.mark.parametrize("llave", ["secreta", ""])
def test_en_produccion_las_rutas_de_administracion_piden_su_llave(otra_app, cabecera, llave):
    from pydantic import SecretStr

    web = otra_app(entorno="production", clave_de_administracion=SecretStr(llave)).test_client()
    for metodo, ruta in (
        ("GET", "/admin/load-excel"),
        ("GET", "/admin/exportacion"),
        ("GET", "/admin/importaciones"),
        ("POST", "/admin/importaciones"),
        ("GET", "/admin/importaciones/una"),
        ("DELETE", "/admin/importaciones/una"),
        ("POST", "/admin/importaciones/una/cancelar"),
        ("GET", "/admin/importaciones/una/rechazadas"),
    ):
        respuesta = web.open(ruta, method=metodo, headers=cabecera)
        assert (respuesta.status_code, respuesta.headers["WWW-Authenticate"]) == (401, "Bearer"), ruta


def test_con_la_llave_se_entra(otra_app):
    from pydantic import SecretStr

    web = otra_app(entorno="production", clave_de_administracion=SecretStr("secreta")).test_client()
    assert web.get("/admin/importaciones", headers={"Authorization": "Bearer secreta"}).status_code == 200
