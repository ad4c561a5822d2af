import re
import threading
from datetime import datetime

import pytest
import sqlalchemy as sa

from tuotempo_leads.aplicacion import reparto
from tuotempo_leads.infraestructura.tablas import asignaciones, exclusiones, leads, rellamadas, repartos

MOMENTO = datetime(2026, 3, 2, 9)


@pytest.fixture
def agentes(usuario):
    return usuario("marta"), usuario("luis")


@pytest.fixture
def repartir(jefa):
    def hacer(agente, cuales="marcados", ids=(), **filtros):
        consulta = "&".join(f"{clave}={valor}" for clave, valor in filtros.items())
        datos = {"cuales": cuales, "leads": list(ids), "agente": agente, "filtros": consulta}
        return jefa.enviar("/leads/repartir", **datos)

    return hacer


@pytest.fixture
def de_quien(filas):
    return lambda: [lead.agente_id for lead in filas(leads)]


def test_los_marcados_pasan_al_agente_con_su_rellamada_y_se_dice_cuantos(
    jefa, agentes, repartir, alta, filas, de_quien, app
):
    marta, _ = agentes
    ids = [alta(nombre=f"N{n}") for n in range(3)]
    with app.extensions["bd"].escritura() as conexion:
        rellamada = {"lead_id": ids[0], "pendiente_de": ids[0], "momento": MOMENTO, "estado": "pendiente"}
        conexion.execute(sa.insert(rellamadas), {**rellamada, "creada_en": MOMENTO})
    salida = repartir(marta, ids=ids[:2])
    assert salida.location.startswith("/leads/repartos?nuevo=")
    pagina = jefa.ver(salida.location).text
    assert "2 leads repartidos." in pagina
    assert "marta" in pagina
    assert de_quien() == [marta, marta, None]
    assert filas(rellamadas)[0].agente_id == marta
    assert [(una.de_agente_id, una.a_agente_id) for una in filas(asignaciones)] == [(None, marta)] * 2


def test_todos_los_del_filtro_son_los_de_todas_sus_paginas_y_ninguno_mas(agentes, repartir, alta, de_quien):
    for _ in range(60):
        alta(codigo_postal="28013")
    alta(codigo_postal="08001")
    repartir(agentes[0], "todos", provincia="28")
    assert de_quien() == [agentes[0]] * 60 + [None]


def test_los_excluidos_no_se_dan_a_nadie_y_los_que_ya_eran_suyos_no_se_cuentan(
    jefa, agentes, repartir, alta, de_quien, app
):
    marta, _ = agentes
    alta(telefono="600000001")
    alta(telefono="600000002", agente_id=marta)
    alta(telefono="600000003")
    with app.extensions["bd"].escritura() as conexion:
        apunte = {"telefono_norm": "600000001", "origen": "interna", "fecha": MOMENTO}
        conexion.execute(sa.insert(exclusiones).values(apunte))
    salida = repartir(marta, "todos")
    texto = "1 lead repartido; 1 ya era de ese agente; 1 no, porque su número está en la lista de exclusión."
    assert texto in jefa.ver(salida.location).text
    assert de_quien() == [None, marta, marta]


def test_deshacer_devuelve_cada_lead_a_quien_lo_tenia_una_sola_vez(
    jefa, agentes, repartir, alta, de_quien, filas
):
    marta, luis = agentes
    ids = [alta(agente_id=luis), alta(), alta(agente_id=luis)]
    repartir(marta, ids=ids)
    repartir(luis, ids=ids[2:])  # cambia de manos después: no se toca al deshacer el primero
    lote = filas(repartos)[0].lote
    deshacer = f"/leads/repartos/{lote}/deshacer"
    assert deshacer in jefa.ver("/leads/repartos").text
    jefa.enviar(deshacer)
    assert "2 leads vuelven a quien lo tenía antes." in jefa.ver("/leads/repartos").text
    assert de_quien() == [luis, None, luis]
    jefa.enviar(deshacer)
    pagina = jefa.ver("/leads/repartos").text
    assert "ya se había deshecho" in pagina
    assert deshacer not in pagina
    assert de_quien() == [luis, None, luis]


def test_la_ficha_cuenta_por_que_manos_ha_pasado(jefa, agentes, repartir, alta):
    uno = alta(nombre="Ana")
    repartir(agentes[0], ids=[uno])
    repartir("nadie", ids=[uno])
    historia = jefa.ver(f"/clinica/{uno}").text
    assert "Agente: sin asignar → marta" in historia
    assert "Agente: marta → sin asignar" in historia
    assert "jefa" in historia.split("Agente: marta")[1]


