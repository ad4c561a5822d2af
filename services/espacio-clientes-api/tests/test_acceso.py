import time
from datetime import datetime

import jwt
import pytest
import sqlalchemy as sa

from espacio_clientes.infraestructura.tablas import auditoria, intentos_fallidos

from .conftest import CLAVE

MAL = {"detail": "Usuario o contraseña incorrectos"}


def entrar(web, usuario="cliente", clave=CLAVE):
    return web.post("/token", data={"username": usuario, "password": clave})


def con_token(web, token):
    return web.get("/carrito/1", headers={"Authorization": f"Bearer {token}"})


def acciones(piezas):
    with piezas.bd.lectura() as conexion:
        return [fila.accion for fila in conexion.execute(sa.select(auditoria).order_by(auditoria.c.id))]


def test_entrar_da_lo_del_readme_y_el_token_sirve(web, piezas):
    salida = entrar(web)
    assert (salida.status_code, salida.json()["token_type"]) == (200, "bearer")
    assert list(salida.json()) == ["access_token", "token_type"]
    datos = jwt.decode(salida.json()["access_token"], options={"verify_signature": False})
    assert datos.keys() == {"sub", "iat", "exp", "iss", "aud", "jti"}
    assert (datos["sub"], datos["iss"], datos["aud"]) == ("cliente", "api.mi-tierra.com", "clientes")
    assert datos["exp"] - datos["iat"] == 1800
    assert con_token(web, salida.json()["access_token"]).status_code == 404
    assert acciones(piezas) == ["entrada"]


@pytest.mark.parametrize(("usuario", "clave"), [("cliente", "otra"), ("nadie", CLAVE)])
def test_usuario_desconocido_y_clave_equivocada_dicen_lo_mismo(web, piezas, usuario, clave):
    salida = entrar(web, usuario, clave)
    assert (salida.status_code, salida.json()) == (401, MAL)
    assert salida.headers["WWW-Authenticate"] == "Bearer"
    assert acciones(piezas) == ["entrada_fallida"]


def test_usuario_desconocido_y_clave_equivocada_hacen_el_mismo_trabajo(web, piezas):
    hechas = []

    def anotar(*argumentos):
        hechas.append(argumentos[2])

    sa.event.listen(piezas.bd.motor, "before_cursor_execute", anotar)
    entrar(web, "cliente", "otra")
    conocido, hechas[:] = list(hechas), []
    entrar(web, "nadie", "otra")
    assert hechas == conocido


@pytest.mark.parametrize("usuario", ["cliente", "nadie"])
def test_cinco_fallos_bloquean_un_cuarto_de_hora_exista_o_no_el_usuario(web, usuario):
    assert [entrar(web, usuario, "otra").status_code for _ in range(6)] == [401] * 5 + [429]
    salida = entrar(web, usuario, CLAVE)
    assert salida.status_code == 429
    assert 800 < int(salida.headers["Retry-After"]) <= 900
    assert entrar(web, "cliente2").status_code == 200


def test_los_fallos_viejos_no_cuentan_y_acertar_los_perdona(web, piezas):
    for _ in range(4):
        entrar(web, clave="otra")
    assert entrar(web).status_code == 200
    assert [entrar(web, clave="otra").status_code for _ in range(5)] == [401] * 5
    with piezas.bd.escritura() as conexion:
        conexion.execute(sa.update(intentos_fallidos).values(momento=datetime(2020, 1, 1)))
    assert entrar(web).status_code == 200


def test_un_ataque_en_paralelo_no_prueba_muchas_mas_claves_que_uno_en_serie(web, a_la_vez):
    estados = a_la_vez(lambda _: entrar(web, clave="otra").status_code, 20)
    assert estados.count(401) == 5


def test_un_token_revocado_deja_de_valer_y_los_demas_siguen(web, lucia, piezas):
    assert lucia.pedir("POST", "/token/revocar").status_code == 204
    salida = lucia.deudas()
    assert (salida.status_code, salida.json()) == (401, {"detail": "El token no es válido o ha caducado"})
    assert lucia.pedir("POST", "/token/revocar").status_code == 401
    assert con_token(web, piezas.firmante.emitir("cliente")).status_code == 404


def test_un_token_revocado_tampoco_repite_respuestas_guardadas(lucia):
    sesion = lucia.carrito_con("123")
    assert lucia.pagar(sesion, **{"Idempotency-Key": "pago-1"}).status_code == 201
    lucia.pedir("POST", "/token/revocar")
    assert lucia.pagar(sesion, **{"Idempotency-Key": "pago-1"}).status_code == 401


AHORA = int(time.time())
BUENO = {
    "sub": "cliente", "iat": AHORA, "exp": AHORA + 600, "iss": "api.mi-tierra.com", "aud": "clientes", "jti": "x",
}  # fmt: skip


@pytest.mark.parametrize(
    "cambio",
    [
        pytest.param({"exp": AHORA - 1}, id="caducado"),
        *(pytest.param({dato: "otro"}, id=f"con otro {dato}") for dato in ("iss", "aud", "sub")),
        *(pytest.param({dato: None}, id=f"sin {dato}") for dato in ("sub", "jti", "exp", "iat")),
    ],
)
def test_un_token_a_medias_no_vale(web, cambio):
    datos = {clave: valor for clave, valor in {**BUENO, **cambio}.items() if valor is not None}
    assert con_token(web, jwt.encode(BUENO, "s" * 40, "HS256")).status_code == 404
    assert con_token(web, jwt.encode(datos, "s" * 40, "HS256")).status_code == 401


def test_ni_none_ni_otro_algoritmo_ni_otra_clave(web):
    sin_firma = jwt.encode(BUENO, None, "none")
    for token in (
        sin_firma,
        jwt.encode(BUENO, "s" * 64, "HS512"),
        jwt.encode(BUENO, "z" * 40, "HS256"),
        "a.b.c",
        "",
    ):
        assert con_token(web, token).status_code == 401
    assert web.get("/carrito/1", headers={"Authorization": "Basic eDp5"}).status_code == 401


def test_sin_token_no_se_entra_en_ningun_sitio(web, app):
    abiertas = {"/token", "/health", "/health/live", "/health/ready"}
    for ruta, camino in app.openapi()["paths"].items():
        for metodo in camino:
            salida = web.request(metodo, ruta.replace("{idsession}", "1").replace("{cod_transaccion}", "AB"))
            assert (salida.status_code == 401) == (ruta not in abiertas), (metodo, ruta)


def test_el_formulario_tiene_limites_y_su_cuerpo_tambien(web):
    assert web.post("/token", data={"username": "x" * 36, "password": "y"}).status_code == 422
    assert (
        web.post("/token", data={"username": "x"}).json()["detail"][0]["msg"]
        == "El campo 'password' es obligatorio"
    )
    tipo = {"Content-Type": "application/x-www-form-urlencoded"}
    grande = b"username=" + b"x" * 2**20
    assert web.post("/token", content=grande, headers=tipo).status_code == 413
    por_trozos = web.post("/token", content=iter([grande]), headers=tipo)
    assert (por_trozos.status_code, por_trozos.json()) == (413, {"detail": "Cuerpo demasiado grande"})
