"""Lo que toda aplicación creada con el chasis hace igual, probado sobre una de ejemplo."""

import io
import json

import pytest
import sqlalchemy as sa
from flask import request
from openapi_spec_validator import validate

from tests.ejemplo_del_chasis import cosas


@pytest.mark.parametrize(
    ("metodo", "ruta", "opciones", "estado", "mensaje", "codigo"),
    [
        ("get", "/nada", {}, 404, "Recurso no encontrado", "RUTA_NO_ENCONTRADA"),
        ("delete", "/lista", {}, 405, "Método no permitido", "METODO_NO_PERMITIDO"),
        (
            "post",
            "/cosas",
            {"data": b"{", "content_type": "application/json"},
            400,
            "objeto JSON",
            "DATOS_INVALIDOS",
        ),
        ("post", "/cosas", {"json": [1]}, 400, "objeto JSON", "DATOS_INVALIDOS"),
        (
            "post",
            "/cosas",
            {"data": b"null", "content_type": "application/json"},
            400,
            "objeto JSON",
            "DATOS_INVALIDOS",
        ),
        ("post", "/cosas", {"data": "nombre=x"}, 415, "application/json", "TIPO_NO_SOPORTADO"),
        ("post", "/cosas", {}, 415, "application/json", "TIPO_NO_SOPORTADO"),
        (
            "post",
            "/cosas",
            {"json": {"nombre": "x" * 2**20}},
            413,
            "demasiado grande",
            "CUERPO_DEMASIADO_GRANDE",
        ),
        ("post", "/cosas", {"json": {"nombre": "a\x00b"}}, 400, "NUL", "DATOS_INVALIDOS"),
        ("post", "/cosas", {"json": {}}, 400, "'nombre' es obligatorio", "DATOS_INVALIDOS"),
        ("get", "/revienta", {}, 500, "Error interno del servidor", "ERROR_INTERNO"),
    ],
)
def test_todo_error_es_json_en_el_dialecto_del_servicio(web, metodo, ruta, opciones, estado, mensaje, codigo):
    salida = getattr(web, metodo)(ruta, **opciones)
    assert salida.status_code == estado
    assert mensaje in salida.json["mensaje"]
    assert salida.json["codigo"] == codigo
    assert salida.mimetype == "application/json"


def test_un_cuerpo_por_trozos_que_pasa_del_limite_tambien_es_413(web):
    opciones = {
        "wsgi.input_terminated": True,
        "wsgi.input": io.BytesIO(b'{"nombre": "' + b"x" * 2**20 + b'"}'),
    }
    salida = web.post("/cosas", content_type="application/json", environ_overrides=opciones)
    assert salida.status_code == 413


def test_un_cuerpo_por_trozos_dentro_del_limite_se_lee_entero(web, de_cosas):
    opciones = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b'{"nombre": "x"}')}
    salida = web.post("/cosas", content_type="application/json", environ_overrides=opciones)
    assert salida.status_code == 201
    assert cosas(de_cosas) == 1


def test_un_fallo_se_anota_con_su_peticion_y_sin_datos_personales(web, capsys):
    web.get("/revienta?usuario=ana", headers={"X-Request-ID": "pedido-5"})
    lineas = [json.loads(linea) for linea in capsys.readouterr().out.splitlines()]
    assert [linea["event"] for linea in lineas] == ["fallo_inesperado", "peticion"]
    assert {linea["peticion"] for linea in lineas} == {"pedido-5"}
    assert "ana@" not in str(lineas)
    assert lineas[1]["ruta"] == "/revienta"


@pytest.mark.parametrize("identificador", ["a", "Ped.1_2-3", "x" * 128])
def test_el_identificador_de_quien_llama_se_respeta(web, identificador):
    assert web.get("/lista", headers={"X-Request-ID": identificador}).headers["X-Request-ID"] == identificador


@pytest.mark.parametrize("identificador", ["", "con espacio", "x" * 129, "ñ", "a;b"])
def test_un_identificador_que_no_vale_se_cambia_por_uno_nuevo(web, identificador):
    nuevo = web.get("/lista", headers={"X-Request-ID": identificador}).headers["X-Request-ID"]
    assert nuevo != identificador
    assert len(nuevo) == 32


def test_la_traza_continua_y_la_que_no_vale_empieza_de_nuevo(web):
    recibida = "00-" + "a" * 32 + "-" + "b" * 16 + "-00"
    seguida = web.get("/lista", headers={"traceparent": recibida}).headers["traceparent"]
    assert seguida[:36] == recibida[:36]
    assert seguida[36:52] != "b" * 16
    nueva = web.get("/lista", headers={"traceparent": "00-" + "0" * 32 + "-" + "b" * 16 + "-00"}).headers[
        "traceparent"
    ]
    assert nueva[3:35] != "0" * 32


def test_las_cabeceras_de_proxy_solo_valen_si_las_escribe_uno_de_confianza(app, web):
    @app.get("/donde")
    def donde():
        return {"raiz": request.url_root, "quien": request.remote_addr}

    reenviado = {
        "X-Forwarded-Prefix": "/canales",
        "X-Forwarded-Host": "ejemplo.es",
        "X-Forwarded-For": "9.9.9.9",
    }
    dentro = web.get("/donde", headers=reenviado, environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).json
    fuera = web.get("/donde", headers=reenviado, environ_overrides={"REMOTE_ADDR": "10.1.1.1"}).json
    assert dentro == {"raiz": "http://ejemplo.es/canales/", "quien": "9.9.9.9"}
    assert fuera == {"raiz": "http://localhost/", "quien": "10.1.1.1"}


