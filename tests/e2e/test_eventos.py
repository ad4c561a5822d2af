"""Eventos entre servicios de verdad, con `make run`: llegan, se pueden seguir y, si mueren, se pueden devolver."""

import signal
import subprocess
import sys

import requests
import sqlalchemy as sa

from chasis.bd import BaseDeDatos
from chasis.eventos.sobre import escribir
from chasis.eventos.tablas import ESPERA
from storage_service.aplicacion.eventos import ClienteGuardado
from tests.pila import RAIZ, esperar


def orden(pila, *argumentos):
    """Lo que escribe una orden de `make` (su programa) sobre esta Centralita."""
    hecho = subprocess.run(
        [sys.executable, str(RAIZ / "deploy/local/eventos.py"), *argumentos],
        env=pila.entorno,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in hecho.stderr, hecho.stderr
    return hecho.stdout


def nombres_en_canales(pila):
    lista = requests.get(f"{pila.por_el_gateway('canales')}/clientes?per_page=500", timeout=5).json()
    return [cliente["nombre"] for cliente in lista]


def abrir_ficha(pila, nombre, peticion):
    salida = requests.post(
        f"{pila.por_el_gateway('clientes')}/clientes",
        json={"nombre": nombre, "contacto": "eva@ejemplo.com", "servicio": "Fibra"},
        headers={"X-Request-ID": peticion},
        timeout=5,
    )
    assert salida.status_code == 201


def test_una_ficha_nueva_llega_a_canales_y_su_peticion_se_puede_seguir(pila):
    abrir_ficha(pila, "Eva Seguida", "peticion-que-cruza")
    esperar(lambda: nombres_en_canales(pila).count("Eva Seguida") == 1)
    relato = orden(pila, "seguir", "peticion-que-cruza")
    # Clientes apunta su petición al terminarla, y el evento puede llegar antes a canales.
    lineas = {linea.split()[1]: linea for linea in relato.splitlines()}
    assert sorted(lineas) == ["almacen", "canales", "clientes"]
    assert "tipo=ClienteGuardado" in lineas["canales"]


def test_quien_pregunta_por_una_peticion_que_no_existe_recibe_una_frase(pila):
    assert "Ningún registro habla de «no-existe»" in orden(pila, "seguir", "no-existe")


def test_un_evento_muerto_se_ve_y_se_devuelve(pila):
    abrir_ficha(pila, "Eva Muerta", "peticion-muerta")
    esperar(lambda: "Eva Muerta" in nombres_en_canales(pila))
    base = BaseDeDatos(f"sqlite+pysqlite:///{pila.datos / 'canales.sqlite'}")
    with base.escritura() as conexion:  # como si hubiera agotado sus intentos
        conexion.execute(ESPERA.insert().values(**muerta_de_ejemplo()))
    assert "se quedó sin intentos" in orden(pila, "dlq")
    assert "1 eventos vuelven a intentarse" in orden(pila, "dlq-reintentar")
    esperar(lambda: "Llegada Tarde" in nombres_en_canales(pila))
    with base.lectura() as conexion:
        assert conexion.execute(sa.select(ESPERA.c.id)).all() == []
    assert "0 eventos muertos." in orden(pila, "dlq")
    base.cerrar()


def muerta_de_ejemplo():
    suceso = ClienteGuardado("Llegada Tarde", "v", creado=True, documento={})
    evento, cuerpo = escribir("almacen", "clientes", suceso, "Llegada Tarde", 1)
    return {
        "evento_id": evento,
        "manejador": "registrar_cliente_guardado",
        "clave": "Llegada Tarde",
        "cuerpo": cuerpo,
        "intentos": 6,
        "proximo": 0,
        "error": "RuntimeError: se quedó sin intentos",
        "muerta": 1,
    }


def test_con_un_consumidor_caido_las_escrituras_siguen_y_sus_eventos_llegan_despues(pila):
    pila.senal("canales", signal.SIGSTOP)
    try:
        for numero in range(20):
            abrir_ficha(pila, f"Espera {numero}", f"espera-{numero}")
    finally:
        pila.senal("canales", signal.SIGCONT)
    esperar(lambda: sum(n.startswith("Espera ") for n in nombres_en_canales(pila)) == 20, 60)
