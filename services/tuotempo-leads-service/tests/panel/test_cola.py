import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from tuotempo_leads.entradas.panel import cola
from tuotempo_leads.infraestructura.tablas import exclusiones, leads, rellamadas

AHORA = datetime(2026, 3, 2, 9, 30)  # lunes, las 10:30 en Madrid y las 4:30 en Bogotá


@pytest.fixture(autouse=True)
def reloj(monkeypatch):
    monkeypatch.setattr(cola, "ahora", lambda: AHORA)


@pytest.fixture
def programar(app, alta):
    """Un lead con una rellamada dentro de esos minutos; da el id de la rellamada."""

    def programar(nombre, minutos, telefono="600123456", agente=None, **mas):
        lead = alta(nombre=nombre, telefono=telefono)
        valores = {
            "lead_id": lead,
            "pendiente_de": lead,
            "momento": AHORA + timedelta(minutes=minutos),
            "estado": "pendiente",
            "agente_id": agente,
            "creada_en": AHORA,
            **mas,
        }
        with app.extensions["bd"].escritura() as conexion:
            return conexion.execute(sa.insert(rellamadas).values(valores)).inserted_primary_key[0]

    return programar


def nombres(pagina):
    """Los de la lista, en su orden."""
    return re.findall(r'aria-label="Marcar a ([^"]+)"', pagina.text)


@pytest.mark.parametrize(
    ("tramo", "esperados"),
    [
        ("vencidas", ["Muy tarde", "Tarde"]),
        ("hora", ["Pronto"]),
        ("hoy", ["Muy tarde", "Tarde", "Pronto", "Luego"]),
        ("semana", ["Muy tarde", "Tarde", "Pronto", "Luego", "El jueves"]),
        ("despues", ["Abril"]),
        ("otra cosa", ["Muy tarde", "Tarde", "Pronto", "Luego"]),
    ],
)
def test_cada_pestana_ensena_lo_suyo_y_lo_vencido_va_primero(panel, programar, tramo, esperados):
    minutos = {"Luego": 300, "Pronto": 5, "El jueves": 4320, "Tarde": -20, "Muy tarde": -200, "Abril": 50000}
    for nombre, cuanto in minutos.items():
        programar(nombre, cuanto)
    pagina = panel().web.get("/rellamadas", query_string={"tramo": tramo})
    assert nombres(pagina) == esperados
    for texto, cuantas in (
        ("Vencidas", 2),
        ("Próximas 60 min", 1),
        ("Hoy", 4),
        ("Semana", 5),
        ("Más adelante", 1),
    ):
        assert f"{cuantas}</span></a>" in pagina.text.split(f"{texto} <span")[1][:60]


def test_lo_vencido_va_en_rojo_con_su_retraso_y_lo_inminente_en_ambar(panel, programar):
    programar("Tarde", -200)
    programar("Pronto", 8)
    pagina = panel().ver("/rellamadas").text
    assert '<tr class="vencida">' in pagina
    assert 'estado-mal">3 h 20 min tarde' in pagina
    assert '<tr class="pronto">' in pagina
    assert 'estado-regular">en 8 min' in pagina


def test_fuera_del_horario_legal_se_marca_y_se_propone_la_apertura(panel, programar):
    programar("Carlos", -5, telefono="+57 300 123 4567")
    programar("Ana", 720, telefono="600000001")  # a las 22:30
    programar("Berta", 5, telefono="600000002")
    pagina = panel().ver("/rellamadas").text
    assert "CO · desde hoy 13:00" in pagina
    assert "ES · desde mañana 09:00" in pagina
    assert pagina.count("Fuera de horario") == 2
    assert pagina.count("Se puede<") == 1


def test_en_festivo_se_dice_cual_y_se_propone_el_siguiente_dia_habil(panel, programar, monkeypatch):
    monkeypatch.setattr(cola, "ahora", lambda: datetime(2026, 12, 8, 9, 30))
    programar("Ana", 0)
    pagina = panel().ver("/rellamadas").text
    assert ">Festivo<" in pagina
    assert "Inmaculada Concepción" in pagina
    assert "ES · desde mañana 09:00" in pagina


def test_una_excluida_nunca_sale_en_la_cola_aunque_siga_pendiente(panel, programar, app):
    programar("Ana", -5)
    with app.extensions["bd"].escritura() as conexion:
        apunte = {"telefono_norm": "600123456", "origen": "interna", "fecha": AHORA}
        conexion.execute(sa.insert(exclusiones).values(apunte))
    pagina = panel().ver("/rellamadas?tramo=vencidas").text
    assert "Nada con retraso" in pagina


