"""Contraseñas que cambian mientras alguien entra, o mientras sigue dentro en otro sitio."""

import pytest

from tuotempo_leads.aplicacion import accesos, contrasenas
from tuotempo_leads.infraestructura import accesos as de_accesos
from tuotempo_leads.infraestructura.tablas import sesiones, usuarios

CLAVE, NUEVA = "una contraseña larga", "esta es la nueva"


@pytest.mark.parametrize("cambio", [{"activo": False}, {"password_hash": "otra"}])
def test_quien_pierde_el_acceso_mientras_se_comprueba_su_contrasena_no_entra(
    app, usuario, filas, monkeypatch, cambio
):
    suyo, bd, comprobar = usuario("ana"), app.extensions["bd"], contrasenas.acierta

    def acertar_y_cambiar(guardada, clave):
        acierta = comprobar(guardada, clave)
        with bd.escritura() as conexion:
            de_accesos.cambiar(conexion, suyo, accesos.ahora(), **cambio)
        return acierta

    monkeypatch.setattr(contrasenas, "acierta", acertar_y_cambiar)
    assert accesos.entrar(bd, "ana", CLAVE, accesos.Visita("10.0.0.1", "prueba"), "csrf") is None
    assert filas(sesiones) == []


def test_quien_administra_y_se_cambia_la_contrasena_cierra_sus_demas_sesiones(panel, app, fila):
    jefa = panel("admin", "jefa")
    otra = type(jefa)(app)
    otra.entrar("jefa")
    suyo = fila(usuarios, username="jefa").id
    jefa.enviar(f"/usuarios/{suyo}", rol="admin", activo="1", password=NUEVA)
    assert (jefa.ver("/").status_code, otra.ver("/").status_code) == (200, 302)
