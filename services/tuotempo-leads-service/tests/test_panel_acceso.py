from datetime import timedelta

import pytest
import sqlalchemy as sa

from tuotempo_leads.aplicacion import accesos
from tuotempo_leads.infraestructura.tablas import intentos_de_acceso, sesiones, usuarios

CLAVE = "una contraseña larga"
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
    datos = {"username": "ana", "password": CLAVE, "csrf_token": anonimo.testigo(), "next": "/leads/cuenta"}
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
    datos = {"username": "intruso", "password": CLAVE, "rol": "admin", "csrf_token": uno.testigo("/cuenta")}
    assert uno.web.post("/usuarios", data=datos, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert uno.web.get("/logout", headers={"Sec-Fetch-Site": "cross-site"}).location == "/"
    assert uno.ver("/cuenta").status_code == 200
    assert len(filas(usuarios)) == 1


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


@pytest.mark.parametrize(("pasan", "sigue"), [(timedelta(hours=1), 200), (timedelta(hours=3), 302)])
def test_una_sesion_sin_usar_caduca(panel, monkeypatch, pasan, sigue):
    ana = panel("agente")
    despues = accesos.ahora() + pasan
    monkeypatch.setattr(accesos, "ahora", lambda: despues)
    assert ana.ver("/").status_code == sigue


def test_el_primer_administrador_sale_del_entorno_y_solo_si_no_hay_nadie(otra_app, filas, ajustes):
    from pydantic import SecretStr

    assert filas(usuarios) == []
    otra_app(panel_usuario="jefa", panel_clave=SecretStr(CLAVE))
    otra_app(panel_usuario="otra", panel_clave=SecretStr(CLAVE))
    assert [(u.username, u.rol) for u in filas(usuarios)] == [("jefa", "admin")]


def test_una_clave_de_administrador_corta_no_deja_arrancar(otra_app):
    from pydantic import SecretStr

    with pytest.raises(SystemExit, match="PANEL_ADMIN_CLAVE no vale: La contraseña debe tener"):
        otra_app(panel_usuario="jefa", panel_clave=SecretStr("admin"))


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
