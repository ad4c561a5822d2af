from datetime import datetime

import pytest
import sqlalchemy as sa

from tuotempo_leads.aplicacion import exclusiones as excluir, resultados
from tuotempo_leads.entradas.panel import ficha
from tuotempo_leads.infraestructura.tablas import cambios_de_estado, leads, llamadas, rellamadas

AHORA = datetime(2026, 3, 2, 9, 30)  # lunes, las 10:30 en Madrid


@pytest.fixture(autouse=True)
def reloj(monkeypatch):
    monkeypatch.setattr(ficha, "ahora", lambda: AHORA)
    monkeypatch.setattr(resultados, "ahora", lambda: AHORA)


@pytest.fixture
def ana(alta):
    return alta(nombre="Ana", apellidos="Demo", telefono="600 123 456", nombre_clinica="Clínica Demo")


@pytest.fixture
def anotar(ana):
    def anotar(panel, **datos):
        return panel.enviar(f"/clinica/{ana}/resultado", **datos)

    return anotar


def test_ensena_quien_es_y_que_aun_no_le_ha_pasado_nada(panel, ana):
    pagina = panel("agente").ver(f"/clinica/{ana}").text
    assert all(texto in pagina for texto in ("Ana Demo", "600 123 456", "Clínica Demo", "Sin llamar"))
    assert "Aún no le ha pasado nada" in pagina


def test_la_de_nadie_se_dice_y_lleva_a_otra_parte(panel):
    perdida = panel().ver("/clinica/999", follow_redirects=True)
    assert (perdida.request.path, "Clínica no encontrada" in perdida.text) == ("/leads", True)


def test_la_grabacion_solo_se_enlaza_si_es_una_direccion_web(panel, alta):
    uno = panel()
    mala = alta(nombre="Ana", call_recording_url="javascript:alert(1)")
    buena = alta(nombre="Ana", call_recording_url="https://grabaciones.example.org/1.mp3")
    assert "javascript:" not in uno.ver(f"/clinica/{mala}").text
    assert 'href="https://grabaciones.example.org/1.mp3"' in uno.ver(f"/clinica/{buena}").text


def test_la_historia_cuenta_llamadas_cambios_y_rellamadas_con_quien(panel, ana, anotar, web):
    web.post("/api/actualizar_resultado", json={"telefono": "600123456", "codigoVolverLlamar": "buzon"})
    marta = panel("agente", "marta")
    anotar(marta, tipo="no", codigo_no="descontento", razon="muy caro")
    pagina = marta.ver(f"/clinica/{ana}").text
    historia = pagina[pagina.index('class="historia"') :]
    for texto in (
        "Llamada: Volver a llamar · buzón",
        "el bot o el CRM",
        "Sin llamar → Volver a llamar · buzón",
        "Rellamada cancelada, para el 02/03/2026 14:30",
        "Llamada: No Interesado · Descontento con Adeslas",
        "muy caro",
        "marta",
        "Volver a llamar · buzón → No Interesado · Descontento con Adeslas",
    ):
        assert texto in historia


def test_un_resultado_pasa_por_el_mismo_caso_de_uso_que_la_api(panel, ana, anotar, fila):
    marta = panel("agente", "marta")
    salida = anotar(marta, tipo="volver", codigo_volver="interrupcion", razon="reunido")
    assert (salida.status_code, salida.location) == (302, f"/clinica/{ana}")
    assert "Resultado anotado." in marta.ver(f"/clinica/{ana}").text
    lead, llamada = fila(leads, id=ana), fila(llamadas, lead_id=ana)
    assert (lead.status_level_1, lead.status_level_2) == ("Volver a llamar", "no disponible cliente")
    assert lead.call_attempts_count == 1
    assert (llamada.origen, llamada.razon_vuelta_a_llamar) == ("panel", "reunido")
    assert llamada.usuario_id is not None
    assert fila(cambios_de_estado, lead_id=ana).usuario_id == llamada.usuario_id
    assert fila(rellamadas, lead_id=ana).momento == datetime(2026, 3, 2, 9, 45)


def test_una_cita_dicha_a_mano_queda_agendada(panel, anotar, ana, fila):
    anotar(panel(), tipo="cita", cita="2026-03-10T12:30", pack="1")
    lead = fila(leads, id=ana)
    assert (lead.status_level_1, lead.status_level_2, lead.cita) == (
        "Cita Agendada",
        "Con Pack",
        datetime(2026, 3, 10, 12, 30),
    )


def test_solo_cuentan_los_campos_del_tipo_elegido(panel, anotar, ana, fila):
    anotar(panel(), tipo="no", codigo_no="otros", codigo_volver="buzon", hora="2026-03-03T10:00")
    assert fila(leads, id=ana).status_level_2 == "No da motivos"
    assert fila(leads, id=ana).hora_rellamada is None


