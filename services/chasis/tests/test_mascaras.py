import io
import json

import pytest

from chasis import contexto, mascaras, registros


@pytest.mark.parametrize(
    ("clave", "valor", "tapado"),
    [
        ("telefono", "600123456", "******456"),
        ("telefono2", 600123456, "******456"),
        ("documento", "30111222", "***222"),
        ("nombre", "María López", "M***"),
        ("password", "hunter2", "***"),
        ("access_token", "eyJ...", "***"),
        ("Authorization", "Bearer abc", "***"),
        ("detalle", "no existe ana.ruiz@example.com aquí", "no existe a***@e… aquí"),
        ("detalle", "cabecera Bearer abc.def-ghi", "cabecera Bearer ***"),
        ("ruta", "/clientes/<id>", "/clientes/<id>"),
    ],
)
def test_los_datos_personales_y_los_secretos_no_llegan_al_registro(clave, valor, tapado):
    assert mascaras.tapar({clave: valor}) == {clave: tapado}


def test_una_linea_lleva_servicio_peticion_y_traza(monkeypatch):
    salida = io.StringIO()
    monkeypatch.setattr("sys.stdout", salida)
    registros.configurar("prueba", "json")
    contexto.iniciar("pedido-1", "00-" + "a" * 32 + "-" + "b" * 16 + "-01")

    registros.structlog.get_logger().info("alta", telefono="600123456", veces=2)

    linea = json.loads(salida.getvalue())
    assert linea.pop("hora").endswith("+00:00")
    assert linea == {
        "level": "info",
        "servicio": "prueba",
        "event": "alta",
        "telefono": "******456",
        "veces": 2,
        "peticion": "pedido-1",
        "traza": "a" * 32,
    }


def test_lo_que_escriben_las_bibliotecas_sale_igual_y_tapado(monkeypatch):
    salida = io.StringIO()
    monkeypatch.setattr("sys.stdout", salida)
    registros.configurar("prueba", "json")

    registros.logging.getLogger("urllib3").warning("no contesta %s", "ana@example.com")

    linea = json.loads(salida.getvalue())
    assert (linea["servicio"], linea["level"], linea["event"]) == ("prueba", "warning", "no contesta a***@e…")


def test_el_servidor_de_desarrollo_dice_donde_escucha_pero_no_quien_llama(monkeypatch):
    salida = io.StringIO()
    monkeypatch.setattr("sys.stdout", salida)
    registros.configurar("prueba", "json")
    servidor = registros.logging.getLogger("werkzeug")

    servidor.info(" * Running on http://127.0.0.1:5000")
    servidor.info('127.0.0.1 - - "%s" %s %s', "GET /clientes/Maria%20Lopez", 200, "-")

    assert salida.getvalue() == " * Running on http://127.0.0.1:5000\n"


def test_por_muchas_claves_distintas_que_se_vean_la_siguiente_tambien_se_tapa():
    for numero in range(1100):
        mascaras.tapar({f"clave_rara_{numero}": "x"})
    assert mascaras.tapar({"telefono_nuevo": "600123456"}) == {"telefono_nuevo": "******456"}
