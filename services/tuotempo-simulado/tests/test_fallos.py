import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.pila import esperar
from tuotempo_simulado.arranque import crear_app
from tuotempo_simulado.config import Ajustes

AREAS = "/api/v3/tt_portal_adeslas/areas"
EXCEPCIONES = (
    "TUOTEMPO_RESOURCE_NOT_ALLOWED",
    "TUOTEMPO_MAX_RES_BOOKED_ONLINE",
    "PROVIDER_RESERVATION_CONFLICT_ERROR",
    "MEMBER_RESERVATION_CONFLICT_ERROR",
    "TUOTEMPO_RESERVATION_EXCEPTION",
    "PORTAL_TIMEOUT",
    "",
)


def encender(web, **fallo):
    salida = web.post("/_control/fallos", json=fallo)
    assert salida.status_code == 200, salida.json
    return salida.json["fallos"]


def test_un_cuerpo_html(web):
    encender(web, fallo="html")
    salida = web.get(AREAS)
    assert (salida.status_code, salida.mimetype) == (200, "text/html")


def test_un_502(web):
    encender(web, fallo="502")
    assert (web.get(AREAS).status_code, web.get(AREAS).mimetype) == (502, "text/html")


def test_un_json_cortado_llega_despues_del_efecto(web, portal, clinica, hueco):
    usuario = portal.usuario()
    encender(web, fallo="truncado", ruta="reservations")
    with pytest.raises(json.JSONDecodeError):
        portal.reservar(hueco, usuario)
    assert hueco["slotid"] not in [h["slotid"] for h in portal.huecos(clinica)]


@pytest.mark.parametrize("codigo", EXCEPCIONES)
def test_cualquier_excepcion(web, codigo):
    encender(web, fallo="excepcion", codigo=codigo, msg="<b>porque sí</b>")
    salida = web.get(AREAS)
    assert salida.status_code == 200
    assert (salida.json["result"], salida.json["return"]) == ("EXCEPTION", [])
    assert (salida.json["exception"], salida.json["msg"]) == (codigo, "<b>porque sí</b>")


def test_el_portal_que_se_rinde_dice_haber_esperado_veinticinco_segundos(web):
    encender(web, fallo="excepcion")
    salida = web.get(AREAS).json
    assert (salida["exception"], salida["execution_time"]) == ("PORTAL_TIMEOUT", 25018)


def test_lento_es_tarde_pero_bien(web, portal):
    encender(web, fallo="lento", segundos=0.05)
    salida = web.get(AREAS).json
    assert (salida["result"], salida["execution_time"]) == ("OK", 50)


def test_quien_espera_por_un_timeout_despierta_al_apagarlo(app, web, portal, hueco):
    usuario = portal.usuario()
    encender(web, fallo="timeout", segundos=120)
    with ThreadPoolExecutor(1) as hilo:
        pendiente = hilo.submit(type(portal)(app.test_client()).reservar, hueco, usuario)
        esperar(lambda: app.extensions["agenda"].resumen()["reservas"])
        assert not pendiente.done()
        assert web.delete("/_control/fallos").json == {"fallos": []}
        assert pendiente.result(10)["result"] == "OK"


def test_la_provincia_puede_dejar_de_filtrar(web, portal):
    encender(web, fallo="provincia_ignorada", ruta="areas")
    assert len({clinica["province"] for clinica in portal.clinicas(province="Madrid")}) == 12


def test_solo_falla_la_ruta_elegida(web, portal):
    encender(web, fallo="502", ruta="users")
    assert portal.clinicas()
    assert portal.pedir("post", "users", json={}).status_code == 502


def test_falla_las_veces_que_se_diga(web):
    encender(web, fallo="502", veces=2)
    assert [web.get(AREAS).status_code for _ in range(3)] == [502, 502, 200]
    assert web.get("/_control/fallos").json == {"fallos": []}


def test_sin_decir_cuantas_falla_hasta_que_se_apaga(web):
    encender(web, fallo="502")
    assert {web.get(AREAS).status_code for _ in range(5)} == {502}
    web.delete("/_control/fallos")
    assert web.get(AREAS).status_code == 200


def test_las_veces_se_cuentan_bien_a_la_vez(app, web, a_la_vez):
    encender(web, fallo="502", veces=7)
    estados = a_la_vez(lambda _: app.test_client().get(AREAS).status_code, 20)
    assert sorted(estados) == [200] * 13 + [502] * 7


@pytest.mark.parametrize(
    ("campo", "valor"), [("fallo", "otro"), ("ruta", "otra"), ("veces", 0), ("segundos", 999)]
)
def test_un_fallo_mal_pedido_dice_que_campo(web, campo, valor):
    salida = web.post("/_control/fallos", json={"fallo": "502", campo: valor})
    assert (salida.status_code, campo in salida.json["msg"]) == (400, True)


def test_la_latencia_se_configura():
    app = crear_app(Ajustes(_env_file=None, formato_registros="json", latencia_ms=20))
    assert app.test_client().get(AREAS).json["execution_time"] == 20


def test_los_registros_no_llevan_datos_personales(portal, hueco, capsys):
    portal.reservar(hueco, portal.usuario("600123456"), {"Authorization": "Bearer muy-secreta"})
    salida = capsys.readouterr().out
    assert "/reservations" in salida
    for dato in ("600123456", "Ana", "1980", "muy-secreta"):
        assert dato not in salida
