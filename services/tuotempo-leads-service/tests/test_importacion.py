"""Importar de verdad, por HTTP: recuentos, modos, exclusiones y lo que nunca se pierde (§3.2 y §7-G)."""

import io
from datetime import datetime

import pytest
import sqlalchemy as sa

from tests.libro_de_leads import CABECERA, escribir_csv, escribir_xlsx, persona
from tuotempo_leads.infraestructura import tablas

SUMANDOS = ("creadas", "actualizadas", "sin_cambios", "omitidas", "erroneas")


@pytest.fixture
def leads(filas):
    return lambda **valores: filas(tablas.leads, **valores)


@pytest.fixture
def subir(web, app):
    """Sube una hoja, deja que se importe y devuelve su informe final."""

    def hacer(ruta, **opciones):
        datos = {"archivo": (io.BytesIO(ruta.read_bytes()), ruta.name)}
        aceptada = web.post("/admin/importaciones", data=datos, query_string=opciones)
        assert aceptada.status_code == 202, aceptada.json
        assert aceptada.json["estado"] == "pendiente"
        app.extensions["importaciones"].una()
        return web.get(aceptada.headers["Location"]).json

    return hacer


@pytest.fixture
def con_trampas(tmp_path):
    """El libro con la cabecera de verdad y una de cada."""
    filas = [
        *(persona(n) for n in range(1, 6)),
        [None] * len(CABECERA),  # en blanco
        persona(6, TELEFONO1="+34 600 000 006", CODIGO_POSTAL="4700"),
        persona(7, TELEFONO1="600000007.0", FECHA_NACIMIENTO="02/01/1980"),
        persona(8, TELEFONO1="6.00000008E8", NOMBRE='=HYPERLINK("x")'),
        persona(9, TELEFONO1="6.0E+08"),  # perdió cifras
        persona(10, TELEFONO1=None),
        persona(11, FECHA_NACIMIENTO=19801399),
        persona(12, NOMBRE="x" * 101, CODIGO_POSTAL="1" * 11),
        persona(1, NIF="99999999R", NOMBRE="OTRA", TELEFONO1=600000001),  # otra persona, el mismo teléfono
        persona(13, TELEFONO1=600999999),  # excluido
        [" ", "\t", *[None] * 28],
    ]
    return escribir_xlsx(tmp_path / "contactos.xlsx", filas)


@pytest.fixture
def excluir(app):
    def hacer(telefono):
        valores = {"telefono_norm": telefono, "origen": "robinson", "fecha": datetime(2026, 1, 1)}
        with app.extensions["bd"].escritura() as conexion:
            conexion.execute(sa.insert(tablas.exclusiones).values(valores))

    return hacer


def cuentas(informe):
    return tuple(informe[nombre] for nombre in SUMANDOS)


def test_el_libro_con_todas_las_trampas_da_las_cuentas_esperadas(subir, con_trampas, excluir, leads):
    excluir("600999999")
    informe = subir(con_trampas)
    assert (informe["estado"], informe["error"]) == ("terminada", None)
    assert cuentas(informe) == (9, 0, 0, 1, 4)
    assert informe["total"] == sum(cuentas(informe)) == 14
    ana = leads(telefono="600000003")[0]
    assert (ana.codigo_postal, ana.telefono2, ana.area_id[:7]) == ("04700", None, "default")
    assert (str(ana.fecha_nacimiento), ana.poliza, ana.orden) == ("1980-01-04", "7000003", 4)
    assert leads(telefono="600000004")[0].telefono2 == "712000004"
    assert leads(telefono="600000008")[0].nombre == '=HYPERLINK("x")'
    assert [lead.nombre for lead in leads(telefono_norm="600000001")] == ["ANA 1", "OTRA"]


def test_cada_fila_rechazada_dice_fila_columna_valor_y_motivo(subir, con_trampas, excluir):
    excluir("600999999")
    rechazadas = subir(con_trampas)["rechazadas"]
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


@pytest.mark.parametrize("modo", ["reemplazar", "anadir"])
def test_importar_otra_vez_el_mismo_fichero_no_cambia_ninguna_fila(subir, con_trampas, leads, modo):
    subir(con_trampas, modo=modo)
    antes = leads()
    informe = subir(con_trampas, modo=modo)
    assert cuentas(informe) == (0, 0, 10, 0, 4)
    assert leads() == antes


