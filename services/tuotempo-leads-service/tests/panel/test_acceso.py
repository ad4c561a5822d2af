from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.panel_de_leads import CLAVE
from tuotempo_leads.aplicacion import accesos
from tuotempo_leads.infraestructura.tablas import intentos_de_acceso, sesiones, usuarios

PAGINAS = ("/", "/cuenta", "/usuarios")


@pytest.mark.parametrize("ruta", PAGINAS)
def test_sin_sesion_lleva_a_entrar_y_luego_a_donde_se_iba(anonimo, usuario, ruta):
    usuario("ana", "admin")
    respuesta = anonimo.ver(f"{ruta}?a=1")
    assert (respuesta.status_code, respuesta.location) == (302, f"/login?next={ruta}?a%3D1")
    assert "Debes iniciar sesión para acceder a esta página" in anonimo.ver("/login").text
    assert anonimo.entrar("ana", next=f"{ruta}?a=1").location == f"{ruta}?a=1"


def test_entrar_y_salir(anonimo, usuario, filas):
    usuario("ana")
    galletas = anonimo.entrar("ana").headers.getlist("Set-Cookie")
    assert all("HttpOnly" in galleta and "SameSite=Lax" in galleta for galleta in galletas)
    assert "Has iniciado sesión correctamente" in anonimo.ver("/").text
    testigo = anonimo.web.get_cookie("leads_sesion").value
    assert [fila.token_hash for fila in filas(sesiones)] == [accesos.huella(testigo)]

    salida = anonimo.ver("/logout")
    assert salida.location == "/login"
    assert "Has cerrado sesión correctamente" in anonimo.ver("/login").text
    anonimo.web.set_cookie("leads_sesion", testigo)
    assert anonimo.ver("/").status_code == 302
    assert filas(sesiones) == []


def test_en_produccion_las_galletas_solo_viajan_cifradas(otra_app, usuario, anonimo):
    app = otra_app(entorno="production")
    usuario("ana")
    anonimo.web = app.test_client()
    pagina = anonimo.web.get("/login", base_url="https://localhost")
    assert "Secure" in pagina.headers["Set-Cookie"]


def test_en_desarrollo_se_dice_como_crear_el_primer_usuario(otra_app, anonimo):
    assert "make usuario" in anonimo.ver("/login").text
    produccion = otra_app(entorno="production").test_client()
    assert "make usuario" not in produccion.get("/login", base_url="https://localhost").text


@pytest.mark.parametrize(("nombre", "clave"), [("ana", "otra contraseña"), ("nadie", CLAVE), ("", "")])
def test_un_acceso_malo_no_dice_que_falla(anonimo, usuario, nombre, clave):
    usuario("ana")
    respuesta = anonimo.entrar(nombre, clave)
    assert respuesta.status_code == 200
    assert "Usuario o contraseña incorrectos" in respuesta.text
    assert "Set-Cookie" not in str(anonimo.web.get_cookie("leads_sesion"))


def test_un_usuario_de_baja_no_entra_y_pierde_su_sesion(anonimo, usuario, app):
    ana = usuario("ana")
    anonimo.entrar("ana")
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(sa.update(usuarios).where(usuarios.c.id == ana).values(activo=False))
    assert anonimo.ver("/").status_code == 302
    assert "Usuario o contraseña incorrectos" in anonimo.entrar("ana").text


def test_cinco_fallos_cierran_la_puerta_quince_minutos(anonimo, usuario, app, monkeypatch):
    usuario("ana")
    for _ in range(5):
        assert anonimo.entrar("ana", "no es esta").status_code == 200
    cerrada = anonimo.entrar("ana")
    assert cerrada.status_code == 429
    assert "Demasiados intentos fallidos. Podrás volver a probar a las" in cerrada.text

    despues = accesos.ahora() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(accesos, "ahora", lambda: despues)
    assert anonimo.entrar("ana").status_code == 302


def test_muchos_intentos_a_la_vez_no_pasan_de_cinco(app, usuario, a_la_vez, fila):
    usuario("ana")
    visita = accesos.Visita("192.0.2.1", "")

    def probar(_):
        try:
            return accesos.entrar(app.extensions["bd"], "ana", "no es esta", visita, "")
        except accesos.Bloqueado:
            return "bloqueado"

    assert a_la_vez(probar, 8).count("bloqueado") == 3
    assert fila(intentos_de_acceso, clave="usuario:ana").bloqueado_hasta is not None