@pytest.mark.parametrize("cuantos", [0, 1, 2, 5])
def test_una_lista_por_trozos_puede_ir_en_un_objeto_con_su_total(web, cuantos):
    assert web.get(f"/lista/{cuantos}").json == {"cosas": list(range(cuantos)), "total": cuantos}


@pytest.mark.parametrize("tipo", [None, "application/json", "text/plain"])
def test_un_cuerpo_opcional_que_falta_es_un_objeto_vacio(web, tipo):
    assert web.put("/nota", content_type=tipo).json == "ninguna"
    assert web.get("/openapi.json").json["paths"]["/nota"]["put"]["requestBody"]["required"] is False


def test_un_cuerpo_opcional_que_llega_se_comprueba_como_cualquiera(web):
    assert web.put("/nota", json={"nota": "x"}).json == "x"
    assert web.put("/nota", json={"nota": 5}).status_code == 400
    assert web.put("/nota", data="x").status_code == 415
    assert web.put("/nota", data="{", content_type="application/json").status_code == 400


def test_una_lista_larga_se_escribe_por_trozos_y_es_json(web):
    salida = web.get("/lista")
    assert salida.content_length is None
    assert [fila["n"] for fila in json.loads(salida.data)] == list(range(1200))


def test_si_la_base_falla_se_dice_con_el_texto_de_la_ruta_y_luego_se_recupera(web, de_cosas):
    with de_cosas.escritura() as conexion:
        conexion.execute(sa.text("ALTER TABLE cosas RENAME TO escondida"))
    salida = web.post("/cosas", json={"nombre": "a"})
    assert (salida.status_code, salida.json["mensaje"]) == (500, "Error al guardar la cosa")
    with de_cosas.escritura() as conexion:
        conexion.execute(sa.text("ALTER TABLE escondida RENAME TO cosas"))
    assert web.post("/cosas", json={"nombre": "a"}).status_code == 201


def test_la_disponibilidad_nombra_lo_que_falla(web, app, monkeypatch):
    assert web.get("/health/live").json == {"status": "alive"}
    assert web.get("/health/ready").status_code == 200
    monkeypatch.setattr(type(app.extensions["bd"]), "lectura", lambda self: 1 / 0)
    salida = web.get("/health/ready")
    assert (salida.status_code, salida.json["status"]) == (503, "not_ready")
    assert salida.json["comprobaciones"]["base_de_datos"]["motivo"]


@pytest.mark.parametrize("ruta", ["/metrics", "/health/ready"])
@pytest.mark.parametrize("cabecera", ["X-Forwarded-Host", "X-Forwarded-For"])
def test_lo_interno_no_se_contesta_a_quien_llega_por_un_proxy(web, ruta, cabecera):
    assert web.get(ruta, headers={cabecera: "centralita.example"}).status_code == 404


def test_las_metricas_cuentan_por_ruta_y_no_por_direccion(web):
    web.get("/nada/maria-lopez")
    web.get("/lista")
    texto = web.get("/metrics").text
    assert 'http_peticiones_total{estado="200",metodo="GET",ruta="/lista"}' in texto
    assert "maria" not in texto


class TestDocumentacion:
    def test_el_documento_es_openapi_3_1_valido(self, web):
        documento = web.get("/openapi.json").json
        assert documento["openapi"] == "3.1.0"
        validate(documento)

    def test_el_cuerpo_es_obligatorio_y_sus_errores_estan_descritos(self, web):
        operacion = web.get("/openapi.json").json["paths"]["/cosas"]["post"]
        assert operacion["requestBody"]["required"]
        assert {"400", "409", "413", "415", "422"} <= operacion["responses"].keys()
        assert [p["name"] for p in operacion["parameters"]] == ["Idempotency-Key"]

    def test_la_pagina_no_pide_nada_fuera_y_funciona_tras_un_prefijo(self, web):
        pagina = web.get("/docs").text
        assert "http" not in pagina.replace("http-equiv", "")
        assert 'src="/' not in pagina
        for recurso in ("docs/swagger-ui.css", "docs/swagger-ui-bundle.js", "docs/inicio.js"):
            assert recurso in pagina
            assert web.get("/" + recurso).status_code == 200

    def test_el_servidor_descrito_es_por_donde_se_entra(self, web):
        prefijo = {"X-Forwarded-Host": "localhost:8080", "X-Forwarded-Prefix": "/ejemplo"}
        assert web.get("/openapi.json", headers=prefijo).json["servers"] == [{"url": "/ejemplo"}]
        assert web.get("/openapi.json").json["servers"] == [{"url": "/"}]

    def test_por_el_gateway_no_se_ensena_lo_que_el_gateway_no_deja_pasar(self, web):
        por_fuera = web.get("/openapi.json", headers={"X-Forwarded-Host": "localhost:8080"}).json["paths"]
        assert web.get("/openapi.json").json["paths"].keys() - por_fuera.keys() == {"/health/ready"}
