from datetime import datetime

import pytest

from tests.bandeja import publicados
from tuotempo_leads.aplicacion import resultados, usuarios
from tuotempo_leads.infraestructura.tablas import leads, llamadas, rellamadas

RUTA = "/api/actualizar_resultado"
LUNES = datetime(2026, 3, 2, 9)  # las 10:00 en Madrid


@pytest.fixture(autouse=True)
def reloj(monkeypatch):
    """Para poner la hora: `reloj(momento)`; empieza el lunes a las 10:00 de Madrid."""

    def poner(momento):
        monkeypatch.setattr(resultados, "ahora", lambda: momento)

    poner(LUNES)
    return poner


@pytest.fixture
def ana(alta):
    return alta(nombre="Ana", telefono="600 123 456")


@pytest.fixture
def enviar(web):
    def enviar(**campos):
        salida = web.post(RUTA, json={"telefono": "600123456", **campos})
        assert (salida.status_code, salida.json) == (
            200,
            {"success": True, "message": "Lead 600123456 actualizado correctamente."},
        )

    return enviar


@pytest.mark.parametrize(
    ("codigo", "cuando"),
    [
        ("buzon", datetime(2026, 3, 2, 13)),
        ("interrupcion", datetime(2026, 3, 2, 9, 15)),
        ("proble_tecnico", datetime(2026, 3, 2, 9, 30)),
    ],
)
def test_cada_codigo_programa_su_rellamada_sin_cambiar_la_respuesta(enviar, ana, fila, codigo, cuando):
    enviar(codigoVolverLlamar=codigo, razonvueltaallamar="no estaba")
    programada = fila(rellamadas, lead_id=ana)
    assert (programada.momento, programada.codigo, programada.estado) == (cuando, codigo, "pendiente")
    assert programada.motivo == "no estaba"
    assert fila(leads, id=ana).hora_rellamada is None


def test_los_dos_niveles_de_un_codigo_valen_como_el_codigo(enviar, ana, fila):
    enviar(status_level_1="Volver a llamar", status_level_2="buzón")
    assert fila(rellamadas, lead_id=ana).codigo == "buzon"


def test_si_se_dice_una_hora_gana_aunque_sea_de_noche(enviar, ana, fila):
    enviar(codigoVolverLlamar="buzon", horaRellamada="2026-03-02 23:00")
    assert fila(rellamadas, lead_id=ana).momento == datetime(2026, 3, 2, 22)


def test_la_que_cae_fuera_del_horario_legal_se_pasa_a_la_siguiente_apertura(enviar, ana, fila, reloj):
    reloj(datetime(2026, 3, 6, 18))  # viernes a las 19:00
    enviar(codigoVolverLlamar="buzon")
    assert fila(rellamadas, lead_id=ana).momento == datetime(2026, 3, 9, 8)


def test_un_numero_de_colombia_se_rige_por_su_horario(web, alta, fila, reloj):
    carlos = alta(nombre="Carlos", telefono="+57 300 123 4567")
    reloj(datetime(2026, 3, 7, 11))  # sábado a las 6:00 en Bogotá
    web.post(RUTA, json={"telefono": "+57 300 123 4567", "codigoVolverLlamar": "interrupcion"})
    assert fila(rellamadas, lead_id=carlos).momento == datetime(2026, 3, 7, 13)


def test_sigue_habiendo_una_sola_pendiente(enviar, ana, filas):
    for codigo in ("buzon", "interrupcion", "buzon"):
        enviar(codigoVolverLlamar=codigo)
    assert [r.estado for r in filas(rellamadas)] == ["sustituida", "sustituida", "pendiente"]


def test_a_la_quinta_llamada_el_contacto_queda_agotado_y_sin_rellamada(enviar, ana, fila, filas):
    for _ in range(4):
        enviar(codigoVolverLlamar="buzon")
    assert fila(leads, id=ana).lead_status == "open"
    enviar(codigoVolverLlamar="buzon")
    lead = fila(leads, id=ana)
    assert (lead.lead_status, lead.closure_reason, lead.call_attempts_count) == ("closed", "agotado", 5)
    assert filas(rellamadas, estado="pendiente") == []
    assert len(filas(llamadas)) == 5


def test_un_agotado_al_que_se_le_promete_una_hora_vuelve_a_la_cola(enviar, alta, fila):
    agotado = alta(
        telefono="600123456", call_attempts_count=7, lead_status="closed", closure_reason="agotado"
    )
    enviar(horaRellamada="2026-03-03 12:00")
    lead = fila(leads, id=agotado)
    assert (lead.lead_status, lead.closure_reason) == ("open", None)
    assert fila(rellamadas, lead_id=agotado).estado == "pendiente"


@pytest.mark.parametrize("final", [{"codigoNoInteres": "otros"}, {"nuevaCita": "2026-03-10 10:00"}])
def test_un_resultado_final_cancela_la_reciclada(enviar, ana, fila, final):
    enviar(codigoVolverLlamar="buzon")
    enviar(**final)
    assert fila(rellamadas, lead_id=ana).estado == "cancelada"


def test_un_resultado_sin_codigo_ni_hora_deja_la_pendiente_como_esta(enviar, ana, fila):
    enviar(codigoVolverLlamar="buzon")
    enviar(conPack=True)
    assert fila(rellamadas, lead_id=ana).estado == "pendiente"


def test_la_reciclada_se_publica_y_hace_crecer_la_version_como_una_pedida(otra_app, ana, fila):
    con_destino = otra_app(destinos_de_eventos="leads=partners@http://127.0.0.1:9", clave_de_eventos="x" * 32)
    cuerpo = {"telefono": "600123456", "codigoVolverLlamar": "buzon"}
    assert con_destino.test_client().post(RUTA, json=cuerpo).status_code == 200
    assert [sobre["type"] for sobre in publicados(con_destino.extensions["bd"])] == [
        "ResultadoLlamadaActualizado",
        "RellamadaProgramada",
    ]
    assert fila(leads, id=ana).version == 3


def test_si_no_se_puede_programar_tampoco_queda_anotada_la_llamada(web, ana, fila, filas, monkeypatch):
    def fallar(*_):
        raise RuntimeError

    monkeypatch.setattr(resultados.rellamadas, "cumplir", fallar)
    assert web.post(RUTA, json={"telefono": "600123456", "codigoVolverLlamar": "buzon"}).status_code == 500
    assert filas(llamadas) == []
    assert fila(leads, id=ana).call_attempts_count == 0


def test_la_reciclada_conserva_al_agente_del_contacto(app, enviar, alta, fila):
    with app.extensions["bd"].escritura() as conexion:
        agente = usuarios.crear(conexion, "marta", "una-clave-larga", "agente")
    suyo = alta(telefono="600123456", agente_id=agente)
    enviar(codigoVolverLlamar="buzon")
    assert fila(rellamadas, lead_id=suyo).agente_id == agente
