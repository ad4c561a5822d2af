"""Una cita se pide una vez, la pidan cuantos la pidan y muera quien muera."""

import threading

from chasis.idempotencia import RESERVA
from tuotempo_leads.infraestructura.tablas import citas

from .conftest import ANA, confirmar


def test_k_veinte_confirmaciones_a_la_vez_de_un_hueco_dan_una_sola_cita(
    app, huecos, simulador, filas, a_la_vez
):
    def pedir(n):
        return confirmar(app.test_client(), huecos[0], f"6001234{n:02}")

    salidas = a_la_vez(pedir, 20)
    assert sorted(salida.status_code for salida in salidas) == [200] + [409] * 19
    assert simulador.reservas() == 1
    assert len(filas(citas, estado="confirmada")) == 1
    for salida in salidas:
        if salida.status_code == 409:
            assert salida.json["exception"] == "PROVIDER_RESERVATION_CONFLICT_ERROR"
            assert (salida.json["success"], salida.json["error"]) == (False, salida.json["message"])


def test_si_el_primer_intento_murio_tras_confirmarla_el_segundo_la_reconoce(
    web, huecos, filas, morir_sin_contestar
):
    """Murió después de anotar la cita y antes de guardar la respuesta: TuoTempo ya no daría ese hueco."""
    morir_sin_contestar(lambda: confirmar(web, huecos[0], clave="k"), RESERVA)
    (hecha,) = filas(citas)
    otra = confirmar(web, huecos[0], clave="k")
    assert (otra.status_code, otra.json["result"], otra.json["return"]) == (200, "OK", hecha.resid)
    assert otra.headers["X-Cita-Id"] == hecha.id
    assert len(filas(citas)) == 1


def test_repetir_una_confirmacion_con_su_clave_da_la_misma_respuesta(web, huecos, simulador):
    cuerpo = {"availability": huecos[0], "communication_phone": "600123456", **ANA}
    primera, segunda = (
        web.post("/confirm", json=cuerpo, headers={"Idempotency-Key": "cita-1"}) for _ in range(2)
    )
    assert (segunda.status_code, segunda.json) == (200, primera.json)
    assert segunda.headers["Idempotent-Replayed"] == "true"
    assert simulador.reservas() == 1


def test_k_mientras_tuotempo_contesta_no_hay_ninguna_conexion_ocupada(app, web, huecos, simulador):
    simulador.fallar("lento", "reservations", segundos=0.5)
    hilo = threading.Thread(target=lambda: confirmar(app.test_client(), huecos[0]))
    hilo.start()
    bd, ocupadas = app.extensions["bd"], []
    while hilo.is_alive():
        ocupadas.append(bd.motor.pool.checkedout())
        hilo.join(0.02)
    assert ocupadas.count(0) > len(ocupadas) / 2


def test_i_ni_la_llave_ni_los_datos_de_la_persona_salen_en_los_registros(web, huecos, capsys):
    confirmar(web, huecos[0])
    escrito = capsys.readouterr().out
    for secreto in ("600123456", "Ana", "01/01/1980", "simulador-llave", "Bearer"):
        assert secreto not in escrito


def test_h_confirmar_no_depende_de_lo_que_otro_proceso_recordara(otra_app, web, huecos, simulador):
    alta = web.post("/register", json=ANA).json["user_info"]["memberid"]
    otro_proceso = otra_app(tuotempo_url=simulador.url).test_client()
    assert confirmar(otro_proceso, huecos[0], userid=alta).status_code == 200
