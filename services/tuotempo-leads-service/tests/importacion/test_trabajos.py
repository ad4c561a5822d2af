"""Las importaciones como trabajos: progreso, cancelación y limpieza."""

import threading
from datetime import timedelta

from tests.libro_de_leads import escribir_csv
from tests.pila import esperar
from tuotempo_leads.aplicacion.importacion import ejecucion
from tuotempo_leads.aplicacion.importacion.cierre import ahora
from tuotempo_leads.infraestructura import importaciones, tablas


def test_un_trabajo_en_segundo_plano_se_hace_solo(web, corredor, encargar, hoja):
    fin = threading.Event()
    hilo = corredor.en_segundo_plano(fin)
    destino = encargar(hoja)
    esperar(lambda: web.get(destino).json["estado"] == "terminada", 20)
    fin.set()
    corredor.avisar()
    hilo.join(10)
    assert not hilo.is_alive()


def test_mientras_se_lee_se_ve_el_progreso_el_ritmo_y_lo_que_falta(web, encargar, hoja, cambiar):
    destino = encargar(hoja)
    cambiar(tablas.importaciones, estado="leyendo", procesadas=250, total=1000, filas_por_segundo=50.0)
    informe = web.get(destino).json
    assert (informe["porcentaje"], informe["filas_por_segundo"], informe["segundos_restantes"]) == (
        25.0,
        50.0,
        15.0,
    )


def test_cancelar_la_que_espera_no_llega_a_cambiar_nada(web, corredor, encargar, hoja, filas):
    destino = encargar(hoja)
    assert web.post(f"{destino}/cancelar").status_code == 202
    corredor.una()
    assert web.get(destino).json["estado"] == "cancelada"
    assert filas(tablas.leads) == []
    assert filas(tablas.recargas)[0].resultado == "cancelada"
    assert web.delete(destino).status_code == 202  # cancelarla otra vez no es un error


def test_cancelar_a_mitad_del_volcado_lo_deshace_entero(web, corredor, encargar, hoja, filas, monkeypatch):
    destino = encargar(hoja)
    seguir = ejecucion.Ejecucion._seguir

    def cancelada_al_volcar(self):
        seguir(self)
        if self.trabajo["estado"] and filas(tablas.importaciones)[0].estado == "guardando":
            raise ejecucion.Cancelada

    monkeypatch.setattr(ejecucion.Ejecucion, "_seguir", cancelada_al_volcar)
    corredor.una()
    assert web.get(destino).json["estado"] == "cancelada"
    assert filas(tablas.leads) == []


def test_cancelar_una_ya_terminada_es_un_409_y_una_que_no_existe_un_404(web, corredor, encargar, hoja):
    destino = encargar(hoja)
    corredor.una()
    assert web.delete(destino).status_code == 409
    assert web.delete("/admin/importaciones/ninguna").status_code == 404
    assert web.get("/admin/importaciones/ninguna").status_code == 404


def test_la_lista_va_de_la_mas_reciente_a_la_mas_antigua_y_por_paginas(web, encargar, hoja):
    destinos = [encargar(hoja) for _ in range(3)]
    pagina = web.get("/admin/importaciones?per_page=2")
    ids = [importacion["id"] for importacion in pagina.json["importaciones"]]
    assert ids == [destino.rsplit("/", 1)[1] for destino in destinos[:0:-1]]
    assert pagina.headers["X-Total-Count"] == "3"


def test_al_terminar_el_fichero_recibido_desaparece_y_lo_rechazado_a_los_treinta_dias(
    corredor, encargar, tmp_path, cambiar, filas
):
    mala = escribir_csv(tmp_path / "a.csv", [["abc"], ["600123456"]], ["TELEFONO"])
    encargar(mala)
    corredor.una()
    assert list(corredor.carpeta.iterdir()) == []
    assert len(filas(tablas.importaciones_erroneas)) == 1
    cambiar(tablas.importaciones, terminada_en=ahora() - timedelta(days=31))
    encargar(mala)
    corredor.una()
    assert len(filas(tablas.importaciones_erroneas)) == 1


def test_los_estados_abiertos_son_los_que_nadie_ha_cerrado():
    assert importaciones.ABIERTAS == ("pendiente", "leyendo", "guardando")
