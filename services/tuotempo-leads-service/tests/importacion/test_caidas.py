"""Quien importa muere, pierde el turno o se queda sin base: nada queda a medias."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from tests.libro_de_leads import escribir_csv
from tests.pila import esperar
from tuotempo_leads.aplicacion.importacion import corredor as corredores, ejecucion
from tuotempo_leads.aplicacion.importacion.cierre import ahora
from tuotempo_leads.infraestructura import tablas


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
