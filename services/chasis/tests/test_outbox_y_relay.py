import threading
from dataclasses import dataclass
from types import SimpleNamespace

import orjson
import pytest
import sqlalchemy as sa

from chasis import contexto
from chasis.eventos import emitir, pausa, relay as modulo_relay
from chasis.eventos.outbox import Outbox, estado
from chasis.eventos.relay import Mando, Relay
from chasis.eventos.tablas import OUTBOX
from tests.pila import esperar


@dataclass(frozen=True)
class CosaHecha:
    numero: int


class Recogida:
    """Transporte que recuerda lo que recibe y confirma lo que se le diga."""

    def __init__(self):
        self.recibidos, self.confirma, self.fallo = [], lambda fila: True, None
        self.tandas = []

    def publicar(self, _, filas):
        self.tandas.append(len(filas))
        self.recibidos += [orjson.loads(fila.cuerpo) for fila in filas]
        return [fila.id for fila in filas if self.confirma(fila)], self.fallo


@pytest.fixture
def con_outbox(bd):
    avisos = []
    bd.con_outbox(Outbox("cosas", {"cosas": ("uno", "dos")}, ""), lambda: avisos.append(1))
    bd.avisos = avisos
    return bd


@pytest.fixture
def recogida():
    return Recogida()


@pytest.fixture
def relay(con_outbox, recogida):
    mando = Mando(con_outbox)
    mando.renovar()
    return Relay(con_outbox, mando, recogida, "uno")


def emitir_uno(bd, numero=1, clave="a"):
    with bd.escritura() as conexion:
        emitir(conexion, "cosas", CosaHecha(numero), clave=clave, secuencia=numero)


def pendientes(bd, destino):
    with bd.lectura() as conexion:
        return conexion.execute(sa.select(sa.func.count()).where(OUTBOX.c.destino == destino)).scalar_one()


def test_el_evento_existe_si_la_transaccion_se_confirma(con_outbox):
    emitir_uno(con_outbox)
    with pytest.raises(RuntimeError), con_outbox.escritura() as conexion:
        emitir(conexion, "cosas", CosaHecha(2), clave="a", secuencia=2)
        raise RuntimeError("se deshace")
    assert pendientes(con_outbox, "uno") == 1


def test_cada_suscriptor_tiene_su_propia_fila(con_outbox):
    emitir_uno(con_outbox)
    assert pendientes(con_outbox, "uno") == pendientes(con_outbox, "dos") == 1


def test_un_tema_sin_suscriptores_no_deja_filas(con_outbox):
    with con_outbox.escritura() as conexion:
        emitir(conexion, "otro-tema", CosaHecha(1), clave="a", secuencia=1)
    assert estado(con_outbox)["pendientes"] == 0


def test_avisa_al_relay_despues_de_confirmar_y_solo_si_hubo_eventos(con_outbox):
    with con_outbox.escritura() as conexion:
        conexion.execute(sa.text("INSERT INTO efectos VALUES ('a', 1)"))
    assert con_outbox.avisos == []
    emitir_uno(con_outbox)
    assert con_outbox.avisos == [1]


def test_el_sobre_es_un_cloudevent_con_la_traza_de_la_peticion(con_outbox, relay, recogida):
    contexto.iniciar("peticion-7", None)
    emitir_uno(con_outbox)
    relay.repartir()
    sobre = recogida.recibidos[0]
    assert sobre["specversion"] == "1.0"
    assert (sobre["type"], sobre["source"], sobre["subject"]) == ("CosaHecha", "cosas", "a")
    assert (sobre["correlationid"], sobre["traceparent"]) == ("peticion-7", contexto.traza.get())
    assert (sobre["secuencia"], sobre["data"]) == (1, {"numero": 1})
    assert sobre["id"][14] == "7"


def test_borra_lo_confirmado_y_deja_lo_demas(con_outbox, relay, recogida):
    for numero in range(3):
        emitir_uno(con_outbox, numero)
    recogida.confirma, recogida.fallo = lambda fila: fila.id != 3, RuntimeError("uno se quedó")
    with pytest.raises(RuntimeError):
        relay.repartir()
    assert pendientes(con_outbox, "uno") == 1
    assert pendientes(con_outbox, "dos") == 3


def test_reparte_por_orden_y_en_tandas(con_outbox, relay, recogida, monkeypatch):
    monkeypatch.setattr(modulo_relay, "_LEER", modulo_relay._LEER.limit(2))
    for numero in range(5):
        emitir_uno(con_outbox, numero)
    while relay.repartir():
        pass
    assert [sobre["secuencia"] for sobre in recogida.recibidos] == [0, 1, 2, 3, 4]


