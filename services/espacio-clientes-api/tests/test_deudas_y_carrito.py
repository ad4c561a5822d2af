from datetime import datetime

import pytest
import sqlalchemy as sa

from espacio_clientes.infraestructura import altas
from espacio_clientes.infraestructura.tablas import auditoria, carrito, sesiones

from .conftest import deuda


def test_la_consulta_es_la_del_readme_ordenada_por_vencimiento(lucia):
    salida = lucia.deudas()
    assert salida.status_code == 200
    cuerpo = salida.json()
    assert list(cuerpo) == ["deudas", "desc_clie", "cant_deta", "codresp", "descresp", "idsession"]
    assert cuerpo["deudas"][0] == {
        "DESCRIPCION": "Cuota de Préstamo",
        "IMPO_MAXI": 100.0,
        "IMPO_TOTA": 75.5,
        "MONE_CODI": 1,
        "FECH_VENC": "2025-08-01",
        "OBSERVACION": "Pago mensual",
        "CODMOVIMIENTO": "123",
        "SEQ_DI": 1,
    }
    assert [d["CODMOVIMIENTO"] for d in cuerpo["deudas"]] == ["123", "124"]
    assert (cuerpo["desc_clie"], cuerpo["cant_deta"]) == ("Lucía Ferrer", 2)
    assert (cuerpo["codresp"], cuerpo["descresp"]) == ("0", "OK")
    assert 0 < cuerpo["idsession"] < 10**9


def test_cada_moneda_es_una_consulta(lucia):
    assert [d["CODMOVIMIENTO"] for d in lucia.deudas(moneda=2).json()["deudas"]] == ["401"]
    vacia = lucia.deudas(moneda=3).json()
    assert (vacia["deudas"], vacia["cant_deta"], vacia["codresp"]) == ([], 0, "0")


def test_un_cliente_solo_ve_su_documento_exista_o_no_el_otro_y_queda_anotado(lucia, piezas):
    for ajeno in ("30333444", "99999999"):
        salida = lucia.deudas(ajeno)
        assert (salida.status_code, salida.json()) == (
            403,
            {"detail": "Solo puede consultar su propio documento"},
        )
    with piezas.bd.lectura() as conexion:
        filas = conexion.execute(sa.select(auditoria)).all()
    assert [(f.actor, f.accion, f.detalle) for f in filas] == [
        ("cliente", "consulta_ajena", "***444"),
        ("cliente", "consulta_ajena", "***999"),
    ]


def test_un_operador_ve_cualquiera_y_un_desconocido_es_un_404_con_codresp(operador):
    assert operador.deudas("30333444").json()["cant_deta"] == 1
    assert operador.deudas("30555666").json()["deudas"] == []
    salida = operador.deudas("99999999")
    assert salida.status_code == 404
    assert salida.json() == {
        "deudas": [], "desc_clie": "", "cant_deta": 0, "codresp": "404", "descresp": "Cliente no encontrado",
        "idsession": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("documento", "moneda", "campo"),
    [("12345", 1, "documento"), ("1" * 16, 1, "documento"), ("30111222", 0, "moneda"), ("30111222", "x", "moneda"),
     ("30111222", 2**31, "moneda"), ("30111\x00222", 1, "documento")],
)  # fmt: skip
def test_un_parametro_fuera_de_sus_limites_es_un_422_que_lo_nombra(lucia, documento, moneda, campo):
    salida = lucia.deudas(documento, moneda)
    assert salida.status_code == 422
    assert salida.json()["detail"][0]["loc"] == ["query", campo]
    assert f"'{campo}'" in salida.json()["detail"][0]["msg"]


def test_agregar_responde_lo_del_readme(lucia):
    sesion = lucia.sesion()
    esperado = {"comision": 2.5, "codresp": "0", "descreps": "Agregado correctamente al carrito"}
    salida = lucia.agregar(sesion)
    assert (salida.status_code, salida.json()) == (200, esperado)
    assert lucia.agregar(sesion).json() == esperado
    assert lucia.pedir("GET", f"/carrito/{sesion}").json() == {
        "idsession": sesion,
        "lineas": [
            {"codmovimiento": "123", "descripcion": "Cuota de Préstamo", "importe": 75.5, "comision": 2.5}
        ],
        "subtotal": 75.5,
        "comision": 2.5,
        "total": 78.0,
    }


def test_quitar_deja_el_carrito_como_estaba_y_quitar_lo_que_no_esta_no_es_un_error(lucia):
    sesion = lucia.carrito_con("123", "124")
    assert lucia.agregar(sesion, "124", "N").json()["comision"] == 2.5
    assert lucia.agregar(sesion, "124", "N").json()["codresp"] == "0"
    assert lucia.agregar(sesion, "123", "N").json() == {
        "comision": 0.0,
        "codresp": "0",
        "descreps": "Quitado correctamente del carrito",
    }


