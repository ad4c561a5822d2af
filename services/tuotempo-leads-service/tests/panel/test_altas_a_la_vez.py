"""Dos que guardan lo mismo a la vez: los dos lo consiguen y queda una sola fila."""

import pytest

from tuotempo_leads.infraestructura import catalogos, correspondencias, vistas
from tuotempo_leads.infraestructura.interbloqueos import en_escritura
from tuotempo_leads.infraestructura.tablas import (
    catalogos as de_catalogos,
    correspondencias as de_correspondencias,
    exclusiones,
    vistas_guardadas,
)

A_LA_VEZ = 6


@pytest.fixture
def guardar(app, usuario):
    """Lo que hace cada una de las peticiones, según la tabla."""
    bd, suyo = app.extensions["bd"], usuario("ana")
    momento = app.extensions["catalogo"]._ahora()

    def con(hacer):
        return en_escritura(bd, hacer)

    return {
        "vistas": lambda: con(lambda c: vistas.guardar(c, suyo, "Mis citas", "estado=otros", momento)),
        "correspondencias": lambda: con(
            lambda c: correspondencias.guardar(c, "h" * 64, ["telefono"], suyo, momento)
        ),
        "catalogos": lambda: catalogos.guardar(bd, "PRE/es", "{}", momento),
    }


@pytest.mark.parametrize(
    ("que", "tabla"),
    [
        ("vistas", vistas_guardadas),
        ("correspondencias", de_correspondencias),
        ("catalogos", de_catalogos),
    ],
)
def test_guardar_lo_mismo_a_la_vez_no_falla_ni_lo_repite(guardar, a_la_vez, filas, que, tabla):
    a_la_vez(lambda _: guardar[que](), A_LA_VEZ)
    assert len(filas(tabla)) == 1


def test_dos_agentes_que_excluyen_el_mismo_numero_lo_consiguen(panel, a_la_vez, filas):
    agentes = [panel("agente", f"agente-{n}") for n in range(A_LA_VEZ)]
    envios = [{"csrf_token": uno.testigo("/exclusiones"), "telefono": "600123456"} for uno in agentes]
    datos = [{**envio, "origen": "interna"} for envio in envios]
    estados = a_la_vez(lambda n: agentes[n].web.post("/exclusiones", data=datos[n]).status_code, A_LA_VEZ)
    assert (estados, len(filas(exclusiones))) == ([302] * A_LA_VEZ, 1)


def test_la_que_hace_veintiuna_no_cabe_pero_las_que_hay_se_cambian(app, usuario, filas):
    suyo, momento = usuario("ana"), app.extensions["catalogo"]._ahora()
    with app.extensions["bd"].escritura() as conexion:
        cabe = [
            vistas.guardar(conexion, suyo, f"Vista {n}", "q=a", momento) for n in range(vistas.MAXIMO + 1)
        ]
        assert vistas.guardar(conexion, suyo, "Vista 0", "q=b", momento)
    assert cabe == [True] * vistas.MAXIMO + [False]
    assert filas(vistas_guardadas, nombre="Vista 0")[0].filtros == "q=b"
