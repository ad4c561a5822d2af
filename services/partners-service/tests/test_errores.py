"""Todo error en el mismo dialecto, también con la base caída."""

from functools import partial

import pytest


@pytest.mark.parametrize(
    ("metodo", "ruta", "opciones", "estado", "codigo"),
    [
        ("GET", "/nada", {}, 404, "RUTA_NO_ENCONTRADA"),
        ("PATCH", "/api/v1/partners", {}, 405, "METODO_NO_PERMITIDO"),
        ("POST", "/api/v1/partners", {"data": "nombre=x"}, 415, "TIPO_NO_SOPORTADO"),
        (
            "POST",
            "/api/v1/partners",
            {"data": "{", "content_type": "application/json"},
            400,
            "DATOS_INVALIDOS",
        ),
        ("POST", "/api/v1/partners", {"json": ["x"]}, 400, "DATOS_INVALIDOS"),
        ("POST", "/api/v1/partners", {"json": {"nombre": "x" * 1_100_000}}, 413, "CUERPO_DEMASIADO_GRANDE"),
    ],
)
def test_todo_error_habla_el_mismo_dialecto(web, metodo, ruta, opciones, estado, codigo):
    salida = web.open(ruta, method=metodo, **opciones)
    assert (salida.status_code, salida.json["codigo"]) == (estado, codigo)
    assert list(salida.json) == ["error", "codigo"]


def test_salud_es_exactamente_la_del_readme(web):
    assert web.get("/health").json == {"status": "healthy", "service": "partners-service"}


def test_con_la_base_caida_se_contesta_503_y_luego_todo_vuelve(web, api, abc, base_caida):
    caida = {"error": "Base de datos no disponible", "codigo": "NO_DISPONIBLE"}
    alta = {"nombre": "X", "email": "x@y.co"}
    con_clave = partial(web.post, "/api/v1/partners", json=alta, headers={"Idempotency-Key": "k"})
    with base_caida():
        for salida in (api.crear("x@y.co"), con_clave(), api.leer(abc), api.listar(), api.eliminar(abc)):
            assert (salida.status_code, salida.json, salida.headers["Retry-After"]) == (503, caida, "1")
    assert con_clave().status_code == 201


def test_un_fallo_de_la_base_es_un_500_sin_detalles(web, app, api, abc):
    with app.extensions["bd"].escritura() as conexion:
        conexion.exec_driver_sql("ALTER TABLE partners RENAME TO otra")
    for salida in (api.crear("x@y.co"), api.leer(abc), api.listar(), api.eliminar(abc)):
        assert (salida.status_code, salida.json) == (
            500,
            {"error": "Error interno del servidor", "codigo": "ERROR_INTERNO"},
        )
