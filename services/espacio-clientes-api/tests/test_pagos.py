import sqlalchemy as sa

from espacio_clientes.infraestructura import altas
from espacio_clientes.infraestructura.tablas import movimientos_pago
from tests.bandeja import publicados

from .conftest import deuda

PROCESADO = {"cod_resp": "0", "mod_fact": "R-00000001", "desc_resp": "Pago procesado"}


def ocupada(salida):
    return (salida.status_code, salida.json()["desc_resp"]) == (409, "Deuda ya pagada o en proceso")


def test_pagar_salda_las_deudas_del_carrito_y_anularlo_las_devuelve(lucia, procesador):
    sesion = lucia.carrito_con("123", "124")
    salida = lucia.pagar(sesion)
    assert (salida.status_code, salida.json()) == (201, PROCESADO)
    assert lucia.deudas().json()["deudas"] == []
    assert lucia.pedir("GET", f"/carrito/{sesion}").json()["lineas"] == []
    anulado = lucia.anular()
    assert (anulado.status_code, anulado.json()) == (200, {"cod_resp": "0", "desc_resp": "Pago anulado"})
    assert lucia.deudas().json()["cant_deta"] == 2
    assert lucia.anular().json() == anulado.json()
    assert (procesador.cobros, procesador.devueltos) == ({"PAGO-0001": 1}, ["PAGO-0001"])


def test_repetir_un_pago_da_la_misma_respuesta_y_no_cobra_otra_vez(lucia, procesador):
    sesion = lucia.carrito_con("123")
    assert [lucia.pagar(sesion).json() for _ in range(3)] == [PROCESADO] * 3
    assert procesador.cobros == {"PAGO-0001": 1}


def test_el_mismo_codigo_con_otra_sesion_es_un_conflicto(lucia, mateo, procesador):
    lucia.pagar(lucia.carrito_con("123"))
    salida = lucia.pagar(lucia.carrito_con("124"))
    assert salida.status_code == 409
    assert salida.json()["desc_resp"] == "El código de transacción ya se usó con otra sesión"
    assert mateo.pagar(mateo.sesion("30333444")).status_code == 409
    assert procesador.cobros == {"PAGO-0001": 1}


def test_un_carrito_vacio_no_se_paga(lucia):
    salida = lucia.pagar(lucia.sesion())
    assert (salida.status_code, salida.json()["desc_resp"]) == (409, "El carrito está vacío")


def test_una_deuda_en_dos_carritos_se_paga_una_vez_y_del_otro_carrito_no_se_cobra_nada(lucia, procesador):
    uno, otro = lucia.carrito_con("123"), lucia.carrito_con("123", "124")
    assert lucia.pagar(uno, "UNO").status_code == 201
    assert ocupada(lucia.pagar(otro, "OTRO"))
    assert procesador.cobros == {"UNO": 1}
    assert lucia.pedir("GET", "/pagos/OTRO").status_code == 404
    assert [d["CODMOVIMIENTO"] for d in lucia.deudas().json()["deudas"]] == ["124"]


def test_un_rechazo_libera_las_deudas_y_conserva_el_carrito(lucia, procesador):
    procesador.veredicto = "rechazado"
    sesion = lucia.carrito_con("123")
    rechazo = {"cod_resp": "402", "mod_fact": "", "desc_resp": "Pago rechazado"}
    assert [(s.status_code, s.json()) for s in (lucia.pagar(sesion), lucia.pagar(sesion))] == [
        (402, rechazo)
    ] * 2
    assert lucia.anular().json() == {
        "cod_resp": "409",
        "desc_resp": "El pago está RECHAZADO y no puede pasar a ANULADO",
    }
    procesador.veredicto = "aprobado"
    assert lucia.pagar(sesion, "SEGUNDO").json() == PROCESADO


def sin_veredicto(piezas):
    cuantos, segundos = piezas.conciliador.collect()
    assert segundos.samples[0].value >= 0
    return cuantos.samples[0].value