def test_reemplazar_conserva_el_resultado_de_las_llamadas_por_telefono(subir, tmp_path, web, leads, filas):
    subir(escribir_xlsx(tmp_path / "a.xlsx", [persona(1), persona(2)]))
    llamada = {"telefono": "600000001", "codigoVolverLlamar": "buzon", "horaRellamada": "2030-07-06 12:00"}
    assert web.post("/api/actualizar_resultado", json=llamada).status_code == 200
    informe = subir(escribir_xlsx(tmp_path / "b.xlsx", [persona(1, NOMBRE="ANA MARÍA"), persona(3)]))
    assert cuentas(informe) == (1, 1, 0, 0, 0)
    assert informe["eliminadas"] == 1
    ana, nueva = leads()
    assert (ana.nombre, ana.status_level_1, ana.status_level_2) == ("ANA MARÍA", "Volver a llamar", "buzón")
    assert str(ana.hora_rellamada) == "2030-07-06 12:00:00"
    assert nueva.telefono == "600000003"
    assert len(filas(tablas.rellamadas, lead_id=ana.id)) == 1


def test_lo_que_la_hoja_dice_de_una_llamada_entra_al_crear_y_nunca_pisa_lo_que_paso(
    subir, tmp_path, web, leads
):
    cabecera = ["TELEFONO", "FECHA_CITA", "PACK", "ESTADO"]
    hoja = escribir_xlsx(tmp_path / "a.xlsx", [["600000001", "06/07/2030 12:30", "SÍ", "ocupado"]], cabecera)
    informe = subir(hoja)
    assert informe["avisos"]["solo_al_crear"] == ["cita", "conPack", "ultimo_estado"]
    (lead,) = leads()
    assert (str(lead.cita), lead.conPack, lead.ultimo_estado) == ("2030-07-06 12:30:00", True, "busy")
    web.post(
        "/api/actualizar_resultado",
        json={"telefono": "600000001", "nuevaCita": "2030-08-01 10:00", "conPack": False},
    )
    assert cuentas(subir(hoja)) == (0, 0, 1, 0, 0)
    assert str(leads()[0].cita) == "2030-08-01 10:00:00"


def test_anadir_no_quita_a_nadie_ni_vacia_nada(subir, tmp_path, leads):
    subir(escribir_xlsx(tmp_path / "a.xlsx", [persona(1), persona(2)]))
    informe = subir(escribir_xlsx(tmp_path / "b.xlsx", [persona(2, NIF=None), persona(3)]), modo="anadir")
    assert cuentas(informe) == (1, 0, 1, 0, 0)
    assert informe["eliminadas"] == 0
    assert [lead.nif for lead in leads()] == ["00000001Z", "00000002Z", "00000003Z"]


def test_reemplazar_vacia_lo_que_la_hoja_trae_vacio_y_deja_las_columnas_que_no_trae(subir, tmp_path, leads):
    subir(escribir_xlsx(tmp_path / "a.xlsx", [persona(1)]))
    subir(escribir_csv(tmp_path / "b.csv", [["600000001", ""]], ["TELEFONO", "NIF"]))
    assert (leads()[0].nif, leads()[0].nombre) == (None, "ANA 1")


def test_un_lead_cuya_fila_venia_mal_no_se_borra_al_reemplazar(subir, tmp_path, leads):
    subir(escribir_xlsx(tmp_path / "a.xlsx", [persona(1), persona(2)]))
    informe = subir(escribir_xlsx(tmp_path / "b.xlsx", [persona(1), persona(2, FECHA_NACIMIENTO="ayer")]))
    assert (cuentas(informe), informe["eliminadas"]) == ((0, 0, 1, 0, 1), 0)
    assert len(leads()) == 2


