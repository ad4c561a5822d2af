import html
import re

import pytest

from tuotempo_leads.infraestructura.tablas import citas, leads, llamadas, rellamadas


@pytest.fixture
def lead(alta):
    return alta(nombre="Ana", apellidos="Demo", telefono="600123456")


@pytest.fixture
def marta(con_tuotempo, anonimo, usuario):
    usuario("marta")
    anonimo.web = con_tuotempo.test_client()
    anonimo.entrar("marta")
    return anonimo


def opciones(pagina, campo):
    """Los valores de un desplegable, sin el vacío."""
    trozo = pagina.text.split(f'id="{campo}"')[1].split("</select>")[0]
    return [html.unescape(valor) for valor in re.findall(r'value="([^"]+)"', trozo)]


def huecos(pagina):
    return [html.unescape(valor) for valor in re.findall(r'name="hueco" value="([^"]+)"', pagina.text)]


@pytest.fixture
def elegir(marta, lead):
    """Da lo elegido (centro y actividad) y los huecos que se ofrecen, paso a paso como una persona."""

    def elegir():
        ruta = f"/clinica/{lead}/cita"
        elegido = {"centro": opciones(marta.ver(ruta), "centro")[0]}
        elegido["actividad"] = opciones(marta.ver(ruta, query_string=elegido), "actividad")[0]
        return elegido, huecos(marta.ver(ruta, query_string=elegido))

    return elegir


@pytest.fixture
def confirmar(marta, lead):
    def confirmar(elegido, uno, **cambios):
        persona = {"nombre": "Ana", "apellidos": "Demo", "nacimiento": "1980-01-01"}
        return marta.enviar(f"/clinica/{lead}/cita", **{**elegido, **persona, "hueco": uno, **cambios})

    return confirmar


def test_centro_actividad_hueco_y_confirmar(marta, lead, elegir, confirmar, fila, web, simulador):
    web.post("/api/actualizar_resultado", json={"telefono": "600123456", "codigoVolverLlamar": "buzon"})
    elegido, libres = elegir()
    assert 1 < len(libres) <= 60
    salida = confirmar(elegido, libres[0], pack="1")
    assert (salida.status_code, salida.location) == (302, f"/clinica/{lead}")
    cita = fila(citas)
    assert (cita.estado, cita.lead_id, cita.con_pack) == ("confirmada", lead, True)
    assert (fila(leads).status_level_1, fila(leads).status_level_2) == ("Cita Agendada", "Con Pack")
    assert fila(rellamadas).estado == "cancelada"
    assert simulador.reservas() == 1
    pagina = marta.ver(f"/clinica/{lead}").text
    assert "Cita confirmada en TuoTempo." in pagina
    assert cita.usuario_id is not None
    assert pagina[pagina.index('class="historia"') :].count("marta") == 3  # la llamada, el estado y la cita


def test_el_centro_del_lead_viene_elegido(marta, alta):
    primera = alta(telefono="600000001")
    centro = opciones(marta.ver(f"/clinica/{primera}/cita"), "centro")[3]
    suyo = alta(telefono="600000002", area_id=centro)
    elegido = re.search(r'value="([^"]+)" selected', marta.ver(f"/clinica/{suyo}/cita").text)[1]
    assert html.unescape(elegido) == centro


def test_un_hueco_que_se_llevo_otro_ofrece_los_que_quedan(elegir, confirmar, simulador, filas):
    elegido, libres = elegir()
    ocupado = "PROVIDER_RESERVATION_CONFLICT_ERROR"
    simulador.fallar("excepcion", "reservations", codigo=ocupado, msg="No disponible", veces=1)
    salida = confirmar(elegido, libres[0], nombre="Anabel")
    assert salida.status_code == 409
    assert "Ese hueco lo acaba de coger otra persona. Estos son los que quedan." in salida.text
    assert len(huecos(salida)) > 1
    assert 'value="Anabel"' in salida.text
    assert filas(llamadas) == []


@pytest.mark.parametrize(
    ("cambios", "queja"),
    [
        ({"hueco": ""}, "Elige un hueco de la lista"),
        ({"hueco": "[]"}, "Elige un hueco de la lista"),
        ({"hueco": "{}"}, "Elige un hueco de la lista"),
        ({"nombre": ""}, "TuoTempo pide el nombre, los apellidos y la fecha de nacimiento"),
        ({"nacimiento": "ayer"}, "La fecha de nacimiento no es válida"),
    ],
)
def test_lo_que_falta_se_explica_sin_pedir_nada_a_tuotempo(elegir, confirmar, filas, cambios, queja):
    elegido, libres = elegir()
    salida = confirmar(elegido, libres[0], **cambios)
    assert salida.status_code == 400
    assert queja in salida.text
    assert filas(citas) == []


def test_a_un_excluido_no_se_le_da_cita(marta, elegir, confirmar, filas):
    elegido, libres = elegir()
    marta.enviar("/exclusiones", telefono="600123456", origen="interna")
    salida = confirmar(elegido, libres[0])
    assert salida.status_code == 409
    assert "está en la lista de exclusión" in salida.text
    assert filas(citas) == []


def test_con_tuotempo_parado_se_dice_y_se_puede_reintentar(panel, lead):
    salida = panel().ver(f"/clinica/{lead}/cita?centro=x&actividad=y")
    assert salida.status_code == 200
    assert "No se ha podido conectar con TuoTempo. No se ha pedido ninguna cita." in salida.text
    assert "Volver a intentarlo" in salida.text


def test_si_no_se_sabe_si_la_dio_no_se_pide_otra_vez(marta, lead, elegir, confirmar, simulador, fila):
    elegido, libres = elegir()
    simulador.fallar("lento", "reservations", segundos=20)
    salida = confirmar(elegido, libres[0])
    assert salida.location == f"/clinica/{lead}"
    pagina = marta.ver(f"/clinica/{lead}").text
    assert "no se sabe si dio la cita" in pagina
    assert "por comprobar" in pagina
    assert fila(citas).estado == "desconocida"
