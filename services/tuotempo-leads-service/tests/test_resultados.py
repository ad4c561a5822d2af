import json
from datetime import datetime

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tuotempo_leads.infraestructura.tablas import cambios_de_estado, leads, llamadas, rellamadas

RUTA = "/api/actualizar_resultado"


@pytest.fixture
def ana(alta):
    return alta(nombre="Ana", apellidos="Demo", telefono="+34 600 123 456")


@pytest.fixture
def enviar(web):
    def enviar(telefono="600123456", **campos):
        salida = web.post(RUTA, json={"telefono": telefono, **campos})
        assert salida.status_code == 200 or salida.json["error"] == salida.json["message"]
        return salida.status_code, salida.json["message"]

    return enviar


def test_el_ejemplo_del_readme_deja_lo_que_dice(web, ana, fila):
    cuerpo = {
        "telefono": "600123456",
        "status_level_1": "Volver a llamar",
        "codigoVolverLlamar": "buzon",
        "horaRellamada": "2025-07-06 12:00",
    }
    salida = web.post(RUTA, json=cuerpo)
    assert (salida.status_code, salida.json) == (
        200,
        {"success": True, "message": "Lead 600123456 actualizado correctamente."},
    )
    assert salida.headers["X-Leads-Actualizados"] == "1"
    lead = fila(leads, id=ana)
    assert (lead.status_level_1, lead.status_level_2) == ("Volver a llamar", "buzón")
    assert lead.hora_rellamada == datetime(2025, 7, 6, 12)
    assert lead.resultado_llamada == "volver a marcar"


@pytest.mark.parametrize(
    "recibido", ["600123456", 600123456, "+34 600 123 456", "0034600123456", "600-123-456", 600123456.0]
)
def test_b_el_telefono_guardado_con_prefijo_se_encuentra_igual(web, ana, recibido):
    salida = web.post(RUTA, json={"telefono": recibido, "conPack": True})
    assert salida.json == {"success": True, "message": f"Lead {recibido} actualizado correctamente."}


@pytest.mark.parametrize(
    ("cuerpo", "texto"),
    [
        ({}, "Se requiere el número de teléfono"),
        ({"telefono": None, "conPack": True}, "Se requiere el número de teléfono"),
        ({"telefono": "", "conPack": True}, "Se requiere el número de teléfono"),
        ({"telefono": "  ", "nuevaCita": "ayer"}, "Se requiere el número de teléfono"),
        ({"telefono": "600123456"}, "No se proporcionaron datos para actualizar"),
        ({"telefono": "600123456", "status_level_1": None}, "No se proporcionaron datos para actualizar"),
        ({"telefono": "600123456", "status_level_2": " "}, "No se proporcionaron datos para actualizar"),
        ({"telefono": "600123456", "otro": 1}, "No se proporcionaron datos para actualizar"),
        ({"telefono": "600123456", "noInteresado": False}, "No se proporcionaron datos para actualizar"),
        ({"telefono": "abc", "conPack": True}, "El teléfono abc no tiene nueve cifras"),
        ({"telefono": True, "conPack": True}, "El campo 'telefono' debe ser un texto"),
        ({"telefono": "600123456", "conPack": "quizá"}, "El campo 'conPack' debe ser verdadero o falso"),
        ({"telefono": "600123456", "conPack": 2}, "El campo 'conPack' debe ser verdadero o falso"),
        (
            {"telefono": "600123456", "status_level_1": "x" * 101},
            "El campo 'status_level_1' admite como máximo 100 caracteres",
        ),
        ({"telefono": "600123456", "razonNoInteres": 5}, "El campo 'razonNoInteres' debe ser un texto"),
        (
            {"telefono": "600123456", "nuevaCita": "2025-02-30 10:00"},
            "Formato de fecha inválido: 2025-02-30 10:00. Use YYYY-MM-DD HH:MM (campo nuevaCita)",
        ),
        (
            {"telefono": "600123456", "codigoNoInteres": "nada"},
            (
                "El valor de codigoNoInteres no es válido: nada. "
                "Valores admitidos: no disponibilidad, descontento, bajaProxima, otros"
            ),
        ),
        (
            {"telefono": "600123456", "codigoVolverLlamar": ["x", "buzon"]},
            (
                "El valor de codigoVolverLlamar no es válido: x. "
                "Valores admitidos: buzon, interrupcion, proble_tecnico"
            ),
        ),
        (
            {"telefono": "600123456", "codigoNoInteres": "otros", "codigoVolverLlamar": "buzon"},
            (
                "Envíe solo uno de los dos códigos: codigoNoInteres (no disponibilidad, descontento, bajaProxima, "
                "otros) o codigoVolverLlamar (buzon, interrupcion, proble_tecnico)"
            ),
        ),
    ],
    ids=lambda valor: json.dumps(valor)[:60] if isinstance(valor, dict) else "",
)
def test_lo_que_no_vale_es_un_400_que_lo_dice_y_no_cambia_nada(web, ana, fila, cuerpo, texto):
    antes = fila(leads, id=ana)
    salida = web.post(RUTA, json=cuerpo)
    assert (salida.status_code, salida.json) == (
        400,
        {"success": False, "error": texto, "message": texto},
    )
    assert fila(leads, id=ana) == antes


