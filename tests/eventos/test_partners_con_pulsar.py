"""partners-service con su trabajador y un broker de verdad: publica lo que pasa y obedece órdenes."""

import threading

import orjson
import pulsar
import pytest

from chasis.eventos.sobre import Evento, escribir
from partners.arranque import crear_app
from partners.config import Ajustes
from partners.entradas.consumidores import CrearPartner
from tests.contenedores import CON_CONTENEDORES
from tests.pila import esperar

pytestmark = [
    pytest.mark.skipif(not CON_CONTENEDORES, reason="necesita Docker: make test-integracion"),
    pytest.mark.timeout(200),
]
API = "/api/v1/partners"


@pytest.fixture
def partners(servidor_pulsar, tmp_path, url_vacia):
    """El servicio y, en hilos de este proceso, lo que hace su trabajador."""
    app = crear_app(
        Ajustes(
            _env_file=None,
            base_de_datos=url_vacia("postgresql"),
            directorio_datos=tmp_path,
            transporte_de_eventos="pulsar",
            pulsar_url=servidor_pulsar[0],
            destinos_de_eventos="partners=observador",
        )
    )
    eventos, fin = app.extensions["eventos"], threading.Event()
    hilos = eventos.lanzar(fin)
    yield app.test_client()
    fin.set()
    for hilo in hilos:
        hilo.join(20)
    eventos.pulsar.cerrar()
    app.extensions["bd"].cerrar()


@pytest.fixture
def cliente(servidor_pulsar):
    cliente = pulsar.Client(servidor_pulsar[0], logger=pulsar.ConsoleLogger(pulsar.LoggerLevel.Error))
    yield cliente
    cliente.close()


def test_un_partner_creado_por_http_se_ve_como_evento(partners, cliente):
    observador = cliente.subscribe(
        "persistent://public/default/partners",
        "observador",
        consumer_type=pulsar.ConsumerType.KeyShared,
        initial_position=pulsar.InitialPosition.Earliest,
    )
    alta = {"nombre": "Empresa ABC", "email": "contacto@empresaabc.com"}
    salida = partners.post(API, json=alta, headers={"X-Request-ID": "alta-1"})
    mensaje = observador.receive(timeout_millis=60_000)
    evento = Evento.model_validate(orjson.loads(mensaje.data()))
    assert (evento.tipo, evento.correlacion) == ("PartnerCreado", "alta-1")
    assert evento.datos["partner_id"] == salida.json["partner"]["id"] == mensaje.partition_key()


def test_la_orden_crear_partner_tiene_el_mismo_efecto_que_el_post(partners, cliente):
    productor = cliente.create_producer("persistent://public/default/comandos-partners")
    orden = CrearPartner("Seguros La Encina", "hola@laencina.example", None, None)
    _, cuerpo = escribir("otro-sistema", "comandos-partners", orden, "hola@laencina.example", 1)
    for _ in range(2):  # repetida, el segundo intento no hace nada
        productor.send(cuerpo, partition_key="hola@laencina.example")
    esperar(lambda: partners.get(API).json["total"] == 1, 60)
    assert partners.get(API).json["partners"][0]["nombre"] == "Seguros La Encina"
