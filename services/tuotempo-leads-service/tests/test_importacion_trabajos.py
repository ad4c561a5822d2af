"""Las importaciones como trabajos: progreso, cancelación, turno, caídas y reinicios."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.libro_de_leads import escribir_csv, escribir_xlsx, persona
from tests.pila import esperar
from tuotempo_leads.aplicacion.importacion import corredor as corredores, ejecucion
from tuotempo_leads.aplicacion.importacion.cierre import ahora
from tuotempo_leads.aplicacion.importacion.corredor import Corredor
from tuotempo_leads.infraestructura import importaciones, tablas


@pytest.fixture
def corredor(app):
    return app.extensions["importaciones"]


@pytest.fixture
def otro_corredor(corredor):
    """Otro proceso sobre la misma base y la misma carpeta."""
    return Corredor(corredor.bd, corredor.carpeta, corredor.zona)


@pytest.fixture
def encargar(web):
    def hacer(ruta, **opciones):
        datos = {"archivo": (io.BytesIO(ruta.read_bytes()), ruta.name)}
        return web.post("/admin/importaciones", data=datos, query_string=opciones).headers["Location"]

    return hacer


@pytest.fixture
def hoja(tmp_path):
    return escribir_xlsx(tmp_path / "a.xlsx", [persona(n) for n in range(20)])


@pytest.fixture
def cambiar(app):
    def hacer(tabla, **valores):
        with app.extensions["bd"].escritura() as conexion:
            conexion.execute(sa.update(tabla).values(**valores))

    return hacer


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


def test_con_el_turno_en_otras_manos_se_espera_y_cuando_vence_se_toma(
    corredor, encargar, hoja, cambiar, filas
):
    encargar(hoja)
    assert corredor._tomar_turno()
    cambiar(tablas.tareas, trabajador="otro", vence_turno=ahora() + timedelta(seconds=60))
    assert not corredor.una()
    cambiar(tablas.tareas, vence_turno=ahora() - timedelta(seconds=1))
    assert corredor.una()
    assert filas(tablas.importaciones)[0].estado == "terminada"


def test_la_que_otro_dejo_a_medias_se_retoma_desde_cero(web, corredor, encargar, hoja, cambiar, filas):
    destino = encargar(hoja)
    cambiar(tablas.importaciones, estado="guardando", procesadas=13, intentos=1, trabajador="muerto")
    (corredor.carpeta / "trabajo-muerto").mkdir()
    corredor.una()
    informe = web.get(destino).json
    assert (informe["estado"], informe["creadas"]) == ("terminada", 20)
    assert filas(tablas.importaciones)[0].intentos == 2
    assert list(corredor.carpeta.iterdir()) == []


def test_quien_pierde_el_turno_a_mitad_no_escribe_nada(corredor, encargar, hoja, cambiar, filas, monkeypatch):
    encargar(hoja)
    volcar = ejecucion.Ejecucion._guardar

    def robado(self, lectura):
        cambiar(tablas.tareas, trabajador="otro", vence_turno=ahora() + timedelta(seconds=60))
        volcar(self, lectura)

    monkeypatch.setattr(ejecucion.Ejecucion, "_guardar", robado)
    corredor.una()
    assert filas(tablas.leads) == []
    assert filas(tablas.importaciones)[0].estado == "guardando"
    assert Path(filas(tablas.importaciones)[0].ruta).exists()


def test_la_que_se_interrumpe_tres_veces_se_da_por_fallida(web, corredor, encargar, hoja, cambiar):
    destino = encargar(hoja)
    cambiar(tablas.importaciones, estado="leyendo", intentos=3)
    corredor.una()
    assert web.get(destino).json["error"] == corredores.INTERRUMPIDA


def test_si_el_fichero_esta_en_otra_replica_se_le_deja_y_si_se_perdio_se_dice(
    web, corredor, encargar, hoja, cambiar, filas
):
    destino = encargar(hoja)
    Path(filas(tablas.importaciones)[0].ruta).unlink()
    assert not corredor.una()
    cambiar(tablas.importaciones, creada_en=ahora() - timedelta(hours=2))
    assert corredor.una()
    assert web.get(destino).json["error"] == corredores.PERDIDO


def test_si_la_base_falla_al_volcar_no_queda_nada_a_medias(web, corredor, encargar, hoja, filas, monkeypatch):
    destino = encargar(hoja)

    def caida(*_):
        raise sa.exc.OperationalError("INSERT", {}, Exception("servidor caído"))

    monkeypatch.setattr("tuotempo_leads.aplicacion.importacion.volcado.leads.actualizar", caida)
    corredor.una()
    informe = web.get(destino).json
    assert (informe["estado"], informe["error"]) == ("fallida", ejecucion.FALLO_DE_BASE)
    assert filas(tablas.leads) == []


def test_un_fallo_imprevisto_tambien_cierra_el_trabajo_sin_contar_intimidades(
    web, corredor, encargar, hoja, monkeypatch
):
    destino = encargar(hoja)
    monkeypatch.setattr("tuotempo_leads.aplicacion.importacion.ejecucion.leer", lambda *_: 1 / 0)
    corredor.una()
    assert web.get(destino).json["error"] == ejecucion.FALLO_INTERNO


def test_matar_el_proceso_a_mitad_no_pierde_el_trabajo(
    web, corredor, encargar, tmp_path, ajustes, cambiar, filas
):
    destino = encargar(
        escribir_csv(
            tmp_path / "a.csv", [[600_000_000 + n, f"ANA {n}"] for n in range(60_000)], ["TELEFONO", "NOMBRE"]
        )
    )
    orden = """
import sys
from pathlib import Path
from chasis.bd import BaseDeDatos
from chasis.config import AjustesBase
from chasis.eventos import Eventos
from tuotempo_leads.aplicacion.importacion.corredor import Corredor
bd = BaseDeDatos(sys.argv[1])
Eventos(bd, AjustesBase(_env_file=None), "leads")
Corredor(bd, Path(sys.argv[2]), "Europe/Madrid").una()
"""
    proceso = subprocess.Popen([sys.executable, "-c", orden, ajustes.url, str(corredor.carpeta)])
    esperar(lambda: filas(tablas.importaciones)[0].estado == "leyendo", 20)
    os.kill(proceso.pid, signal.SIGKILL)
    proceso.wait(10)
    assert filas(tablas.leads) == []
    assert not corredor.una()  # su turno todavía no ha vencido
    cambiar(tablas.tareas, vence_turno=ahora() - timedelta(seconds=1))
    assert corredor.una()
    informe = web.get(destino).json
    assert (informe["estado"], informe["creadas"], informe["total"]) == ("terminada", 60_000, 60_000)


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
