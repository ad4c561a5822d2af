"""Se importa de una en una, sean cuantos sean los procesos."""

import threading
import time
from datetime import timedelta

import pytest

from tests.libro_de_leads import escribir_csv
from tuotempo_leads.aplicacion.importacion.cierre import ahora
from tuotempo_leads.aplicacion.importacion.corredor import Corredor
from tuotempo_leads.infraestructura import tablas


@pytest.fixture
def otro_corredor(corredor):
    """Otro proceso sobre la misma base y la misma carpeta."""
    return Corredor(corredor.bd, corredor.carpeta, corredor.zona)


def test_se_hacen_de_una_en_una_y_por_orden_de_llegada(web, corredor, encargar, hoja, tmp_path):
    primera, segunda = (
        encargar(hoja),
        encargar(escribir_csv(tmp_path / "b.csv", [["600000000"]], ["TELEFONO"])),
    )
    assert corredor.una()
    assert [web.get(d).json["estado"] for d in (primera, segunda)] == ["terminada", "pendiente"]
    assert corredor.una()
    assert not corredor.una()
    assert web.get(segunda).json["estado"] == "terminada"


def test_dos_procesos_a_la_vez_hacen_cada_una_una_sola_vez(
    corredor, otro_corredor, encargar, hoja, filas, a_la_vez
):
    for _ in range(3):
        encargar(hoja)

    def vaciar(numero):
        mio = (corredor, otro_corredor)[numero]
        limite = time.monotonic() + 30
        while time.monotonic() < limite and mio._siguiente():
            mio.una()

    a_la_vez(vaciar, 2)
    assert [t.estado for t in filas(tablas.importaciones)] == ["terminada"] * 3
    assert [t.intentos for t in filas(tablas.importaciones)] == [1] * 3
    assert len(filas(tablas.leads)) == 20
    assert len(filas(tablas.recargas)) == 3


def test_dos_hilos_del_mismo_proceso_tampoco_comparten_el_turno(corredor, encargar, hoja, filas, a_la_vez):
    for _ in range(4):
        encargar(hoja)
    ids = [trabajo.id for trabajo in filas(tablas.importaciones)]
    fin = threading.Event()
    hilo = corredor.en_segundo_plano(fin)
    hechas = a_la_vez(lambda numero: corredor.hasta_que_acabe(ids[numero], 60), 4)
    fin.set()
    hilo.join(10)
    assert [(t["estado"], t["intentos"], t["total"]) for t in hechas] == [("terminada", 1, 20)] * 4
    assert len(filas(tablas.recargas)) == 4


def test_con_el_turno_en_otras_manos_se_espera_y_cuando_vence_se_toma(
    corredor, encargar, hoja, cambiar, filas
):
    encargar(hoja)
    assert corredor._tomar("uno")
    cambiar(tablas.tareas, trabajador="otro", vence_turno=ahora() + timedelta(seconds=60))
    assert not corredor.una()
    cambiar(tablas.tareas, vence_turno=ahora() - timedelta(seconds=1))
    assert corredor.una()
    assert filas(tablas.importaciones)[0].estado == "terminada"
