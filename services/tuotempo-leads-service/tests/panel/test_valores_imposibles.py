"""Lo que nadie escribe en el panel salvo para ver qué pasa: siempre hay una página que lo explica."""

import io

import pytest

from tuotempo_leads.aplicacion import exclusiones

ENORME = "9" * 30


@pytest.mark.parametrize("ruta", ["/clinica/{}", "/clinica/{}/cita"])
def test_un_lead_de_id_imposible_no_existe(panel, ruta):
    assert panel().ver(ruta.format(ENORME)).status_code == 404


@pytest.mark.parametrize("consulta", ["agente", "pagina"])
@pytest.mark.parametrize("numero", [ENORME, "9" * 5000])
def test_la_cola_no_se_rompe_con_numeros_que_no_caben(panel, consulta, numero):
    assert panel().ver(f"/rellamadas?{consulta}={numero}").status_code == 200


@pytest.mark.parametrize("numero", [ENORME, "9" * 5000])
def test_reasignar_rellamadas_que_no_pueden_existir_no_reasigna_ninguna(panel, numero):
    respuesta = panel().enviar("/rellamadas/reasignar", rellamadas=numero, agente="nadie")
    assert respuesta.status_code == 302


def test_a_un_agente_de_id_imposible_no_se_le_reparte_nada(panel, alta):
    contacto = alta(nombre="Ana", telefono="600123456")
    supervisor = panel()
    supervisor.enviar("/leads/repartir", leads=contacto, agente=ENORME)
    assert "Elige a qué agente" in supervisor.ver("/leads").text


@pytest.mark.parametrize("dia", ["0001-01-01", "9999-12-31"])
def test_un_dia_de_otra_era_no_es_un_filtro(panel, dia):
    respuesta = panel().ver(f"/leads?llamada_desde={dia}&llamada_hasta={dia}")
    assert (respuesta.status_code, "Escribe una fecha" in respuesta.text) == (400, True)


def test_tras_una_lista_que_no_vale_las_paginas_llevan_a_las_exclusiones(panel, app, usuario):
    supervisor = panel()
    with app.extensions["bd"].escritura() as conexion:
        exclusiones.anadir(conexion, [f"6001230{n:02}" for n in range(60)], "interna", "", None)
    datos = {"csrf_token": supervisor.testigo("/exclusiones"), "origen": "interna"}
    hoja = (io.BytesIO(b""), "vacia.csv")
    pagina = supervisor.web.post("/exclusiones/fichero", data={**datos, "archivo": hoja})
    assert 'href="/exclusiones?pagina=2"' in pagina.text


def test_un_texto_que_ya_acaba_en_punto_no_acaba_en_dos(panel):
    supervisor = panel()
    datos = {"csrf_token": supervisor.testigo("/exclusiones"), "origen": "interna"}
    hoja = (io.BytesIO(b""), "vacia.csv")
    pagina = supervisor.web.post("/exclusiones/fichero", data={**datos, "archivo": hoja})
    assert "súbelo de nuevo.</p>" in pagina.text


@pytest.mark.parametrize("ruta", ["/rellamadas", "/clinica/1"])
def test_el_motivo_de_una_rellamada_empieza_en_mayuscula_y_respeta_las_suyas(panel, alta, web, ruta):
    alta(telefono="600123456")
    web.post(
        "/api/actualizar_resultado", json={"telefono": "600123456", "codigoVolverLlamar": "proble_tecnico"}
    )
    pagina = panel().ver(f"{ruta}?tramo=semana").text
    assert ("Interesado. Problema técnico" in pagina, "Interesado. problema" in pagina) == (True, False)
