import threading
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
import sqlalchemy as sa

from chasis.eventos.tablas import OUTBOX
from chasis.idempotencia import RESERVA
from tuotempo_leads.aplicacion import conciliacion
from tuotempo_leads.aplicacion.resultados import ahora
from tuotempo_leads.infraestructura.tablas import citas, rellamadas

DEL_README = "default@tt_adeslas_ecexpd4f_ef3ewl7a_ei4z3vee_44xewswy_sejh"
ANA = {"fname": "Ana", "lname": "Demo", "birthday": "01/01/1980", "phone": "600123456"}


@pytest.fixture
def app(otra_app, simulador):
    return otra_app(tuotempo_url=simulador.url, destinos_de_eventos="leads=canales@http://127.0.0.1:9")


@pytest.fixture
def huecos(web):
    return web.get(f"/slots?area_id={DEL_README}").json["return"]["results"]["availabilities"]


def confirmar(web, hueco, telefono="600123456", clave="", **mas):
    persona = mas if "userid" in mas else {**ANA, "phone": telefono, **mas}
    cuerpo = {"availability": hueco, "communication_phone": telefono, **persona}
    return web.post("/confirm", json=cuerpo, headers={"Idempotency-Key": clave} if clave else {})


def test_salud_es_exactamente_la_del_readme(web):
    assert web.get("/health").json == {"status": "ok", "message": "Service is running"}


def test_los_centros_llegan_como_los_da_tuotempo_y_filtrados(web):
    salida = web.get("/centers?province=Orense").json
    assert (salida["result"], {c["province"] for c in salida["return"]["results"]}) == ("OK", {"Orense"})


def test_los_huecos_son_de_hoy_y_de_la_primera_visita_si_no_se_dice_otra_cosa(huecos):
    assert {hueco["portal_activityid"] for hueco in huecos} == {"sc159232371eb9c1"}


@pytest.mark.parametrize(
    ("consulta", "texto"),
    [
        ("", "area_id is required"),
        ("area_id=+", "area_id is required"),
        ("area_id=x&start_date=2026-09-10", "El campo 'start_date' debe ser una fecha DD/MM/YYYY"),
        ("area_id=x&lang=fr", "El campo 'lang' debe ser 'es', 'en' o 'ca'"),
        ("area_id=x&environment=DEV", "El campo 'environment' debe ser 'PRE' o 'PRO'"),
    ],
)
def test_los_huecos_mal_pedidos_son_un_400(web, consulta, texto):
    salida = web.get(f"/slots?{consulta}")
    assert (salida.status_code, salida.json) == (400, {"success": False, "error": texto, "message": texto})


def test_no_haber_huecos_es_un_200_con_la_lista_vacia_y_el_motivo(web):
    salida = web.get(f"/slots?area_id={DEL_README}&activity_id=ninguna")
    assert (salida.status_code, salida.json["exception"]) == (200, "TUOTEMPO_RESOURCE_NOT_ALLOWED")
    assert salida.json["return"]["results"]["availabilities"] == []


def test_i_no_se_fuerza_ni_la_manana_ni_la_tarde(huecos):
    horas = {hueco["startTime"][:2] for hueco in huecos}
    assert {"09", "18"} <= horas


def test_a6_registrar_y_confirmar_en_dos_peticiones(web, huecos, fila):
    alta = web.post("/register", json=ANA)
    assert (alta.status_code, alta.json["user_info"]["phone"]) == (200, "+34600123456")
    salida = confirmar(web, huecos[0], userid=alta.json["user_info"]["memberid"])
    assert (salida.status_code, salida.json["result"]) == (200, "OK")
    cita = fila(citas)
    assert (cita.id, cita.estado) == (salida.headers["X-Cita-Id"], "confirmada")
    assert (cita.resid, cita.memberid) == (salida.json["return"], alta.json["user_info"]["memberid"])


def test_a6_confirmar_con_los_cuatro_datos_registra_antes(web, huecos):
    salida = confirmar(web, huecos[0])
    assert (salida.status_code, salida.json["return"]) == (200, salida.json["resid"])


