"""Lo que se publica y lo que cambia en el contacto."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.bandeja import publicados
from tuotempo_leads.infraestructura.tablas import citas, rellamadas

from .conftest import ANA, confirmar


def test_la_cita_queda_ligada_al_contacto_de_ese_telefono_y_cancela_su_rellamada(
    app, web, alta, huecos, fila
):
    lead = alta(nombre="Ana", apellidos="Demo", telefono="600123456", conPack=True)
    web.post("/api/actualizar_resultado", json={"telefono": "600123456", "horaRellamada": "2030-01-01 10:00"})
    alta_de_ana = web.post("/register", json=ANA).json["user_info"]["memberid"]
    confirmar(web, huecos[0], "+34 600 123 456", userid=alta_de_ana)
    cita = fila(citas)
    assert (cita.lead_id, cita.nombre, cita.con_pack) == (lead, "Ana Demo", True)
    assert fila(rellamadas).estado == "cancelada"
    suceso = publicados(app.extensions["bd"])[-1]
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


def test_el_resultado_y_la_rellamada_se_publican_con_el_efecto(app, web, alta):
    alta(nombre="Ana", telefono="600123456")
    alta(nombre="Berta", telefono="600123456")
    cuerpo = {"telefono": "600123456", "codigoVolverLlamar": "buzon", "horaRellamada": "2025-07-06 12:00"}
    web.post("/api/actualizar_resultado", json=cuerpo)
    web.post("/api/actualizar_resultado", json={"telefono": "600123456", "horaRellamada": "no"})
    sobres = publicados(app.extensions["bd"])
    assert [sobre["type"] for sobre in sobres] == [
        "ResultadoLlamadaActualizado",
        "RellamadaProgramada",
        "RellamadaProgramada",
    ]
    assert sobres[0]["data"]["telefono"] == "600123456"
    assert sobres[1]["data"]["momento"] == "2025-07-06T10:00:00+00:00"
