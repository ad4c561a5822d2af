"""A qué estado lleva cada código y cada campo."""

import pytest

from tuotempo_leads.infraestructura.tablas import leads


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


@pytest.mark.parametrize(("pack", "nivel_2"), [(True, "Con Pack"), (False, "Sin Pack"), (None, "Sin Pack")])
def test_una_cita_sin_estado_cuenta_como_cita_agendada(enviar, ana, fila, pack, nivel_2):
    enviar(nuevaCita="2026-09-10 12:30", conPack=pack)
    lead = fila(leads, id=ana)
    assert (lead.status_level_1, lead.status_level_2) == ("Cita Agendada", nivel_2)
