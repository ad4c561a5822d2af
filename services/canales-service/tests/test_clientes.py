import json
import re
from datetime import datetime

import pytest
import sqlalchemy as sa

from canales.infraestructura.tablas import clientes

OBLIGATORIOS = {"mensaje": "Nombre y tipo de servicio son obligatorios"}


def registrar(web, nombre="Juan Pérez", tipo_servicio="soporte", **cabeceras):
    return web.post("/cliente", json={"nombre": nombre, "tipo_servicio": tipo_servicio}, headers=cabeceras)


def test_registrar_responde_lo_del_readme_y_dice_donde_quedo(web):
    salida = registrar(web)
    assert (salida.status_code, salida.json) == (201, {"mensaje": "Cliente registrado exitosamente"})
    assert salida.headers["Location"] == "/clientes/1"
    esperado = {"id": 1, "nombre": "Juan Pérez", "tipo_servicio": "soporte"}
    assert web.get("/clientes/1").json == esperado
    assert web.get("/clientes").json == [esperado]


def test_lo_que_no_elige_quien_llama_no_se_puede_elegir(web):
    ajenos = {"id": 7, "fecha_creacion": "2020-01-01", "telefono": "600 000 000", "clave_externa": "x"}
    web.post("/cliente", json={"nombre": "Lía", "tipo_servicio": "soporte", **ajenos})
    assert web.get("/clientes").json == [{"id": 1, "nombre": "Lía", "tipo_servicio": "soporte"}]


def test_dos_clientes_pueden_llamarse_igual(web):
    registrar(web)
    registrar(web)
    assert [cliente["id"] for cliente in web.get("/clientes").json] == [1, 2]


@pytest.mark.parametrize(
    "cuerpo",
    [
        {},
        {"nombre": "Ana"},
        {"tipo_servicio": "soporte"},
        {"nombre": "  ", "tipo_servicio": "soporte"},
        {"nombre": None, "tipo_servicio": "soporte"},
        {"nombre": 7, "tipo_servicio": "soporte"},
        {"nombre": ["Ana"], "tipo_servicio": "soporte"},
        {"nombre": "Ana", "tipo_servicio": False},
    ],
    ids=json.dumps,
)
def test_sin_nombre_o_tipo_de_servicio_no_se_registra_nada(web, cuerpo):
    salida = web.post("/cliente", json=cuerpo)
    assert (salida.status_code, salida.json) == (400, OBLIGATORIOS)
    assert web.get("/clientes").status_code == 404


@pytest.mark.parametrize(
    ("nombre", "tipo", "estado"), [("x" * 100, "y" * 50, 201), ("x" * 101, "y", 400), ("x", "y" * 51, 400)]
)
def test_las_longitudes_tienen_limite(web, nombre, tipo, estado):
    assert registrar(web, nombre, tipo).status_code == estado


def test_una_tabla_vacia_es_el_404_del_readme(web):
    salida = web.get("/clientes")
    assert (salida.status_code, salida.json) == (404, {"mensaje": "No hay clientes registrados"})


def test_un_cliente_que_no_existe_se_dice_con_su_id(web):
    salida = web.get("/clientes/99")
    assert (salida.status_code, salida.json) == (404, {"mensaje": "El cliente con id 99 no existe"})
    assert web.get(f"/clientes/{2**70}").status_code == 404


def test_las_paginas_llevan_el_total_y_los_vecinos(web):
    for numero in range(5):
        registrar(web, f"Cliente {numero}")
    salida = web.get("/clientes?page=2&per_page=2")
    assert [cliente["id"] for cliente in salida.json] == [3, 4]
    assert salida.headers["X-Total-Count"] == "5"
    vecinos = dict(re.findall(r'[?&]page=(\d+)[^>]*>; rel="(\w+)"', salida.headers["Link"]))
    assert vecinos == {"1": "prev", "3": "last"}


def test_una_pagina_mas_alla_del_final_es_una_lista_vacia(web):
    assert web.get("/clientes?page=9").json == []
    registrar(web)
    salida = web.get("/clientes?page=9")
    assert (salida.status_code, salida.json, salida.headers["X-Total-Count"]) == (200, [], "1")


@pytest.mark.parametrize("consulta", ["page=x", "page=0", "per_page=501", "orden=nombre", "desde=ayer"])
def test_un_parametro_que_no_vale_es_un_400_que_lo_nombra(web, consulta):
    salida = web.get(f"/clientes?{consulta}")
    assert salida.status_code == 400
    assert f"'{consulta.split('=')[0]}'" in salida.json["mensaje"]


def test_se_filtra_por_dia_de_alta_y_se_invierte_el_orden(web, app):
    for numero in range(3):
        registrar(web, f"Cliente {numero}")
    with app.extensions["bd"].escritura() as conexion:
        momento = datetime(2024, 9, 8, 23, 59, 59)
        conexion.execute(sa.update(clientes).where(clientes.c.id == 2).values(creado_en=momento))
    del_dia = web.get("/clientes?desde=2024-09-08&hasta=2024-09-08")
    assert [cliente["id"] for cliente in del_dia.json] == [2]
    assert [cliente["id"] for cliente in web.get("/clientes?orden=-id").json] == [3, 2, 1]
    assert web.get("/clientes?desde=2999-01-01").json == []


def test_repetir_un_alta_con_la_misma_clave_no_crea_otro(web):
    primera = registrar(web, **{"Idempotency-Key": "alta-1"})
    segunda = registrar(web, **{"Idempotency-Key": "alta-1"})
    assert segunda.headers["Location"] == primera.headers["Location"]
    assert len(web.get("/clientes").json) == 1


def test_dieciseis_altas_a_la_vez_quedan_todas(app, web, a_la_vez):
    estados = a_la_vez(lambda n: registrar(app.test_client(), f"Cliente {n}").status_code, 16)
    assert set(estados) == {201}
    assert len(web.get("/clientes").json) == 16


def test_una_lista_larga_se_escribe_por_trozos_y_no_se_deja_nada(web, app):
    with app.extensions["bd"].escritura() as conexion:
        filas = [
            {"nombre": f"C{n}", "tipo_servicio": "s", "creado_en": datetime(2024, 1, 1)} for n in range(1700)
        ]
        conexion.execute(sa.insert(clientes), filas)
    salida = web.get("/clientes")
    assert salida.content_length is None
    assert [cliente["id"] for cliente in salida.json] == list(range(1, 1701))


def test_quien_corta_la_descarga_devuelve_su_conexion(web, app):
    with app.extensions["bd"].escritura() as conexion:
        filas = [{"nombre": "C", "tipo_servicio": "s", "creado_en": datetime(2024, 1, 1)}] * 3000
        conexion.execute(sa.insert(clientes), filas)
    for _ in range(20):
        web.get("/clientes", buffered=False).close()
    assert app.extensions["bd"].motor.pool.checkedout() == 0
