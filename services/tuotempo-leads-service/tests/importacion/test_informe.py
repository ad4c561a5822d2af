"""Importar de verdad, por HTTP: recuentos, rechazos, historial y lo que se publica (§3.2 y §7-G)."""

import io

import pytest

from tests.libro_de_leads import escribir_xlsx, persona
from tuotempo_leads.infraestructura import tablas

from .conftest import cuentas


def test_el_libro_con_todas_las_trampas_da_las_cuentas_esperadas(importar, con_trampas, excluir, leads):
    excluir("600999999")
    informe = importar(con_trampas)
    assert (informe["estado"], informe["error"]) == ("terminada", None)
    assert cuentas(informe) == (9, 0, 0, 1, 4)
    assert informe["total"] == sum(cuentas(informe)) == 14
    ana = leads(telefono="600000003")[0]
    assert (ana.codigo_postal, ana.telefono2, ana.area_id[:7]) == ("04700", None, "default")
    assert (str(ana.fecha_nacimiento), ana.poliza, ana.orden) == ("1980-01-04", "7000003", 4)
    assert leads(telefono="600000004")[0].telefono2 == "712000004"
    assert leads(telefono="600000008")[0].nombre == '=HYPERLINK("x")'
    assert [lead.nombre for lead in leads(telefono_norm="600000001")] == ["ANA 1", "OTRA"]


def test_cada_fila_rechazada_dice_fila_columna_valor_y_motivo(importar, con_trampas, excluir):
    excluir("600999999")
    rechazadas = importar(con_trampas)["rechazadas"]
    assert [(r["fila"], r["columna"], r["resultado"]) for r in rechazadas] == [
        (11, "TELEFONO1", "erronea"),
        (12, "TELEFONO1", "erronea"),
        (13, "FECHA_NACIMIENTO", "erronea"),
        (14, "NOMBRE", "erronea"),
        (14, "CODIGO_POSTAL", "erronea"),
        (16, "telefono", "omitida"),
    ]
    assert rechazadas[2]["valor"] == "19801399"
    assert "lista de exclusión (robinson)" in rechazadas[5]["motivo"]


@pytest.mark.parametrize("fila", [persona(5, TELEFONO1="abc"), persona(5, TELEFONO1=600999999)])
def test_un_fichero_sin_ninguna_fila_importable_no_cambia_nada_y_queda_como_error(
    importar, tmp_path, excluir, leads, filas, fila
):
    excluir("600999999")
    importar(escribir_xlsx(tmp_path / "a.xlsx", [persona(1)]))
    informe = importar(escribir_xlsx(tmp_path / "b.xlsx", [fila]))
    assert informe["estado"] == "fallida"
    assert "Ninguna fila se puede importar" in informe["error"]
    assert informe["total"] == sum(cuentas(informe)) == 1
    assert len(informe["rechazadas"]) == 1
    assert len(leads()) == 1
    assert filas(tablas.recargas)[-1].resultado == "error"


def test_simular_cuenta_lo_mismo_y_no_toca_nada(importar, con_trampas, leads, filas):
    simulada = importar(con_trampas, simular="1")
    assert (simulada["estado"], cuentas(simulada)) == ("terminada", (10, 0, 0, 0, 4))
    assert leads() == []
    assert filas(tablas.recargas) == []
    assert cuentas(importar(con_trampas)) == cuentas(simulada)


def test_cada_importacion_deja_una_linea_en_el_historial_con_su_recuento(importar, con_trampas, filas):
    importar(con_trampas)
    (recarga,) = filas(tablas.recargas)
    assert (recarga.archivo, recarga.resultado, recarga.registros_importados) == ("contactos.xlsx", "ok", 10)
    assert "14 filas: 10 creadas" in recarga.mensaje
    assert recarga.importacion_id


def test_la_version_y_el_origen_dicen_quien_lo_cambio(importar, tmp_path, leads):
    importar(escribir_xlsx(tmp_path / "a.xlsx", [persona(1)]))
    importar(escribir_xlsx(tmp_path / "b.xlsx", [persona(1, NOMBRE="ANA MARÍA")]))
    (lead,) = leads()
    assert (lead.version, lead.origen_archivo, lead.updated_at > lead.created_at) == (2, "b.xlsx", True)


def test_la_misma_clave_de_idempotencia_no_encarga_dos_veces(web, tmp_path, filas):
    contenido = escribir_xlsx(tmp_path / "a.xlsx", [persona(1)]).read_bytes()

    def subir_con_clave(modo):
        datos = {"archivo": (io.BytesIO(contenido), "a.xlsx")}
        cabeceras = {"Idempotency-Key": "carga-1"}
        return web.post("/admin/importaciones", data=datos, headers=cabeceras, query_string={"modo": modo})

    primera, segunda = subir_con_clave("anadir"), subir_con_clave("anadir")
    assert segunda.headers["Idempotent-Replayed"] == "true"
    assert primera.json == segunda.json
    assert subir_con_clave("reemplazar").status_code == 422
    assert len(filas(tablas.importaciones)) == 1


def test_el_evento_sale_en_la_misma_transaccion_y_una_simulacion_no_lo_publica(
    importar, con_trampas, app, monkeypatch
):
    emitidos = []
    monkeypatch.setattr(
        "tuotempo_leads.aplicacion.importacion.cierre.emitir",
        lambda conexion, tema, suceso, **_: emitidos.append((tema, conexion.in_transaction(), suceso)),
    )
    importar(con_trampas, simular="1")
    assert emitidos == []
    informe = importar(con_trampas)
    ((tema, en_transaccion, suceso),) = emitidos
    assert (tema, en_transaccion, suceso.importacion_id) == ("leads", True, informe["id"])
    assert (suceso.total, suceso.creadas, suceso.erroneas) == (14, 10, 4)