def test_el_primero_sale_al_momento_y_los_que_llegan_seguidos_viajan_juntos(
    con_outbox, recogida, monkeypatch
):
    monkeypatch.setattr(modulo_relay, "RESPIRO", 2.0)
    relay, fin = Relay(con_outbox, SimpleNamespace(es_mio=True), recogida, "uno"), threading.Event()
    hilo = threading.Thread(target=relay.trabajar, args=(fin,))
    hilo.start()
    emitir_uno(con_outbox)
    esperar(lambda: recogida.tandas == [1])
    for numero in range(10):
        emitir_uno(con_outbox, numero)
    esperar(lambda: len(recogida.recibidos) == 11)
    fin.set()
    hilo.join()
    assert recogida.tandas == [1, 10]


def test_publica_fuera_de_toda_transaccion(con_outbox, relay, recogida):
    emitir_uno(con_outbox)
    recogida.confirma = lambda fila: emitir_uno(con_outbox, 2) is None  # esperaría para siempre
    assert relay.repartir()


def test_un_relay_atrasado_no_borra_una_fila_nueva_con_el_id_de_otra(con_outbox, relay, recogida):
    """SQLite reutiliza los ids borrados salvo que se le pida que no."""

    def mientras_tanto(fila):
        with con_outbox.escritura() as conexion:
            conexion.execute(OUTBOX.delete())
        emitir_uno(con_outbox, 2)
        return True

    emitir_uno(con_outbox)
    recogida.confirma = mientras_tanto
    relay.repartir()
    assert pendientes(con_outbox, "uno") == 1


def test_solo_uno_tiene_el_mando(con_outbox):
    primero, segundo = Mando(con_outbox), Mando(con_outbox)
    primero.renovar()
    segundo.renovar()
    assert (primero.es_mio, segundo.es_mio) == (True, False)


def test_el_mando_pasa_a_otro_cuando_deja_de_renovarse(con_outbox, monkeypatch):
    monkeypatch.setattr(modulo_relay, "VIGENCIA", -1.0)
    Mando(con_outbox).renovar()
    monkeypatch.setattr(modulo_relay, "VIGENCIA", 60.0)
    heredero = Mando(con_outbox)
    heredero.renovar()
    assert heredero.es_mio


def test_si_la_hora_se_atrasa_el_mando_de_quien_murio_no_dura_horas(con_outbox, monkeypatch):
    monkeypatch.setattr(modulo_relay, "VIGENCIA", 3 * 3600.0)  # como si entonces fueran tres horas más
    Mando(con_outbox).renovar()
    monkeypatch.setattr(modulo_relay, "VIGENCIA", 2.0)
    heredero = Mando(con_outbox)
    heredero.renovar()
    assert heredero.es_mio


def test_una_pausa_larga_no_se_toma_por_un_mando_de_otra_hora(con_outbox):
    pausa.pausar(con_outbox, 3 * 3600)
    mando = Mando(con_outbox)
    mando.renovar()
    assert not mando.es_mio


def test_el_que_pierde_el_mando_deja_de_repartir(con_outbox, monkeypatch):
    antiguo = Mando(con_outbox)
    antiguo.renovar()
    monkeypatch.setattr(modulo_relay.time, "monotonic", lambda: antiguo._hasta + 1)
    assert not antiguo.es_mio


def test_el_estado_dice_cuantos_esperan_y_desde_cuando(con_outbox):
    emitir_uno(con_outbox)
    with con_outbox.escritura() as conexion:
        conexion.execute(OUTBOX.update().values(creado=OUTBOX.c.creado - 100))
    actual = estado(con_outbox)
    assert actual["pendientes"] == 2
    assert actual["mas_antiguo_s"] >= 100


def test_en_pausa_nadie_reparte_y_al_reanudar_vuelve_quien_repartia(con_outbox):
    mando = Mando(con_outbox)
    mando.renovar()
    pausa.pausar(con_outbox, 60)
    mando.renovar()
    assert not mando.es_mio
    pausa.reanudar(con_outbox)
    mando.renovar()
    assert mando.es_mio


def test_una_pausa_que_nadie_quita_se_acaba_sola(con_outbox):
    pausa.pausar(con_outbox, 0)
    mando = Mando(con_outbox)
    mando.renovar()
    assert mando.es_mio