@pytest.mark.parametrize("falta", list(ANA))
def test_para_registrar_hacen_falta_los_cuatro_datos(web, falta):
    salida = web.post("/register", json={**ANA, falta: ""})
    texto = "Missing required fields"
    assert (salida.status_code, salida.json) == (400, {"success": False, "error": texto, "message": texto})


@pytest.mark.parametrize("nacimiento", ["01/01/1980", "1980-01-01", "01-01-1980"])
def test_d_a_tuotempo_el_nacimiento_le_llega_siempre_dia_mes_ano(web, nacimiento):
    salida = web.post("/register", json={**ANA, "birthday": nacimiento})
    assert salida.json["user_info"]["birthday"] == "01/01/1980"


@pytest.mark.parametrize("nacimiento", ["31/02/1980", "ayer", "13/13/1980"])
def test_d_un_nacimiento_imposible_es_un_400_y_no_se_inventa_otro(web, nacimiento):
    salida = web.post("/register", json={**ANA, "birthday": nacimiento})
    assert (salida.status_code, "birthday" in salida.json["error"]) == (400, True)


@pytest.mark.parametrize(
    ("cuerpo", "texto"),
    [
        ({}, "Missing required fields"),
        ({"availability": {}}, "Missing required fields"),
        ({"communication_phone": "600123456"}, "Missing required fields"),
        (
            {"availability": {}, "communication_phone": "600123456"},
            "Missing user identity: send userid, or fname, lname, birthday and phone",
        ),
        (
            {"availability": {"areaid": "a"}, "communication_phone": "600123456", "userid": "u"},
            "A availability le falta resourceid, activityid, start_date, startTime, endTime",
        ),
        (
            {"availability": [], "communication_phone": "600123456", "userid": "u"},
            "El campo 'availability' debe ser un objeto",
        ),
        (
            {"availability": {}, "communication_phone": "123", "userid": "u"},
            "El campo 'communication_phone' debe tener al menos nueve cifras",
        ),
    ],
)
def test_una_confirmacion_incompleta_es_un_400_que_dice_que_falta(web, cuerpo, texto):
    salida = web.post("/confirm", json=cuerpo)
    assert (salida.status_code, salida.json["error"]) == (400, texto)


def test_sin_llave_del_entorno_no_se_empieza_nada(web, huecos, filas):
    cuerpo = {"availability": huecos[0], "communication_phone": "600123456", "userid": "u"}
    salida = web.post("/confirm?environment=PRO", json=cuerpo)
    assert (salida.status_code, salida.json["error"]) == (400, "No hay llave de TuoTempo para el entorno PRO")
    assert filas(citas) == []


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


def test_quien_ya_tiene_cita_ese_dia_recibe_un_409_con_el_texto_de_tuotempo(web, huecos, filas):
    confirmar(web, huecos[0])
    salida = confirmar(web, huecos[5])
    assert (salida.status_code, salida.json["exception"]) == (409, "TUOTEMPO_MAX_RES_BOOKED_ONLINE")
    assert salida.json["error"] == salida.json["msg"] == "Ya tiene una cita reservada para este día"
    assert [cita.estado for cita in filas(citas)] == ["confirmada", "rechazada"]


@pytest.mark.parametrize(
    ("codigo", "estado"),
    [
        ("PROVIDER_RESERVATION_CONFLICT_ERROR", 409),
        ("MEMBER_RESERVATION_CONFLICT_ERROR", 409),
        ("TUOTEMPO_MAX_RES_BOOKED_ONLINE", 409),
        ("TUOTEMPO_RESOURCE_NOT_ALLOWED", 404),
        ("TUOTEMPO_RESERVATION_EXCEPTION", 502),
        ("OTRA_COSA", 502),
    ],
)
def test_cada_negativa_de_tuotempo_tiene_su_estado_y_libera_el_hueco(
    web, huecos, simulador, filas, codigo, estado
):
    simulador.fallar("excepcion", "reservations", codigo=codigo, msg="<b>No</b> puede ser", veces=1)
    salida = confirmar(web, huecos[0])
    assert (salida.status_code, salida.json["error"], salida.json["exception"]) == (
        estado,
        "No puede ser",
        codigo,
    )
    assert [cita.estado for cita in filas(citas)] == ["rechazada"]
    assert confirmar(web, huecos[0]).status_code == 200