def test_sin_respuesta_de_quien_cobra_el_pago_queda_desconocido_y_sus_deudas_tomadas(
    lucia, procesador, piezas
):
    procesador.calla = True
    sesion = lucia.carrito_con("123")
    salida = lucia.pagar(sesion)
    assert (salida.status_code, salida.headers["Location"]) == (202, "/pagos/PAGO-0001")
    assert salida.json() == {"cod_resp": "202", "mod_fact": "", "desc_resp": "Pago en proceso (DESCONOCIDO)"}
    assert [d["CODMOVIMIENTO"] for d in lucia.deudas().json()["deudas"]] == ["124"]
    assert lucia.agregar(lucia.sesion(), "123").status_code == 409
    assert piezas.conciliador.una_pasada() == 0
    assert sin_veredicto(piezas) == 1
    procesador.calla = False
    assert piezas.conciliador.una_pasada() == 1
    assert sin_veredicto(piezas) == 0
    assert lucia.pagar(sesion).json() == PROCESADO
    assert procesador.cobros == {"PAGO-0001": 1}


def test_si_quien_cobra_dice_que_no_cobro_las_deudas_quedan_libres(lucia, procesador, piezas):
    procesador.calla = True
    lucia.pagar(lucia.carrito_con("123"))
    procesador.calla, procesador.veredicto = False, "rechazado"
    assert piezas.conciliador.una_pasada() == 1
    assert lucia.pedir("GET", "/pagos/PAGO-0001").json()["estado"] == "RECHAZADO"
    assert lucia.deudas().json()["cant_deta"] == 2


def test_una_anulacion_sin_respuesta_queda_pedida_y_se_termina_sola(lucia, procesador, piezas):
    lucia.pagar(lucia.carrito_con("123"))
    procesador.calla = True
    salida = lucia.anular()
    assert (salida.status_code, salida.headers["Location"]) == (202, "/pagos/PAGO-0001")
    detalle = lucia.pedir("GET", "/pagos/PAGO-0001").json()
    assert (detalle["estado"], detalle["anulacion_pedida"]) == ("APROBADO", True)
    procesador.calla = False
    assert piezas.conciliador.una_pasada() == 1
    assert lucia.anular().json()["desc_resp"] == "Pago anulado"
    assert procesador.devueltos == ["PAGO-0001"]


def test_lo_anulado_se_puede_volver_a_pagar_pero_con_otro_codigo(lucia):
    sesion = lucia.carrito_con("123")
    lucia.pagar(sesion)
    lucia.anular()
    repetido = lucia.pagar(sesion)
    assert repetido.status_code == 409
    assert repetido.json()["desc_resp"] == "El pago está ANULADO y no puede pasar a APROBADO"
    assert lucia.pagar(lucia.carrito_con("123"), "PAGO-0002").json()["mod_fact"] == "R-00000002"


def test_un_pago_ajeno_ni_se_ve_ni_se_anula_y_uno_que_no_existe_es_un_404(lucia, mateo, operador):
    lucia.pagar(lucia.carrito_con("123"))
    for salida in (
        mateo.anular(),
        mateo.pedir("GET", "/pagos/PAGO-0001"),
        mateo.pedir("GET", "/pagos/PAGO-0001/recibo"),
    ):
        assert (salida.status_code, salida.json()) == (403, {"detail": "El pago es de otro cliente"})
    assert lucia.anular("NADA").json() == {"cod_resp": "404", "desc_resp": "El pago no existe"}
    assert lucia.pedir("GET", "/pagos/NADA").json() == {"detail": "El pago no existe"}
    assert operador.anular().status_code == 200


def test_el_detalle_de_un_pago_dice_estado_lineas_fechas_y_recibo(lucia):
    lucia.pagar(lucia.carrito_con("123", "124"))
    detalle = lucia.pedir("GET", "/pagos/PAGO-0001").json()
    assert (detalle["estado"], detalle["recibo"], detalle["total"]) == ("APROBADO", "R-00000001", 156.0)
    assert [linea["codmovimiento"] for linea in detalle["lineas"]] == ["123", "124"]


