"""Toda ruta protegida, una por una: una página nueva no se queda sin guardia por olvido."""

import re

import pytest
from pydantic import SecretStr

PUBLICAS = {"panel.login", "panel.entrar", "panel.logout", "panel.static"}
DE_ADMIN = ("agente", "supervisor", "admin")


def rutas(app, propia):
    """Método, dirección y vista de cada ruta cuyo nombre o regla cumple `propia`."""
    for regla in app.url_map.iter_rules():
        if propia(regla):
            for metodo in sorted(regla.methods - {"HEAD", "OPTIONS"}):
                yield metodo, re.sub("<[^>]+>", "1", regla.rule), app.view_functions[regla.endpoint]


def del_panel(app):
    return rutas(app, lambda regla: regla.endpoint.startswith("panel.") and regla.endpoint not in PUBLICAS)


def test_sin_sesion_ninguna_ruta_del_panel_hace_nada(app):
    web, vistas = app.test_client(), list(del_panel(app))
    assert len(vistas) > 20
    for metodo, ruta, _ in vistas:
        respuesta = web.open(ruta, method=metodo)
        assert respuesta.status_code in (302, 401), (metodo, ruta)
        if respuesta.status_code == 302:
            assert respuesta.location.partition("?")[0] == "/login", (metodo, ruta)


@pytest.mark.parametrize("rol", ["agente", "supervisor"])
def test_con_menos_rol_del_que_pide_ninguna_ruta_del_panel_hace_nada(app, panel, rol):
    uno = panel(rol)
    for metodo, ruta, vista in del_panel(app):
        exigido = getattr(vista, "rol_exigido", "agente")
        if DE_ADMIN.index(exigido) > DE_ADMIN.index(rol):
            assert uno.web.open(ruta, method=metodo).status_code == 403, (metodo, ruta)


def test_en_produccion_ninguna_ruta_de_administracion_se_abre_sin_su_llave(otra_app):
    app = otra_app(entorno="production", clave_de_administracion=SecretStr("secreta"))
    de_administracion = list(rutas(app, lambda regla: regla.rule.startswith("/admin/")))
    assert len(de_administracion) >= 8
    for metodo, ruta, _ in de_administracion:
        assert app.test_client().open(ruta, method=metodo).status_code == 401, (metodo, ruta)


def test_con_llave_de_api_ninguna_ruta_de_la_api_se_abre_sin_ella(otra_app):
    app = otra_app(clave_de_api=SecretStr("secreta"))
    de_la_api = list(rutas(app, lambda regla: regla.rule.startswith("/api/")))
    assert len(de_la_api) >= 5
    for metodo, ruta, _ in de_la_api:
        assert app.test_client().open(ruta, method=metodo).status_code == 401, (metodo, ruta)


def test_la_sesion_que_traia_quien_entra_no_sirve_despues(anonimo, usuario):
    """Quien plantó una galleta antes de entrar no conoce la de después."""
    usuario("ana")
    anonimo.web.set_cookie("leads_sesion", "plantada")
    anonimo.entrar("ana")
    assert anonimo.web.get_cookie("leads_sesion").value != "plantada"