def test_si_el_registro_falla_no_se_pide_la_cita(web, huecos, simulador, filas):
    simulador.fallar("excepcion", "users", codigo="", msg="No", veces=1)
    salida = confirmar(web, huecos[0])
    assert (salida.status_code, salida.json["error"]) == (400, "Failed to register user")
    assert salida.json["details"]["msg"] == "No"
    simulador.fallar("html", "users", veces=1)
    assert confirmar(web, huecos[0]).status_code == 502
    assert {cita.estado for cita in filas(citas)} == {"rechazada"}
    assert confirmar(web, huecos[0]).status_code == 200


@pytest.mark.parametrize(
    ("fallo", "estado"),
    [
        ({"fallo": "timeout", "segundos": 20}, 504),
        ({"fallo": "truncado"}, 502),
        ({"fallo": "excepcion", "codigo": "PORTAL_TIMEOUT"}, 504),
        ({"fallo": "502"}, 502),
        ({"fallo": "html"}, 502),
    ],
    ids=lambda v: v["fallo"] if isinstance(v, dict) else "",
)
def test_si_no_se_sabe_que_paso_la_cita_queda_desconocida_y_no_se_vuelve_a_pedir(
    app, web, huecos, simulador, fila, fallo, estado
):
    simulador.fallar(ruta="reservations", **fallo)
    salida = confirmar(web, huecos[0])
    assert (salida.status_code, salida.json["estado"]) == (estado, "desconocida")
    simulador.arreglar()
    hechas = simulador.reservas()
    otra = confirmar(web, huecos[0])
    assert (otra.status_code, otra.json["cita_id"], otra.json["estado"]) == (
        409,
        salida.json["cita_id"],
        "desconocida",
    )
    assert confirmar(web, huecos[0], "699999999").status_code == 409
    assert simulador.reservas() == hechas
    assert fila(citas).estado == "desconocida"
    assert "\ncitas_desconocidas 1.0\n" in web.get("/metrics").text


@pytest.fixture
def sin_reposo(monkeypatch):
    monkeypatch.setattr(conciliacion, "REPOSO", timedelta(0))


def test_una_cita_dudosa_que_entro_se_da_por_confirmada_y_se_publica(
    app, web, huecos, simulador, fila, filas, sin_reposo
):
    simulador.fallar("truncado", "reservations", veces=1)
    confirmar(web, huecos[0])
    assert app.extensions["conciliacion"].una_tanda() == 1
    cita = fila(citas)
    assert (cita.estado, cita.motivo, cita.hueco_ocupado) == ("confirmada", "CONCILIADA", None)
    assert [sobre["type"] for sobre in publicados(filas)] == ["CitaConfirmada"]
    assert app.extensions["conciliacion"].una_tanda() == 0


def test_una_cita_dudosa_que_no_entro_se_libera_al_verla_libre_dos_veces(
    app, web, huecos, simulador, fila, sin_reposo
):
    simulador.fallar("502", "reservations", veces=1)
    confirmar(web, huecos[0])
    app.extensions["conciliacion"].una_tanda()
    assert fila(citas).estado == "desconocida"
    app.extensions["conciliacion"].una_tanda()
    cita = fila(citas)
    assert (cita.estado, cita.motivo, simulador.reservas()) == ("rechazada", "NO_SE_RESERVO", 0)
    assert confirmar(web, huecos[0]).status_code == 200


def test_con_tuotempo_caido_una_cita_dudosa_sigue_siendolo(app, web, huecos, simulador, fila, sin_reposo):
    simulador.fallar("502")
    assert confirmar(web, huecos[0], userid="u").status_code == 502
    app.extensions["conciliacion"].una_tanda()
    assert fila(citas).estado == "desconocida"


def test_una_cita_que_perdio_su_proceso_tambien_se_concilia(
    app, web, huecos, simulador, fila, sin_reposo, monkeypatch
):
    monkeypatch.setattr(conciliacion, "MUERTA", timedelta(0))
    confirmar(web, huecos[0])
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(sa.update(citas).values(estado="en_curso", hueco_ocupado="x"))
    app.extensions["conciliacion"].una_tanda()
    assert fila(citas).estado == "confirmada"