@pytest.mark.parametrize(
    ("maximo", "esperada"), [("100.00", 2.5), ("0.20", 0.01), ("0.19", 0.0), ("12.10", 0.3), ("0.60", 0.02)]
)
def test_la_comision_se_redondea_hacia_arriba_en_el_medio_linea_a_linea(lucia, piezas, maximo, esperada):
    with piezas.bd.escritura() as conexion:
        altas.alta_de_deudas(conexion, [deuda("900", maximo=maximo)])
    assert lucia.agregar(lucia.sesion(), "900").json()["comision"] == esperada


@pytest.mark.parametrize("indicador", ["s", "X", "", "SN"])
def test_el_indicador_es_s_o_n(lucia, indicador):
    salida = lucia.agregar(lucia.sesion(), indicador=indicador)
    assert (salida.status_code, salida.json()["detail"][0]["loc"][1]) == (422, "indicador")


@pytest.mark.parametrize("sesion", ["999999999", "abc", "-1", "1.5", "٣", "0"])
def test_una_sesion_que_no_existe_es_un_404_con_las_tres_claves(lucia, sesion):
    salida = lucia.agregar(sesion)
    assert salida.status_code == 404
    assert salida.json() == {"comision": 0.0, "codresp": "404", "descreps": "La sesión no existe"}


def test_la_sesion_de_otro_no_existe(lucia, mateo, piezas):
    sesion = lucia.carrito_con("123")
    salida = mateo.agregar(sesion, "501")
    assert (salida.status_code, salida.json()["descreps"]) == (404, "La sesión no existe")
    assert mateo.pedir("GET", f"/carrito/{sesion}").status_code == 404
    assert mateo.pagar(sesion).status_code == 404
    assert lineas_guardadas(piezas) == 1


def test_una_deuda_ajena_o_de_otra_moneda_no_existe_en_esta_sesion(lucia, piezas):
    sesion = lucia.sesion()
    for codigo in ("501", "401", "nada"):
        salida = lucia.agregar(sesion, codigo)
        assert (salida.status_code, salida.json()["descreps"]) == (404, "El movimiento no existe")
    assert lineas_guardadas(piezas) == 0


def test_una_deuda_ya_pagada_no_entra_en_el_carrito(lucia, piezas):
    lucia.pagar(lucia.carrito_con("123"))
    salida = lucia.agregar(lucia.sesion(), "123")
    assert salida.status_code == 409
    assert salida.json() == {"comision": 0.0, "codresp": "409", "descreps": "Deuda ya pagada o en proceso"}


def test_una_sesion_caduca_a_los_treinta_minutos(lucia, piezas):
    sesion = lucia.carrito_con("123")
    with piezas.bd.escritura() as conexion:
        conexion.execute(sa.update(sesiones).values(abierta_en=datetime(2025, 1, 1)))
    texto = "La sesión ha caducado; consulte de nuevo sus deudas"
    assert (lucia.agregar(sesion, "124").status_code, lucia.agregar(sesion, "124").json()["descreps"]) == (
        409,
        texto,
    )
    assert lucia.pagar(sesion).json() == {"cod_resp": "409", "mod_fact": "", "desc_resp": texto}
    assert lucia.pedir("GET", f"/carrito/{sesion}").json() == {"detail": texto}


def test_nadie_llena_el_carrito_en_nombre_de_otro_salvo_un_operador(lucia, operador, piezas):
    salida = lucia.agregar(lucia.sesion(), usuario="cliente2")
    assert (salida.status_code, salida.json()) == (403, {"detail": "El usuario no es el del token"})
    assert lineas_guardadas(piezas) == 0
    assert operador.agregar(operador.sesion(), usuario="cliente").status_code == 200


def test_dos_veces_a_la_vez_es_una_linea(lucia, piezas, a_la_vez):
    sesion = lucia.sesion()
    assert {s.status_code for s in a_la_vez(lambda _: lucia.agregar(sesion), 8)} == {200}
    assert lineas_guardadas(piezas) == 1


def test_el_carrito_tiene_un_maximo(lucia, piezas, monkeypatch):
    monkeypatch.setattr("espacio_clientes.aplicacion.carritos.MAXIMO_DE_LINEAS", 1)
    sesion = lucia.carrito_con("123")
    assert lucia.agregar(sesion, "123").status_code == 200
    assert lucia.agregar(sesion, "124").json()["descreps"] == "El carrito admite como máximo 1 deudas"


def lineas_guardadas(piezas):
    with piezas.bd.lectura() as conexion:
        return conexion.execute(sa.select(sa.func.count()).select_from(carrito)).scalar()