def test_un_numero_excluido_no_se_crea_ni_se_actualiza_ni_se_quita_de_la_lista(
    subir, tmp_path, excluir, leads, filas
):
    subir(escribir_xlsx(tmp_path / "a.xlsx", [persona(1), persona(2)]))
    excluir("600000001")
    informe = subir(escribir_xlsx(tmp_path / "b.xlsx", [persona(1, NOMBRE="OTRO"), persona(2)]))
    assert cuentas(informe) == (0, 0, 1, 1, 0)
    assert leads(telefono="600000001")[0].nombre == "ANA 1"
    assert len(filas(tablas.exclusiones)) == 1


@pytest.mark.parametrize("fila", [persona(5, TELEFONO1="abc"), persona(5, TELEFONO1=600999999)])
def test_un_fichero_sin_ninguna_fila_importable_no_cambia_nada_y_queda_como_error(
    subir, tmp_path, excluir, leads, filas, fila
):
    excluir("600999999")
    subir(escribir_xlsx(tmp_path / "a.xlsx", [persona(1)]))
    informe = subir(escribir_xlsx(tmp_path / "b.xlsx", [fila]))
    assert informe["estado"] == "fallida"
    assert "Ninguna fila se puede importar" in informe["error"]
    assert informe["total"] == sum(cuentas(informe)) == 1
    assert len(informe["rechazadas"]) == 1
    assert len(leads()) == 1
    assert filas(tablas.recargas)[-1].resultado == "error"


def test_varios_con_el_mismo_telefono_se_emparejan_por_quien_son_aunque_cambien_de_orden(
    subir, tmp_path, leads
):
    familia = [
        persona(1, TELEFONO1=600111111),
        persona(2, TELEFONO1=600111111),
        persona(3, TELEFONO1=600111111),
    ]
    subir(escribir_xlsx(tmp_path / "a.xlsx", familia))
    ids = {lead.nif: lead.id for lead in leads()}
    informe = subir(escribir_xlsx(tmp_path / "b.xlsx", [persona(9, TELEFONO1=600111111), *familia[::-1]]))
    assert cuentas(informe) == (1, 0, 3, 0, 0)
    assert {lead.nif: lead.id for lead in leads() if lead.nif in ids} == ids


def test_el_telefono_guardado_con_prefijo_se_reconoce(subir, tmp_path, alta, leads):
    alta(telefono="+34 600 000 001", nombre="ANA 1", apellidos="DEMO EJEMPLO")
    informe = subir(escribir_xlsx(tmp_path / "a.xlsx", [persona(1)]))
    assert cuentas(informe) == (0, 1, 0, 0, 0)
    assert leads()[0].telefono == "+34 600 000 001"


def test_simular_cuenta_lo_mismo_y_no_toca_nada(subir, con_trampas, leads, filas):
    simulada = subir(con_trampas, simular="1")
    assert (simulada["estado"], cuentas(simulada)) == ("terminada", (10, 0, 0, 0, 4))
    assert leads() == []
    assert filas(tablas.recargas) == []
    assert cuentas(subir(con_trampas)) == cuentas(simulada)


def test_cada_importacion_deja_una_linea_en_el_historial_con_su_recuento(subir, con_trampas, filas):
    subir(con_trampas)
    (recarga,) = filas(tablas.recargas)
    assert (recarga.archivo, recarga.resultado, recarga.registros_importados) == ("contactos.xlsx", "ok", 10)
    assert "14 filas: 10 creadas" in recarga.mensaje
    assert recarga.importacion_id


def test_la_version_y_el_origen_dicen_quien_lo_cambio(subir, tmp_path, leads):
    subir(escribir_xlsx(tmp_path / "a.xlsx", [persona(1)]))
    subir(escribir_xlsx(tmp_path / "b.xlsx", [persona(1, NOMBRE="ANA MARÍA")]))
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
    subir, con_trampas, app, monkeypatch
):
    emitidos = []
    monkeypatch.setattr(
        "tuotempo_leads.aplicacion.importacion.cierre.emitir",
        lambda conexion, tema, suceso, **_: emitidos.append((tema, conexion.in_transaction(), suceso)),
    )
    subir(con_trampas, simular="1")
    assert emitidos == []
    informe = subir(con_trampas)
    ((tema, en_transaccion, suceso),) = emitidos
    assert (tema, en_transaccion, suceso.importacion_id) == ("leads", True, informe["id"])
    assert (suceso.total, suceso.creadas, suceso.erroneas) == (14, 10, 4)
