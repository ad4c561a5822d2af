"""Usuarios y cuentas del panel."""

import pytest
from pydantic import SecretStr

from tests.panel_de_leads import CLAVE
from tuotempo_leads.infraestructura.tablas import sesiones, usuarios


@pytest.mark.parametrize("rol", ["agente", "supervisor"])
def test_los_usuarios_son_cosa_del_administrador(panel, rol, capfd):
    uno = panel(rol)
    respuesta = uno.ver("/usuarios")
    assert respuesta.status_code == 403
    assert "hace falta el rol «admin»" in respuesta.text
    assert ">Usuarios<" not in uno.ver("/cuenta").text
    assert uno.enviar("/usuarios", username="x", password=CLAVE, rol="admin").status_code == 403
    assert "rol_insuficiente" in capfd.readouterr().out


def test_el_administrador_da_de_alta_cambia_y_da_de_baja(panel, anonimo, fila):
    jefa = panel("admin", "jefa")
    creado = jefa.enviar("/usuarios", username="luis", password=CLAVE, rol="agente")
    assert creado.status_code == 302
    luis = fila(usuarios, username="luis")
    anonimo.entrar("luis")
    jefa.enviar(f"/usuarios/{luis.id}", rol="supervisor", activo="1", password="otra contraseña larga")
    assert fila(usuarios, username="luis").rol == "supervisor"
    assert anonimo.ver("/").status_code == 302  # le cierra las sesiones
    assert anonimo.entrar("luis", "otra contraseña larga").status_code == 302
    jefa.enviar(f"/usuarios/{luis.id}", rol="supervisor")
    assert anonimo.ver("/").status_code == 302


@pytest.mark.parametrize(
    ("datos", "texto"),
    [
        ({"username": "ana", "password": "corta", "rol": "agente"}, "de 12 a 200 caracteres"),
        ({"username": "", "password": CLAVE, "rol": "agente"}, "de 1 a 50 caracteres"),
        ({"username": "jefa", "password": CLAVE, "rol": "agente"}, "Ya existe el usuario jefa"),
        ({"username": "ana", "password": CLAVE, "rol": "dios"}, "El rol debe ser"),
    ],
)
def test_un_usuario_mal_escrito_se_explica(panel, filas, datos, texto):
    respuesta = panel("admin", "jefa").enviar("/usuarios", **datos)
    assert respuesta.status_code in (400, 409)
    assert texto in respuesta.text
    assert len(filas(usuarios)) == 1


def test_el_ultimo_administrador_no_se_puede_quitar(panel, fila):
    jefa = panel("admin", "jefa")
    suyo = fila(usuarios, username="jefa").id
    for datos in ({"rol": "agente", "activo": "1"}, {"rol": "admin"}):
        respuesta = jefa.enviar(f"/usuarios/{suyo}", **datos)
        assert (respuesta.status_code, "único administrador" in respuesta.text) == (409, True)


def test_cambiar_la_propia_contrasena_cierra_las_demas_sesiones(panel, app):
    ana, otra = panel("agente", "ana"), type(panel("agente", "x"))(app)
    otra.entrar("ana")
    nueva = "esta es la nueva"
    for datos, texto in (
        ({"actual": "no es", "nueva": nueva, "repetida": nueva}, "La contraseña actual no es esa"),
        ({"actual": CLAVE, "nueva": nueva, "repetida": "otra cosa"}, "no son iguales"),
        ({"actual": CLAVE, "nueva": "corta", "repetida": "corta"}, "de 12 a 200 caracteres"),
    ):
        respuesta = ana.enviar("/cuenta/contrasena", **datos)
        assert (respuesta.status_code, texto in respuesta.text) == (400, True)
    assert ana.enviar("/cuenta/contrasena", actual=CLAVE, nueva=nueva, repetida=nueva).status_code == 302
    assert otra.ver("/").status_code == 302
    assert ana.ver("/").status_code == 200
    assert otra.entrar("ana", nueva).status_code == 302


def test_cerrar_las_demas_sesiones(panel, app, filas):
    ana = panel("agente", "ana")
    otra = type(ana)(app)
    otra.entrar("ana")
    assert "Cerrar las demás" in ana.ver("/cuenta").text
    ana.enviar("/cuenta/sesiones/cerrar")
    assert "Se ha cerrado 1 sesión." in ana.ver("/cuenta").text
    assert otra.ver("/").status_code == 302
    assert len(filas(sesiones)) == 1


def test_el_primer_administrador_sale_del_entorno_y_solo_si_no_hay_nadie(otra_app, filas, ajustes):
    assert filas(usuarios) == []
    otra_app(panel_usuario="jefa", panel_clave=SecretStr(CLAVE))
    otra_app(panel_usuario="otra", panel_clave=SecretStr(CLAVE))
    assert [(u.username, u.rol) for u in filas(usuarios)] == [("jefa", "admin")]


def test_una_clave_de_administrador_corta_no_deja_arrancar(otra_app):
    with pytest.raises(SystemExit, match="PANEL_ADMIN_CLAVE no vale: La contraseña debe tener"):
        otra_app(panel_usuario="jefa", panel_clave=SecretStr("admin"))


@pytest.mark.parametrize(("ruta", "esperadas"), [("/usuarios", 2), ("/cuenta", 2)])
def test_usuarios_y_cuenta_hacen_las_mismas_consultas_con_muchos_usuarios_y_sesiones(
    panel, app, usuario, consultas, ruta, esperadas
):
    admin = panel("admin", "ana")
    pocas = consultas(lambda: admin.ver(ruta))
    for numero in range(20):
        usuario(f"agente-{numero}")
        type(admin)(app).entrar("ana")
    assert len(consultas(lambda: admin.ver(ruta))) == len(pocas) == esperadas
