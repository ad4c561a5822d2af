"""En producción `/admin/*` pide su llave o, desde las páginas del panel, la sesión de un supervisor."""

import pytest
from pydantic import SecretStr

from tuotempo_leads.entradas import carga_excel
from tuotempo_leads.infraestructura.tablas import importaciones


@pytest.fixture
def en_produccion(otra_app, panel):
    def entrar_como(rol):
        uno = panel(rol)
        testigo = uno.web.get_cookie("leads_sesion").value
        web = otra_app(entorno="production", clave_de_administracion=SecretStr("llave")).test_client()
        web.set_cookie("leads_sesion", testigo)
        return web

    return entrar_como


@pytest.mark.parametrize(
    ("rol", "desde", "estado"),
    [
        ("supervisor", "same-origin", 200),
        ("admin", "same-origin", 200),
        ("agente", "same-origin", 401),
        ("supervisor", None, 401),
        ("supervisor", "none", 401),
        ("supervisor", "cross-site", 403),
    ],
)
def test_la_sesion_del_panel_abre_la_administracion_solo_desde_sus_paginas(en_produccion, rol, desde, estado):
    cabeceras = {"Sec-Fetch-Site": desde} if desde else {}
    assert en_produccion(rol).get("/admin/importaciones", headers=cabeceras).status_code == estado


def test_otro_sitio_no_puede_hacer_que_el_navegador_cargue_datos(web, filas, monkeypatch):
    monkeypatch.setattr(carga_excel, "_encargar", lambda _: pytest.fail("no debía encargarse"))
    respuesta = web.get("/admin/load-excel", headers={"Sec-Fetch-Site": "cross-site"})
    assert (respuesta.status_code, respuesta.json["success"]) == (403, False)
    assert filas(importaciones) == []


@pytest.mark.parametrize(
    "cabecera", [{}, {"Authorization": "Bearer otra"}, {"Authorization": "Basic secreta"}]
)
@pytest.mark.parametrize("llave", ["secreta", ""])
def test_en_produccion_las_rutas_de_administracion_piden_su_llave(otra_app, cabecera, llave):
    web = otra_app(entorno="production", clave_de_administracion=SecretStr(llave)).test_client()
    for metodo, ruta in (
        ("GET", "/admin/load-excel"),
        ("GET", "/admin/exportacion"),
        ("GET", "/admin/importaciones"),
        ("POST", "/admin/importaciones"),
        ("GET", "/admin/importaciones/una"),
        ("DELETE", "/admin/importaciones/una"),
        ("POST", "/admin/importaciones/una/cancelar"),
        ("GET", "/admin/importaciones/una/rechazadas"),
    ):
        respuesta = web.open(ruta, method=metodo, headers=cabecera)
        assert (respuesta.status_code, respuesta.headers["WWW-Authenticate"]) == (401, "Bearer"), ruta


def test_con_la_llave_se_entra(otra_app):
    web = otra_app(entorno="production", clave_de_administracion=SecretStr("secreta")).test_client()
    assert web.get("/admin/importaciones", headers={"Authorization": "Bearer secreta"}).status_code == 200