def test_un_telefono_de_nadie_es_un_404_con_el_telefono_recibido(enviar):
    texto = "No se encontró ningún lead con el teléfono +34 699 999 999"
    assert enviar("+34 699 999 999", conPack=True) == (404, texto)


def test_b_un_telefono_vacio_no_alcanza_a_los_contactos_sin_telefono(alta, fila, enviar):
    mudo = alta(nombre="Sin teléfono", telefono=None)
    assert enviar("abc", conPack=True)[0] == 400
    assert fila(leads, id=mudo).conPack is False


@pytest.mark.parametrize(
    ("campo", "codigo", "niveles", "resultado"),
    [
        ("codigoNoInteres", "no disponibilidad", "No Interesado|no disponibilidad cliente", "no interesado"),
        ("codigoNoInteres", "descontento", "No Interesado|Descontento con Adeslas", "no interesado"),
        ("codigoNoInteres", "bajaProxima", "No Interesado|Próxima baja", "no interesado"),
        ("codigoNoInteres", " BAJAPROXIMA ", "No Interesado|Próxima baja", "no interesado"),
        ("codigoNoInteres", "otros", "No Interesado|No da motivos", "no interesado"),
        ("codigoVolverLlamar", "buzon", "Volver a llamar|buzón", "volver a marcar"),
        ("codigoVolverLlamar", "Buzón", "Volver a llamar|buzón", "volver a marcar"),
        ("codigoVolverLlamar", ["buzon"], "Volver a llamar|buzón", "volver a marcar"),
        ("codigoVolverLlamar", "interrupcion", "Volver a llamar|no disponible cliente", "volver a marcar"),
        (
            "codigoVolverLlamar",
            "proble_tecnico",
            "Volver a llamar|Interesado. Problema técnico",
            "volver a marcar",
        ),
        (
            "codigoVolverLlamar",
            "proble tecnico",
            "Volver a llamar|Interesado. Problema técnico",
            "volver a marcar",
        ),
    ],
)
def test_e_cada_codigo_deja_sus_dos_niveles_exactos(enviar, ana, fila, campo, codigo, niveles, resultado):
    assert enviar(status_level_1="otra cosa", status_level_2="otra más", **{campo: codigo})[0] == 200
    lead = fila(leads, id=ana)
    assert f"{lead.status_level_1}|{lead.status_level_2}" == niveles
    assert lead.resultado_llamada == resultado


def test_e_un_estado_conocido_escrito_de_otra_manera_se_guarda_con_su_texto(enviar, ana, fila):
    enviar(status_level_1=" no  INTERESADO ", status_level_2="PROXIMA BAJA")
    lead = fila(leads, id=ana)
    assert (lead.status_level_1, lead.status_level_2) == ("No Interesado", "Próxima baja")


def test_e_un_estado_que_no_conocemos_se_guarda_tal_cual(enviar, ana, fila):
    enviar(status_level_1="Pendiente de documentación")
    assert fila(leads, id=ana).status_level_1 == "Pendiente de documentación"


def test_e_solo_lo_explicitamente_verdadero_es_un_pack(enviar, ana, fila):
    for valor, guardado in (("true", True), ("false", False), (1, True), ("0", False), (True, True)):
        enviar(conPack=valor)
        assert fila(leads, id=ana).conPack is guardado


def test_no_interesado_manda_en_el_primer_nivel_y_solo_en_el(enviar, ana, fila):
    enviar(status_level_1="Volver a llamar", status_level_2="buzón", noInteresado=True)
    lead = fila(leads, id=ana)
    assert (lead.status_level_1, lead.status_level_2) == ("No Interesado", "buzón")


