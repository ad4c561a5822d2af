import re

import pytest
import sqlalchemy as sa

from partners.modulos.partners.infraestructura.dto import partners

DE_LISTA = [
    "id",
    "nombre",
    "email",
    "telefono",
    "estado",
    "estado_kyc",
    "fecha_creacion",
    "integraciones_count",
]


def nombres(salida) -> list[str]:
    return [partner["nombre"] for partner in salida.json["partners"]]


@pytest.fixture
def cuatro(api) -> list[str]:
    """Ids de Alfa (aprobado), Beta, Gamma (suspendido) y Delta (eliminado), por orden de alta."""
    ids = [
        api.crear(f"{n.lower()}@ejemplo.com", n).json["partner"]["id"]
        for n in ("Alfa", "Beta", "Gamma", "Delta")
    ]
    api.kyc(ids[0], estado_kyc="APROBADO")
    api.cambiar(ids[2], estado="SUSPENDIDO")
    api.eliminar(ids[3])
    return ids


def test_la_lista_va_por_orden_de_alta_y_cuenta_las_integraciones(api, cuatro):
    for _ in range(2):
        api.integrar(cuatro[1])
    salida = api.listar()
    assert (salida.status_code, list(salida.json)) == (200, ["partners", "total"])
    assert [list(partner) for partner in salida.json["partners"]] == [DE_LISTA] * 3
    cuentas = [(p["nombre"], p["integraciones_count"]) for p in salida.json["partners"]]
    assert cuentas == [("Alfa", 0), ("Beta", 2), ("Gamma", 0)]
    assert salida.json["total"] == 3


@pytest.mark.parametrize(
    ("consulta", "esperados"),
    [
        ("estado=ACTIVO", ["Alfa", "Beta"]),
        ("estado=SUSPENDIDO", ["Gamma"]),
        ("estado=ELIMINADO", ["Delta"]),
        ("incluir_eliminados=1", ["Alfa", "Beta", "Gamma", "Delta"]),
        ("incluir_eliminados=0", ["Alfa", "Beta", "Gamma"]),
        ("estado_kyc=APROBADO", ["Alfa"]),
        ("q=ALFA", ["Alfa"]),
        ("q=beta@ejem", ["Beta"]),
        ("q=ejemplo&estado_kyc=PENDIENTE", ["Beta", "Gamma"]),
        ("q=nadie", []),
    ],
)
def test_los_filtros_se_combinan(api, cuatro, consulta, esperados):
    salida = api.listar(consulta)
    assert nombres(salida) == esperados
    assert salida.json["total"] == len(esperados)


def test_los_comodines_de_la_busqueda_son_literales(api):
    api.crear("a@ejemplo.com", "100% Ñandú")
    api.crear("b@ejemplo.com", "100 Avestruz")
    api.crear("c_d@ejemplo.com", "Barra\\Baja")
    assert nombres(api.listar("q=100%25")) == ["100% Ñandú"]
    assert nombres(api.listar("q=ÑANDÚ")) == ["100% Ñandú"]
    assert nombres(api.listar("q=c_d")) == ["Barra\\Baja"]
    assert nombres(api.listar("q=_")) == ["Barra\\Baja"]
    assert nombres(api.listar("q=%5C")) == ["Barra\\Baja"]


def test_las_paginas_llevan_el_total_y_los_vecinos(api, cuatro):
    salida = api.listar("page=2&per_page=1&incluir_eliminados=1")
    assert (nombres(salida), salida.json["total"], salida.headers["X-Total-Count"]) == (["Beta"], 4, "4")
    vecinos = dict(re.findall(r'[?&]page=(\d+)[^>]*>; rel="(\w+)"', salida.headers["Link"]))
    assert vecinos == {"1": "prev", "3": "next", "4": "last"}
    assert "incluir_eliminados=1" in salida.headers["Link"]
    lejana = api.listar("page=9")
    assert (nombres(lejana), lejana.json["total"]) == ([], 3)


@pytest.mark.parametrize(
    "consulta",
    [
        "estado=X",
        "estado_kyc=aprobado",
        "page=0",
        "per_page=501",
        "incluir_eliminados=quizas",
        "q=%00",
        "page=x",
    ],
)
def test_un_parametro_que_no_vale_es_un_400_que_lo_nombra(api, consulta):
    salida = api.listar(consulta)
    assert (salida.status_code, salida.json["codigo"]) == (400, "DATOS_INVALIDOS")
    assert f"'{consulta.split('=')[0]}'" in salida.json["error"]


def test_diez_mil_partners_salen_enteros_por_trozos_y_con_dos_consultas_como_mucho(api, app, abc, consultas):
    bd = app.extensions["bd"]
    with bd.lectura() as conexion:
        modelo = conexion.execute(sa.select(partners)).mappings().one()
    with bd.escritura() as conexion:
        filas = [
            {**modelo, "id": f"{n:08d}-0000-4000-8000-000000000000", "email_clave": str(n)}
            for n in range(9999)
        ]
        conexion.execute(sa.insert(partners), filas)
    salida = api.listar()
    assert salida.content_length is None
    assert (len(salida.json["partners"]), salida.json["total"]) == (10_000, 10_000)
    assert api.listar("page=3&per_page=500").json["total"] == 10_000
    assert len(consultas(lambda: api.listar().json)) == 1
    assert len(consultas(lambda: api.listar("page=3&per_page=500").json)) == 2


def test_leer_un_partner_son_dos_consultas_por_muchas_integraciones_que_tenga(api, abc, consultas):
    for _ in range(5):
        api.integrar(abc)
    assert len(api.leer(abc).json["partner"]["integraciones"]) == 5
    assert len(consultas(lambda: api.leer(abc))) == 2


def test_quien_corta_la_descarga_devuelve_su_conexion(web, app, abc):
    for _ in range(20):
        web.get("/api/v1/partners", buffered=False).close()
    assert app.extensions["bd"].motor.pool.checkedout() == 0


def test_las_integraciones_de_un_partner_se_listan_y_se_paginan(web, api, abc):
    for numero in range(3):
        api.integrar(abc, nombre=f"n{numero}")
    ruta = f"/api/v1/partners/{abc}/integraciones"
    assert web.get(ruta).json == {"integraciones": api.leer(abc).json["partner"]["integraciones"]}
    pagina = web.get(f"{ruta}?per_page=1&page=2")
    assert [una["nombre"] for una in pagina.json["integraciones"]] == ["n1"]
    assert pagina.headers["X-Total-Count"] == "3"