def test_reasignar_desde_la_cola_tambien_se_puede_deshacer(jefa, agentes, alta, filas, app):
    marta, _ = agentes
    ana = alta(nombre="Ana")
    with app.extensions["bd"].escritura() as conexion:
        rellamada = {"lead_id": ana, "pendiente_de": ana, "momento": MOMENTO, "estado": "pendiente"}
        conexion.execute(sa.insert(rellamadas), {**rellamada, "creada_en": MOMENTO})
    jefa.enviar("/rellamadas/reasignar", rellamadas=[filas(rellamadas)[0].id], agente=marta)
    assert [filas(leads)[0].agente_id, filas(rellamadas)[0].agente_id] == [marta, marta]
    jefa.enviar(f"/leads/repartos/{filas(repartos)[0].lote}/deshacer")
    assert [filas(leads)[0].agente_id, filas(rellamadas)[0].agente_id] == [None, None]


@pytest.mark.parametrize(
    ("agente", "mas", "queja"),
    [
        ("", {"ids": [1]}, "Elige a qué agente se las das."),
        ("999", {"ids": [1]}, "Ese agente no existe o está desactivado."),
        ("nadie", {}, "Marca al menos un lead."),
        ("nadie", {"cuales": "todos", "estado": "inventado"}, "El filtro no vale"),
    ],
)
def test_un_reparto_que_no_vale_se_explica_y_no_cambia_nada(jefa, repartir, alta, filas, agente, mas, queja):
    alta()
    repartir(agente, **mas)
    assert queja in jefa.ver("/leads").text
    assert filas(repartos) == []


def test_un_agente_ni_reparte_ni_lo_ve(panel, alta, filas):
    uno = panel("agente")
    lead = alta()
    assert "Repartir" not in uno.ver("/leads").text
    assert uno.enviar("/leads/repartir", leads=[lead], agente="nadie").status_code == 403
    assert uno.ver("/leads/repartos").status_code == 403
    assert filas(repartos) == []


def test_se_filtra_por_agente_y_por_sin_asignar(jefa, agentes, alta):
    marta, _ = agentes
    alta(nombre="Ana", agente_id=marta)
    alta(nombre="Eva")
    leidos = {
        valor: re.findall(r'class="fila"><a href="[^"]+">([^<]+)', jefa.ver(f"/leads?agente={valor}").text)
        for valor in (marta, "nadie")
    }
    assert leidos == {marta: ["Ana"], "nadie": ["Eva"]}
    assert jefa.ver("/leads?agente=999").status_code == 400


def test_repartir_mil_leads_cuesta_las_mismas_consultas_que_uno(repartir, agentes, app, alta, consultas):
    alta()
    pocas = consultas(lambda: repartir(agentes[0], "todos"))
    nuevos = [{"created_at": MOMENTO, "updated_at": MOMENTO} for _ in range(1000)]
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(sa.insert(leads), nuevos)
    muchas = consultas(lambda: repartir(agentes[1], "todos"))
    assert len(muchas) == len(pocas)


def test_la_pagina_de_repartos_hace_siempre_las_mismas_consultas(jefa, repartir, agentes, alta, consultas):
    uno = alta()
    repartir(agentes[0], ids=[uno])
    jefa.ver("/leads/repartos")
    pocas = consultas(lambda: jefa.ver("/leads/repartos"))
    for vez in range(4):
        repartir(agentes[vez % 2], ids=[uno])
    jefa.ver("/leads/repartos")
    assert len(consultas(lambda: jefa.ver("/leads/repartos"))) == len(pocas) == 3


def test_de_dos_repartos_a_la_vez_el_segundo_apunta_a_quien_lo_tenia_tras_el_primero(
    app, alta, agentes, filas
):
    marta, luis = agentes
    bd, elegidos, terminado = app.extensions["bd"], sa.select(leads.c.id), threading.Event()
    alta()

    def segundo():
        with bd.escritura() as conexion:
            reparto.repartir(conexion, elegidos, luis, None)
        terminado.set()

    with bd.escritura() as conexion:
        reparto.repartir(conexion, elegidos, marta, None)
        otro = threading.Thread(target=segundo)
        otro.start()
        assert not terminado.wait(0.3)  # espera al primero
    otro.join(10)
    assert sorted((una.de_agente_id, una.a_agente_id) for una in filas(asignaciones) if una.de_agente_id) == [
        (marta, luis)
    ]