def test_un_agente_ve_las_suyas_y_las_de_nadie_sin_el_telefono_entero(panel, programar, usuario):
    otra = usuario("otra")
    marta = panel("agente", "marta")
    programar("De otra", -5, agente=otra)
    programar("De nadie", -5)
    pagina = marta.ver("/rellamadas").text
    assert "De nadie" in pagina
    assert "De otra" not in pagina
    assert "••• ••• 456" in pagina
    assert "600123456" not in pagina
    assert "Reasignar" not in pagina


def test_un_supervisor_filtra_por_agente(panel, programar, usuario):
    marta, otra = usuario("marta"), usuario("otra")
    programar("De otra", -5, agente=otra)
    programar("De marta", -5, agente=marta)
    assert nombres(panel().ver(f"/rellamadas?agente={marta}")) == ["De marta"]


def test_reasignar_varias_de_una_vez(panel, programar, usuario, filas):
    marta = usuario("marta")
    ids = [programar(f"Lead {n}", n) for n in range(3)]
    supervisor = panel()
    salida = supervisor.enviar("/rellamadas/reasignar", rellamadas=ids[:2], agente=marta, tramo="hoy")
    assert (salida.status_code, salida.location) == (302, "/rellamadas?tramo=hoy")
    assert "2 rellamadas reasignadas." in supervisor.ver("/rellamadas").text
    assert [r.agente_id for r in filas(rellamadas)] == [marta, marta, None]
    supervisor.enviar("/rellamadas/reasignar", rellamadas=ids[:1], agente="nadie")
    assert [r.agente_id for r in filas(rellamadas)] == [None, marta, None]


@pytest.mark.parametrize(
    ("cambio", "queja"),
    [
        ({"rellamadas": []}, "Marca al menos una rellamada."),
        ({"agente": ""}, "Elige a qué agente se las das."),
        ({"agente": "999"}, "Ese agente no existe o está desactivado."),
    ],
)
def test_una_reasignacion_que_no_vale_se_explica_y_no_cambia_nada(
    panel, programar, usuario, filas, cambio, queja
):
    ids = [programar("Ana", -5)]
    supervisor = panel()
    supervisor.enviar("/rellamadas/reasignar", **{"rellamadas": ids, "agente": usuario("marta"), **cambio})
    assert queja in supervisor.ver("/rellamadas").text
    assert filas(rellamadas)[0].agente_id is None


def test_un_agente_no_puede_reasignar(panel, programar, filas):
    ids = [programar("Ana", -5)]
    assert panel("agente").enviar("/rellamadas/reasignar", rellamadas=ids, agente="nadie").status_code == 403


def test_la_cola_vacia_lo_dice(panel):
    assert "No queda ninguna rellamada pendiente para hoy." in panel().ver("/rellamadas").text


def test_mil_rellamadas_cuestan_las_mismas_consultas_que_una(panel, programar, app, consultas):
    programar("Ana", -5)
    supervisor = panel()
    pocas = consultas(lambda: supervisor.ver("/rellamadas"))
    with app.extensions["bd"].escritura() as conexion:
        leads_nuevos = [
            {
                "id": n,
                "telefono": f"6{n:08}",
                "telefono_norm": f"6{n:08}",
                "created_at": AHORA,
                "updated_at": AHORA,
            }
            for n in range(1000, 2000)
        ]
        conexion.execute(sa.insert(leads), leads_nuevos)
        nuevas = [
            {"lead_id": n, "pendiente_de": n, "momento": AHORA, "estado": "pendiente", "creada_en": AHORA}
            for n in range(1000, 2000)
        ]
        conexion.execute(sa.insert(rellamadas), nuevas)
    muchas = consultas(lambda: supervisor.ver("/rellamadas"))
    assert len(muchas) == len(pocas) <= 5
    assert "Página 1 de 21" in supervisor.ver("/rellamadas").text


def test_la_cola_se_lee_por_indices(panel, programar, consultas, pasos_de):
    supervisor = panel()
    for consulta in consultas(lambda: supervisor.ver("/rellamadas")):
        pasos = pasos_de(consulta)
        enteras = ("SCAN leads", "SCAN rellamadas", "SCAN exclusiones")
        assert not [paso for paso in pasos if paso.startswith(enteras)], pasos
