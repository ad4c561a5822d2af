"""Quién es quién: lo que crea, cambia, conserva y quita una hoja sobre lo que ya había."""

import pytest

from tests.libro_de_leads import escribir_csv, escribir_xlsx, persona
from tuotempo_leads.infraestructura import tablas

from .conftest import cuentas


@pytest.mark.parametrize("modo", ["reemplazar", "anadir"])
def test_importar_otra_vez_el_mismo_fichero_no_cambia_ninguna_fila(importar, con_trampas, leads, modo):
    importar(con_trampas, modo=modo)
    antes = leads()
    informe = importar(con_trampas, modo=modo)
    assert cuentas(informe) == (0, 0, 10, 0, 4)
    assert leads() == antes


def test_reemplazar_conserva_el_resultado_de_las_llamadas_por_telefono(importar, tmp_path, web, leads, filas):
    importar(escribir_xlsx(tmp_path / "a.xlsx", [persona(1), persona(2)]))
    llamada = {"telefono": "600000001", "codigoVolverLlamar": "buzon", "horaRellamada": "2030-07-06 12:00"}
    assert web.post("/api/actualizar_resultado", json=llamada).status_code == 200
    informe = importar(escribir_xlsx(tmp_path / "b.xlsx", [persona(1, NOMBRE="ANA MARÍA"), persona(3)]))
    assert cuentas(informe) == (1, 1, 0, 0, 0)
    assert informe["eliminadas"] == 1
    ana, nueva = leads()
    assert (ana.nombre, ana.status_level_1, ana.status_level_2) == ("ANA MARÍA", "Volver a llamar", "buzón")
    assert str(ana.hora_rellamada) == "2030-07-06 12:00:00"
    assert nueva.telefono == "600000003"
    assert len(filas(tablas.rellamadas, lead_id=ana.id)) == 1


def test_lo_que_la_hoja_dice_de_una_llamada_entra_al_crear_y_nunca_pisa_lo_que_paso(
    importar, tmp_path, web, leads
):
    cabecera = ["TELEFONO", "FECHA_CITA", "PACK", "ESTADO"]
    hoja = escribir_xlsx(tmp_path / "a.xlsx", [["600000001", "06/07/2030 12:30", "SÍ", "ocupado"]], cabecera)
    informe = importar(hoja)
    assert informe["avisos"]["solo_al_crear"] == ["cita", "conPack", "ultimo_estado"]
    (lead,) = leads()
    assert (str(lead.cita), lead.conPack, lead.ultimo_estado) == ("2030-07-06 12:30:00", True, "busy")
    web.post(
        "/api/actualizar_resultado",
        json={"telefono": "600000001", "nuevaCita": "2030-08-01 10:00", "conPack": False},
    )
    assert cuentas(importar(hoja)) == (0, 0, 1, 0, 0)
    assert str(leads()[0].cita) == "2030-08-01 10:00:00"


def test_anadir_no_quita_a_nadie_ni_vacia_nada(importar, tmp_path, leads):
    importar(escribir_xlsx(tmp_path / "a.xlsx", [persona(1), persona(2)]))
    informe = importar(escribir_xlsx(tmp_path / "b.xlsx", [persona(2, NIF=None), persona(3)]), modo="anadir")
    assert cuentas(informe) == (1, 0, 1, 0, 0)
    assert informe["eliminadas"] == 0
    assert [lead.nif for lead in leads()] == ["00000001Z", "00000002Z", "00000003Z"]


def test_reemplazar_vacia_lo_que_la_hoja_trae_vacio_y_deja_las_columnas_que_no_trae(
    importar, tmp_path, leads
):
    importar(escribir_xlsx(tmp_path / "a.xlsx", [persona(1)]))
    importar(escribir_csv(tmp_path / "b.csv", [["600000001", ""]], ["TELEFONO", "NIF"]))
    assert (leads()[0].nif, leads()[0].nombre) == (None, "ANA 1")


def test_un_lead_cuya_fila_venia_mal_no_se_borra_al_reemplazar(importar, tmp_path, leads):
    importar(escribir_xlsx(tmp_path / "a.xlsx", [persona(1), persona(2)]))
    informe = importar(escribir_xlsx(tmp_path / "b.xlsx", [persona(1), persona(2, FECHA_NACIMIENTO="ayer")]))
    assert (cuentas(informe), informe["eliminadas"]) == ((0, 0, 1, 0, 1), 0)
    assert len(leads()) == 2


def test_un_numero_excluido_no_se_crea_ni_se_actualiza_ni_se_quita_de_la_lista(
    importar, tmp_path, excluir, leads, filas
):
    importar(escribir_xlsx(tmp_path / "a.xlsx", [persona(1), persona(2)]))
    excluir("600000001")
    informe = importar(escribir_xlsx(tmp_path / "b.xlsx", [persona(1, NOMBRE="OTRO"), persona(2)]))
    assert cuentas(informe) == (0, 0, 1, 1, 0)
    assert leads(telefono="600000001")[0].nombre == "ANA 1"
    assert len(filas(tablas.exclusiones)) == 1


def test_varios_con_el_mismo_telefono_se_emparejan_por_quien_son_aunque_cambien_de_orden(
    importar, tmp_path, leads
):
    familia = [
        persona(1, TELEFONO1=600111111),
        persona(2, TELEFONO1=600111111),
        persona(3, TELEFONO1=600111111),
    ]
    importar(escribir_xlsx(tmp_path / "a.xlsx", familia))
    ids = {lead.nif: lead.id for lead in leads()}
    informe = importar(escribir_xlsx(tmp_path / "b.xlsx", [persona(9, TELEFONO1=600111111), *familia[::-1]]))
    assert cuentas(informe) == (1, 0, 3, 0, 0)
    assert {lead.nif: lead.id for lead in leads() if lead.nif in ids} == ids


def test_el_telefono_guardado_con_prefijo_se_reconoce(importar, tmp_path, alta, leads):
    alta(telefono="+34 600 000 001", nombre="ANA 1", apellidos="DEMO EJEMPLO")
    informe = importar(escribir_xlsx(tmp_path / "a.xlsx", [persona(1)]))
    assert cuentas(informe) == (0, 1, 0, 0, 0)
    assert leads()[0].telefono == "+34 600 000 001"