def test_si_el_primer_intento_murio_tras_confirmarla_el_segundo_la_reconoce(web, huecos, filas, monkeypatch):
    """Murió después de anotar la cita y antes de guardar la respuesta: TuoTempo ya no daría ese hueco."""
    with monkeypatch.context() as muerte:
        registro = "chasis.idempotencia.Registro"
        muerte.setattr(f"{registro}.anotar", lambda *_: (_ for _ in ()).throw(SystemExit))
        muerte.setattr(f"{registro}.liberar", lambda *_: None)
        with pytest.raises(SystemExit):
            confirmar(web, huecos[0], clave="k")
    (hecha,) = filas(citas)
    despues = time.time() + RESERVA + 1
    monkeypatch.setattr("chasis.idempotencia.time.time", lambda: despues)
    otra = confirmar(web, huecos[0], clave="k")
    assert (otra.status_code, otra.json["result"], otra.json["return"]) == (200, "OK", hecha.resid)
    assert otra.headers["X-Cita-Id"] == hecha.id
    assert len(filas(citas)) == 1


@pytest.mark.parametrize("estado", ["en_curso", "desconocida"])
def test_si_la_hora_se_atrasa_una_cita_dudosa_no_espera_horas(app, web, huecos, fila, estado):
    confirmar(web, huecos[0])
    momento = ahora() + timedelta(hours=3)
    with app.extensions["bd"].escritura() as conexion:
        dudosa = {"estado": estado, "creada_en": momento, "actualizada_en": momento, "hueco_ocupado": "x"}
        conexion.execute(sa.update(citas).values(**dudosa))
    app.extensions["conciliacion"].una_tanda()
    assert fila(citas).estado == "confirmada"


def test_la_cita_queda_ligada_al_contacto_de_ese_telefono_y_cancela_su_rellamada(
    web, alta, huecos, fila, filas
):
    lead = alta(nombre="Ana", apellidos="Demo", telefono="600123456", conPack=True)
    web.post("/api/actualizar_resultado", json={"telefono": "600123456", "horaRellamada": "2030-01-01 10:00"})
    alta_de_ana = web.post("/register", json=ANA).json["user_info"]["memberid"]
    confirmar(web, huecos[0], "+34 600 123 456", userid=alta_de_ana)
    cita = fila(citas)
    assert (cita.lead_id, cita.nombre, cita.con_pack) == (lead, "Ana Demo", True)
    assert fila(rellamadas).estado == "cancelada"
    suceso = publicados(filas)[-1]
    assert suceso["type"] == "CitaConfirmada"
    reloj = datetime.strptime(f"{huecos[0]['start_date']} {huecos[0]['startTime']}", "%d/%m/%Y %H:%M")
    assert suceso["data"] == {
        "cita_id": cita.id,
        "lead_ref": str(lead),
        "telefono": "600123456",
        "nombre": "Ana Demo",
        "centro": huecos[0]["areaTitle"],
        "inicio": reloj.replace(tzinfo=ZoneInfo("Europe/Madrid")).isoformat(),
        "con_pack": True,
    }


def publicados(filas):
    return [orjson.loads(fila.cuerpo) for fila in filas(OUTBOX)]


def test_el_resultado_y_la_rellamada_se_publican_con_el_efecto(web, alta, filas):
    alta(nombre="Ana", telefono="600123456")
    alta(nombre="Berta", telefono="600123456")
    cuerpo = {"telefono": "600123456", "codigoVolverLlamar": "buzon", "horaRellamada": "2025-07-06 12:00"}
    web.post("/api/actualizar_resultado", json=cuerpo)
    web.post("/api/actualizar_resultado", json={"telefono": "600123456", "horaRellamada": "no"})
    sobres = publicados(filas)
    assert [sobre["type"] for sobre in sobres] == [
        "ResultadoLlamadaActualizado",
        "RellamadaProgramada",
        "RellamadaProgramada",
    ]
    assert sobres[0]["data"]["telefono"] == "600123456"
    assert sobres[1]["data"]["momento"] == "2025-07-06T10:00:00+00:00"


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