def test_cada_cambio_deja_un_movimiento_con_quien_y_en_que_peticion(lucia, operador, piezas):
    sesion = lucia.carrito_con("123")
    lucia.pagar(sesion, **{"X-Request-ID": "pet-1"})
    operador.anular(**{"X-Request-ID": "pet-2"})
    with piezas.bd.lectura() as conexion:
        filas = conexion.execute(sa.select(movimientos_pago).order_by(movimientos_pago.c.numero)).all()
    assert [(f.antes, f.despues, str(f.importe), f.actor, f.peticion) for f in filas] == [
        (None, "INICIADO", "0.00", "cliente", "pet-1"),
        ("INICIADO", "APROBADO", "78.00", "cliente", "pet-1"),
        ("APROBADO", "ANULADO", "-78.00", "operador", "pet-2"),
    ]


def test_la_misma_clave_repite_la_respuesta_y_con_otra_peticion_se_rechaza(lucia, mateo):
    sesion, clave = lucia.carrito_con("123", "124"), {"Idempotency-Key": "pago-1"}
    primera = lucia.pagar(sesion, **clave)
    segunda = lucia.pagar(sesion, **clave)
    assert (segunda.status_code, segunda.json()) == (201, primera.json())
    assert (segunda.headers["Idempotent-Replayed"], "Idempotent-Replayed" in primera.headers) == (
        "true",
        False,
    )
    assert lucia.pagar(sesion, "OTRO", **clave).status_code == 422
    assert mateo.pagar(mateo.sesion("30333444"), **clave).status_code == 409
    assert lucia.anular(**clave).status_code == 200
    assert lucia.pagar(sesion, **{"Idempotency-Key": "ñ".encode()}).status_code == 400


def test_una_respuesta_que_no_es_definitiva_no_se_queda_guardada(lucia, procesador, piezas):
    procesador.calla = True
    sesion, clave = lucia.carrito_con("123"), {"Idempotency-Key": "pago-1"}
    assert lucia.pagar(sesion, **clave).status_code == 202
    procesador.calla = False
    piezas.conciliador.una_pasada()
    assert lucia.pagar(sesion, **clave).status_code == 201


def test_un_pago_de_veinte_lineas_cuesta_doce_sentencias(lucia, piezas, app):
    codigos = [f"L{n:02d}" for n in range(20)]
    with piezas.bd.escritura() as conexion:
        altas.alta_de_deudas(conexion, [deuda(codigo) for codigo in codigos])
    sesion = lucia.carrito_con(*codigos)
    hechas = []
    sa.event.listen(piezas.bd.motor, "before_cursor_execute", lambda *a: hechas.append(a[2]))
    assert lucia.pagar(sesion).status_code == 201
    assert len([sql for sql in hechas if not sql.startswith("BEGIN")]) <= 12, hechas


def test_pagar_y_anular_se_cuentan_sin_decir_el_documento(lucia, piezas, monkeypatch):
    monkeypatch.setattr(piezas.eventos.outbox, "_suscriptores", {"pagos": ("canales",)})
    lucia.pagar(lucia.carrito_con("123"))
    lucia.anular()
    procesado, anulado = publicados(piezas.bd)
    referencia = procesado["data"].pop("documento_ref")
    assert procesado["data"] == {
        "cod_transaccion": "PAGO-0001",
        "cliente": "Lucía Ferrer",
        "moneda": 1,
        "total": "78.00",
        "comision": "2.50",
        "movimientos": ["123"],
        "recibo": "R-00000001",
    }
    assert (procesado["type"], procesado["subject"], procesado["tema"]) == (
        "PagoProcesado",
        "PAGO-0001",
        "pagos",
    )
    assert (anulado["type"], anulado["data"]["movimientos"]) == ("PagoAnulado", ["123"])
    assert anulado["data"]["documento_ref"] == referencia
    assert anulado["secuencia"] > procesado["secuencia"]
    assert "30111222" not in str((procesado, anulado))
    assert len(referencia) == 64
