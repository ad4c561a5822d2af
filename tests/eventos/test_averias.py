"""Nada se pierde, nada se aplica dos veces y cada clave conserva su orden, muera quien muera."""

import os
import signal
import time

import pytest
import requests
import sqlalchemy as sa

from chasis.eventos import espera, muertas
from chasis.eventos.outbox import estado
from chasis.eventos.tablas import ESPERA, MANDO, OUTBOX
from tests.eventos import piezas
from tests.pila import contesta, esperar, puertos_libres

pytestmark = pytest.mark.timeout(300)
SUMAS = 5000


def test_matar_a_cualquiera_durante_cinco_mil_escrituras(montaje):
    papeles = {"emitir": (str(10 * SUMAS),), "repartir": (), "aplicar": ()}
    muertes = montaje.matar_de_vez_en_cuando(papeles, SUMAS)
    montaje.comprobar_que_todo_llego()
    print(f"{montaje.sumadas()} eventos, {muertes} muertes: 0 perdidos, 0 repetidos, 0 desordenados")


def test_con_dos_relays_solo_reparte_uno_y_el_otro_lo_releva(montaje):
    montaje.lanzar("aplicar")
    relays = {montaje.lanzar("repartir").pid: None for _ in range(2)}
    montaje.lanzar("emitir", "400").wait()
    montaje.comprobar_que_todo_llego()
    with montaje.bases["emisor"].lectura() as conexion:
        assert conexion.execute(sa.select(sa.func.count()).select_from(MANDO)).scalar_one() == 1
    for pid in relays:  # con uno parado sigue el otro, sea cual sea el que mandaba
        os.kill(pid, signal.SIGSTOP)
        antes = time.monotonic()
        montaje.lanzar("emitir", "80").wait()
        montaje.comprobar_que_todo_llego()
        print(f"entregado {time.monotonic() - antes:.1f} s después de parar a uno de los dos")
        os.kill(pid, signal.SIGCONT)


def test_un_evento_envenenado_retiene_solo_a_su_cuenta_y_se_puede_redimir(montaje):
    aplicar = montaje.lanzar("aplicar", VENENO="3")
    montaje.lanzar("repartir")
    montaje.conectar_emisor()
    for clave in ("3", "4", "3", "4"):
        piezas.sumar(montaje.bases["emisor"], clave)
    receptor = montaje.bases["receptor"]
    esperar(lambda: montaje.aplicadas() == 2 and estado(receptor)["en_espera"] == 2, 90)
    for _ in espera.ESPERAS:  # en lugar de esperar los doce minutos
        adelantar(receptor)
    esperar(lambda: estado(receptor)["muertos"] == 1)
    assert "no se puede aplicar" in muertas.listar(receptor)[0]["error"]
    aplicar.kill()
    aplicar.wait()
    montaje.lanzar("aplicar")
    assert muertas.reintentar(receptor) == 1
    esperar(lambda: adelantar(receptor) or montaje.aplicadas() == 4)


def adelantar(bd):
    """Hace que venza ya el próximo intento y espera a que ocurra."""
    intentos = sa.select(sa.func.sum(ESPERA.c.intentos))
    with bd.escritura() as conexion:
        antes = conexion.execute(intentos).scalar()
        conexion.execute(ESPERA.update().where(ESPERA.c.muerta == 0).values(proximo=0))
    if antes is None:
        return

    def cambio():
        with bd.lectura() as conexion:
            return conexion.execute(intentos).scalar() != antes

    esperar(cambio)


def test_la_entrega_repetida_de_todos_los_eventos_tiene_un_solo_efecto(montaje, monkeypatch):
    """El relay muere siempre después de publicar y antes de borrar: lo publica todo otra vez al volver."""
    emisor = montaje.bases["emisor"]
    montaje.lanzar("emitir", "80").wait()
    with emisor.lectura() as conexion:
        copia = [dict(fila) for fila in conexion.execute(sa.select(OUTBOX)).mappings()]
    montaje.lanzar("aplicar")
    montaje.lanzar("repartir")
    montaje.comprobar_que_todo_llego()
    with emisor.escritura() as conexion:
        conexion.execute(OUTBOX.insert(), copia)
    esperar(lambda: montaje.pendientes() == 0)
    time.sleep(1)  # para lo que un broker tenga todavía en camino
    montaje.comprobar_que_todo_llego()


def test_sin_firma_no_se_entra(montaje):
    if "EVENTOS_TRANSPORTE" in montaje.entorno:
        pytest.skip("con Pulsar no hay entrada HTTP")
    montaje.lanzar("aplicar")
    url = f"http://127.0.0.1:{montaje.puerto}"
    esperar(lambda: contesta(f"{url}/health/live"))
    cabeceras = {"Content-Type": "application/cloudevents-batch+json"}
    assert requests.post(f"{url}/eventos", data="[]", headers=cabeceras, timeout=5).status_code == 401
    cabeceras["X-Forwarded-Host"] = "centralita.example"
    assert requests.post(f"{url}/eventos", data="[]", headers=cabeceras, timeout=5).status_code == 404


def test_el_trabajador_dice_como_esta(montaje):
    """Salud y métricas propias: listo cuando publica, y cuántas filas lleva sin publicar cuando no puede."""
    (puerto,) = puertos_libres(1)
    url = f"http://127.0.0.1:{puerto}"
    montaje.lanzar("repartir", TRABAJADOR_PORT=str(puerto))
    esperar(lambda: contesta(f"{url}/health/ready"))
    montaje.lanzar("aplicar")
    montaje.lanzar("emitir", "80").wait()
    montaje.comprobar_que_todo_llego(90)
    listo = requests.get(f"{url}/health/ready", timeout=5).json()["comprobaciones"]["eventos"]
    assert (listo["pendientes"], listo["muertos"]) == (0, 0)
    metricas = requests.get(f"{url}/metrics", timeout=5).text
    assert "eventos_pendientes 0.0" in metricas
    assert "eventos_publicados_total{" in metricas


def test_un_trabajador_que_no_logra_publicar_no_esta_listo(montaje):
    montaje.lanzar("emitir", "8").wait()
    with montaje.bases["emisor"].escritura() as conexion:
        conexion.execute(OUTBOX.update().values(creado=OUTBOX.c.creado - 3600, destino="nadie"))
    (puerto,) = puertos_libres(1)
    montaje.lanzar("repartir", TRABAJADOR_PORT=str(puerto))
    url = f"http://127.0.0.1:{puerto}"
    esperar(lambda: contesta(f"{url}/health/live"))
    salida = requests.get(f"{url}/health/ready", timeout=5)
    assert salida.status_code == 503
    assert salida.json()["comprobaciones"]["eventos"]["ok"] is False
