"""`POST /api/actualizar_resultado`: qué deja anotado un resultado."""

from datetime import datetime

import pytest

from tuotempo_leads.infraestructura.tablas import cambios_de_estado, leads, llamadas, rellamadas

from .conftest import RUTA


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