def test_un_acceso_bueno_borra_los_fallos(anonimo, usuario, filas):
    usuario("ana")
    anonimo.entrar("ana", "no es esta")
    anonimo.entrar("ana")
    assert filas(intentos_de_acceso, clave="usuario:ana") == []


@pytest.mark.parametrize(
    "ajena",
    [
        "https://ejemplo.org/",
        "//ejemplo.org",
        "/\\ejemplo.org",
        "javascript:alert(1)",
        "/a\\b",
        "/a\tb",
        "cuenta",
    ],
)
def test_next_solo_lleva_a_paginas_propias(anonimo, usuario, ajena):
    usuario("ana")
    assert anonimo.entrar("ana", next=ajena).location == "/"


def test_tras_el_gateway_todo_lleva_su_prefijo(anonimo, usuario):
    usuario("ana")
    prefijo = {
        "X-Forwarded-Prefix": "/leads",
        "X-Forwarded-Host": "localhost:8080",
        "X-Forwarded-Proto": "http",
    }
    respuesta = anonimo.ver("/cuenta", headers=prefijo)
    assert respuesta.location == "/leads/login?next=/leads/cuenta"
    pagina = anonimo.ver("/login?next=/leads/cuenta", headers=prefijo).text
    assert 'action="/leads/login"' in pagina
    assert 'href="/leads/bootstrap/css/bootstrap.min.css"' in pagina
    datos = {
        "username": "ana",
        "password": CLAVE,
        "csrf_token": anonimo.testigo(),
        "next": "/leads/cuenta",
    }
    assert anonimo.web.post("/login", data=datos, headers=prefijo).location == "/leads/cuenta"
    assert anonimo.web.post("/login", data={**datos, "next": "/almacen/"}, headers=prefijo).status_code == 400


def test_sin_testigo_o_con_el_de_otra_sesion_no_se_cambia_nada(panel, filas):
    uno, otro = panel("admin", "uno"), panel("admin", "otro")
    datos = {"username": "intruso", "password": CLAVE, "rol": "admin"}
    for testigo in ({}, {"csrf_token": otro.testigo("/cuenta")}):
        respuesta = uno.web.post("/usuarios", data={**datos, **testigo})
        assert respuesta.status_code == 400
        assert "llevaba demasiado tiempo abierta" in respuesta.text
    assert [u.username for u in filas(usuarios)] == ["uno", "otro"]


def test_con_el_testigo_bueno_pero_desde_otro_sitio_tampoco(panel, filas):
    uno = panel("admin")
    datos = {
        "username": "intruso",
        "password": CLAVE,
        "rol": "admin",
        "csrf_token": uno.testigo("/cuenta"),
    }
    assert uno.web.post("/usuarios", data=datos, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert uno.web.get("/logout", headers={"Sec-Fetch-Site": "cross-site"}).location == "/"
    assert uno.ver("/cuenta").status_code == 200
    assert len(filas(usuarios)) == 1


@pytest.mark.parametrize(("pasan", "sigue"), [(timedelta(hours=1), 200), (timedelta(hours=3), 302)])
def test_una_sesion_sin_usar_caduca(panel, monkeypatch, pasan, sigue):
    ana = panel("agente")
    despues = accesos.ahora() + pasan
    monkeypatch.setattr(accesos, "ahora", lambda: despues)
    assert ana.ver("/").status_code == sigue


def test_sin_base_de_datos_hay_una_pagina_que_se_recupera_sola(panel, app, monkeypatch):
    ana = panel("agente")
    with monkeypatch.context() as roto:
        roto.setattr(app.extensions["bd"], "lectura", _caida)
        respuesta = ana.ver("/")
        assert respuesta.status_code == 503
        assert "vuelve a intentarlo sola" in respuesta.text
        assert 'http-equiv="refresh"' in respuesta.text
    assert ana.ver("/").status_code == 200


def _caida():
    raise sa.exc.OperationalError("SELECT 1", {}, Exception("la base no está"))


def test_las_paginas_no_se_guardan_y_no_admiten_guiones_ajenos(panel):
    respuesta = panel("agente").ver("/")
    assert respuesta.headers["Cache-Control"] == "no-store"
    assert respuesta.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "<script>" not in respuesta.text
    assert " style=" not in respuesta.text


def test_los_errores_de_la_api_siguen_siendo_json(web):
    assert web.post("/api/actualizar_resultado", json={}).json["success"] is False
    assert web.get("/api/obtener_resultados").json["success"] is True