def test_f_nulo_y_vacio_no_borran_y_falso_si_es_un_valor(enviar, ana, fila):
    enviar(status_level_2="buzón", conPack=True, errorTecnico=True, razonNoInteres="caro")
    enviar(status_level_2="", conPack=None, errorTecnico=False, razonNoInteres=None)
    lead = fila(leads, id=ana)
    assert (lead.status_level_2, lead.conPack, lead.error_tecnico, lead.razon_no_interes) == (
        "buzón",
        True,
        False,
        "caro",
    )


def test_a5_la_cita_se_escribe_donde_se_lee(web, enviar, ana):
    enviar(nuevaCita="10/09/2026 12:30", conPack=True)
    (contacto,) = web.get("/api/obtener_resultados?resultado=cita con pack").json["contactos"]
    assert (contacto["cita"], contacto["conPack"]) == ("2026-09-10 12:30:00", 1)


@pytest.mark.parametrize(("pack", "nivel_2"), [(True, "Con Pack"), (False, "Sin Pack"), (None, "Sin Pack")])
def test_una_cita_sin_estado_cuenta_como_cita_agendada(enviar, ana, fila, pack, nivel_2):
    enviar(nuevaCita="2026-09-10 12:30", conPack=pack)
    lead = fila(leads, id=ana)
    assert (lead.status_level_1, lead.status_level_2) == ("Cita Agendada", nivel_2)


def test_c_repetir_lo_mismo_sigue_siendo_un_200_y_queda_en_la_historia(enviar, ana, filas):
    for _ in range(3):
        assert enviar(codigoVolverLlamar="buzon")[0] == 200
    assert len(filas(llamadas, lead_id=ana)) == 3
    assert len(filas(cambios_de_estado, lead_id=ana)) == 1


def test_d_una_hora_que_no_existe_es_un_400_y_una_repetida_es_la_primera(enviar, ana, fila):
    estado, texto = enviar(horaRellamada="2026-03-29 02:30")
    assert (estado, "no existe" in texto, "horaRellamada" in texto) == (400, True, True)
    assert enviar(horaRellamada="2026-10-25 02:30")[0] == 200
    assert fila(rellamadas, lead_id=ana).momento == datetime(2026, 10, 25, 0, 30)


def test_todos_los_contactos_del_telefono_se_actualizan_en_un_solo_200(web, alta, filas):
    for telefono in ("600123456", "+34600123456", "600 12 34 56"):
        alta(telefono=telefono)
    ajeno = alta(telefono="611111111", telefono2="600123456")
    salida = web.post(RUTA, json={"telefono": "600123456", "codigoNoInteres": "otros"})
    assert (salida.status_code, salida.headers["X-Leads-Actualizados"]) == (200, "3")
    estados = {lead.id: lead.status_level_1 for lead in filas(leads)}
    assert estados.pop(ajeno) is None
    assert set(estados.values()) == {"No Interesado"}


def test_una_rellamada_nueva_sustituye_a_la_pendiente_y_un_final_la_cancela(enviar, ana, filas):
    enviar(horaRellamada="2026-09-10 10:00", codigoVolverLlamar="buzon")
    enviar(horaRellamada="2026-09-10 12:00", codigoVolverLlamar="interrupcion")
    assert [(r.estado, r.codigo) for r in filas(rellamadas)] == [
        ("sustituida", "buzon"),
        ("pendiente", "interrupcion"),
    ]
    enviar(codigoNoInteres="otros")
    assert [r.estado for r in filas(rellamadas)] == ["sustituida", "cancelada"]


def test_el_cambio_de_estado_queda_anotado_con_el_antes_y_el_despues(enviar, ana, filas):
    enviar(codigoVolverLlamar="buzon")
    enviar(codigoNoInteres="otros")
    cambios = [(c.de_nivel_1, c.a_nivel_1, c.a_nivel_2) for c in filas(cambios_de_estado, lead_id=ana)]
    assert cambios == [
        (None, "Volver a llamar", "buzón"),
        ("Volver a llamar", "No Interesado", "No da motivos"),
    ]


def test_veinte_resultados_a_la_vez_del_mismo_contacto_quedan_todos(app, ana, fila, filas, a_la_vez):
    def enviar(n):
        cuerpo = {"telefono": "600123456", "razonNoInteres": f"n{n}", "horaRellamada": "2026-09-10 10:00"}
        return app.test_client().post(RUTA, json=cuerpo).status_code

    assert set(a_la_vez(enviar, 20)) == {200}
    lead = fila(leads, id=ana)
    assert (lead.call_attempts_count, lead.version) == (20, 41)
    assert len(filas(llamadas)) == 20
    assert len(filas(rellamadas, estado="pendiente")) == 1