def test_a_una_hora_prohibida_se_propone_la_siguiente_apertura_y_no_se_guarda_nada(panel, anotar, filas):
    salida = anotar(panel(), tipo="volver", hora="2026-03-06T22:00", razon="mejor el viernes")
    assert salida.status_code == 400
    assert "A esa hora no se puede llamar a ES" in salida.text
    assert "lun 09/03 09:00" in salida.text
    assert 'value="2026-03-09T09:00"' in salida.text
    assert "mejor el viernes</textarea>" in salida.text
    assert filas(llamadas) == []


@pytest.mark.parametrize(
    ("datos", "queja"),
    [
        ({}, "Elige qué ha pasado en la llamada"),
        ({"tipo": "volver"}, "Di por qué hay que volver a llamar, o a qué hora"),
        ({"tipo": "volver", "hora": "2026-03-01T10:00"}, "Esa hora ya ha pasado"),
        ({"tipo": "volver", "hora": "mañana"}, "Formato de fecha inválido"),
        ({"tipo": "volver", "codigo_volver": "nada"}, "codigoVolverLlamar no es válido"),
        ({"tipo": "no"}, "Di por qué no le interesa"),
        ({"tipo": "cita"}, "Di qué día y a qué hora es la cita"),
        ({"tipo": "no", "codigo_no": "x" * 60}, "admite como máximo 50 caracteres"),
    ],
)
def test_lo_que_falta_o_no_vale_se_explica_y_no_cambia_nada(panel, anotar, filas, datos, queja):
    salida = anotar(panel(), **datos)
    assert salida.status_code == 400
    assert queja in salida.text
    assert filas(llamadas) == []


def test_a_un_excluido_no_se_le_puede_anotar_nada_y_la_ficha_dice_por_que(panel, app, anotar, ana, filas):
    with app.extensions["bd"].escritura() as conexion:
        excluir.anadir(conexion, ["600123456"], "robinson", "lo pidió", None)
    uno = panel()
    pagina = uno.ver(f"/clinica/{ana}").text
    assert "No se puede llamar." in pagina
    assert "Lista Robinson desde el" in pagina
    assert "Guardar resultado" not in pagina
    assert "Dar cita" not in pagina
    salida = anotar(uno, tipo="no", codigo_no="otros")
    assert salida.status_code == 409
    assert filas(llamadas) == []


def test_sin_poder_mirar_las_exclusiones_no_se_anota_nada(panel, app, anotar, filas):
    uno = panel()
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(sa.text("DROP TABLE exclusiones"))
    assert anotar(uno, tipo="no", codigo_no="otros").status_code == 503
    assert filas(llamadas) == []


def test_fuera_del_horario_legal_la_ficha_avisa(panel, alta):
    carlos = alta(nombre="Carlos", telefono="+57 300 123 4567")
    assert (
        "Fuera del horario legal de CO: se podrá llamar desde hoy 13:00"
        in panel().ver(f"/clinica/{carlos}").text
    )


def test_si_comparten_telefono_se_dice_a_cuantos_se_ha_anotado(panel, ana, alta, anotar):
    alta(nombre="Berta", telefono="600123456")
    uno = panel()
    anotar(uno, tipo="no", codigo_no="otros")
    assert "Hay 2 leads con este teléfono" in uno.ver(f"/clinica/{ana}").text


def test_una_historia_larga_cuesta_las_mismas_consultas(panel, ana, consultas, web):
    uno = panel()
    pocas = consultas(lambda: uno.ver(f"/clinica/{ana}"))
    for _ in range(30):
        web.post("/api/actualizar_resultado", json={"telefono": "600123456", "codigoVolverLlamar": "buzon"})
    muchas = consultas(lambda: uno.ver(f"/clinica/{ana}"))
    assert len(muchas) == len(pocas) <= 8


def test_la_ficha_se_lee_por_indices(panel, ana, consultas, pasos_de):
    uno = panel()
    for consulta in consultas(lambda: uno.ver(f"/clinica/{ana}")):
        pasos = pasos_de(consulta)
        assert not [paso for paso in pasos if paso.startswith("SCAN")], pasos


def test_en_festivo_se_dice_cual_y_no_deja_programar_en_otro(panel, ana, anotar, monkeypatch):
    inmaculada = datetime(2026, 12, 8, 9, 30)
    for modulo in (ficha, resultados):
        monkeypatch.setattr(modulo, "ahora", lambda: inmaculada)
    uno = panel()
    assert "Es festivo en ES (Inmaculada Concepción)" in uno.ver(f"/clinica/{ana}").text
    salida = anotar(uno, tipo="volver", hora="2026-12-25T10:00")
    assert salida.status_code == 400
    assert "no se puede llamar a ES, que es festivo (Natividad del Señor)" in salida.text
    assert 'value="2026-12-28T09:00"' in salida.text