def test_la_misma_clave_de_idempotencia_no_anota_dos_llamadas(web, ana, filas):
    cuerpo, cabeceras = {"telefono": "600123456", "conPack": True}, {"Idempotency-Key": "llamada-1"}
    primera, segunda = (web.post(RUTA, json=cuerpo, headers=cabeceras) for _ in range(2))
    assert (segunda.json, segunda.headers["Idempotent-Replayed"]) == (primera.json, "true")
    assert len(filas(llamadas)) == 1


@pytest.mark.parametrize(
    ("datos", "tipo", "estado"),
    [
        ("[]", "application/json", 400),
        ("{", "application/json", 400),
        ('"600123456"', "application/json", 400),
        ("telefono=600123456", "application/x-www-form-urlencoded", 400),
        ("{}", "text/plain", 400),
        ("", "application/json", 400),
    ],
)
def test_un_cuerpo_que_no_es_un_objeto_json_es_un_400_en_json(web, datos, tipo, estado):
    salida = web.post(RUTA, data=datos, content_type=tipo)
    assert (salida.status_code, salida.json["success"]) == (estado, False)
    assert salida.json["error"] == salida.json["message"]


@pytest.mark.parametrize(
    ("resultado", "esperados"),
    [
        (None, ["Ana", "Berta", "Carla"]),
        ("no interesado", ["Ana"]),
        ("NO INTERESADO", ["Ana"]),
        ("volver a marcar", ["Berta"]),
        ("Volver a Llamar", ["Berta"]),
        ("buzon", ["Berta"]),
        ("cita sin pack", ["Carla"]),
        ("cita con pack", []),
        ("%", []),
    ],
)
def test_se_obtienen_los_contactos_de_un_resultado(web, alta, enviar, resultado, esperados):
    for numero, nombre in enumerate(("Ana", "Berta", "Carla")):
        alta(nombre=nombre, telefono=f"60000000{numero}")
    enviar("600000000", codigoNoInteres="descontento")
    enviar("600000001", codigoVolverLlamar="buzon")
    enviar("600000002", nuevaCita="2026-09-10 12:30")
    consulta = {} if resultado is None else {"resultado": resultado}
    salida = web.get("/api/obtener_resultados", query_string=consulta)
    assert (salida.status_code, salida.json["success"], salida.json["count"]) == (200, True, len(esperados))
    assert [contacto["nombre"] for contacto in salida.json["contactos"]] == esperados


def test_los_resultados_se_paginan_y_la_lista_entera_se_escribe_por_trozos(web, alta):
    for numero in range(1203):
        alta(telefono=f"6{numero:08}")
    salida = web.get("/api/obtener_resultados")
    assert (salida.content_length, salida.json["count"], len(salida.json["contactos"])) == (None, 1203, 1203)
    pagina = web.get("/api/obtener_resultados?page=2&per_page=500")
    assert (pagina.json["count"], pagina.headers["X-Total-Count"]) == (500, "1203")


def test_j_con_api_key_puesta_se_exige_en_toda_la_api(otra_app):
    web = otra_app(clave_de_api=SecretStr("una-llave")).test_client()
    for ruta in ("/api/status", "/api/obtener_resultados"):
        salida = web.get(ruta)
        assert (salida.status_code, salida.json["success"]) == (401, False)
        assert web.get(ruta, headers={"X-API-Key": "otra"}).status_code == 401
        assert web.get(ruta, headers={"X-API-Key": "una-llave"}).status_code == 200
        assert web.get(ruta, headers={"Authorization": "Bearer una-llave"}).status_code == 200
    assert web.get("/health/live").status_code == 200


def test_el_estado_de_la_api_es_el_de_siempre(web):
    salida = web.get("/api/status").json
    assert list(salida) == ["status", "timestamp", "service"]
    assert (salida["status"], salida["service"]) == ("online", "API Resultado Llamada")
    datetime.strptime(salida["timestamp"], "%Y-%m-%d %H:%M:%S")


def test_j_sin_base_de_datos_es_un_500_que_no_ensena_nada_por_dentro(app, web, ana):
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(sa.text("DROP TABLE llamadas"))
    for salida in (web.post(RUTA, json={"telefono": "600123456", "conPack": True}),):
        assert salida.status_code == 500
        assert salida.json["error"].startswith("Error de ")
        assert "llamadas" not in salida.text
