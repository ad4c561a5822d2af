"""`GET /api/estado`: cómo se juzga a cada servicio y cuánto cuesta preguntar."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from portal.aplicacion.estado import juzgar
from portal.arranque import crear_app
from portal.config import Ajustes
from portal.entradas import textos
from portal.infraestructura.vecinos import SIN_CONEXION, Respuesta
from portal.servicios import SERVICIOS

READY = "/health/ready"
CANALES = SERVICIOS[0]


def estado_de(cliente, nombre):
    servicios = cliente.get("/api/estado").json["servicios"]
    return next(servicio for servicio in servicios if servicio["nombre"] == nombre)


def no_listo(vecino, **comprobaciones):
    cuerpo = vecino.contestaciones[READY].cuerpo
    detalles = {nombre: {"ok": va_bien, "ms": 1} for nombre, va_bien in comprobaciones.items()}
    vecino.contestaciones[READY].estado = 503
    vecino.contestaciones[READY].cuerpo = {**cuerpo, "status": "not_ready", "comprobaciones": detalles}


def test_todos_listos(cliente, vecinos):
    respuesta = cliente.get("/api/estado")

    assert respuesta.status_code == 200
    assert respuesta.headers["Cache-Control"] == "no-store"
    assert respuesta.json.keys() == {"servicios", "consultado_en"}
    assert [s["nombre"] for s in respuesta.json["servicios"]] == list(vecinos)
    canales = respuesta.json["servicios"][0]
    latencia = canales.pop("latencia_ms")
    assert isinstance(latencia, int)
    assert latencia >= 1
    assert canales == {
        "nombre": "canales",
        "titulo": "Canales",
        "estado": "operativo",
        "version": "1.2.3",
        "motivos": [],
        "eventos": None,
    }


def test_la_hora_lleva_zona(cliente):
    hora = datetime.fromisoformat(cliente.get("/api/estado").json["consultado_en"])

    assert timedelta(0) <= datetime.now(UTC) - hora < timedelta(seconds=5)


def test_quien_no_esta_listo_dice_que_le_falla(cliente, vecinos):
    no_listo(vecinos["clientes"], base_de_datos=True, almacenamiento=False, bandeja=False)

    clientes = estado_de(cliente, "clientes")

    assert clientes["estado"] == "con_problemas"
    assert clientes["motivos"] == ["almacenamiento", "bandeja"]
    assert clientes["version"] == "1.2.3"


def test_quien_no_escucha_esta_caido(cliente, vecinos):
    vecinos["almacen"].parar()

    assert estado_de(cliente, "almacen") == {
        "nombre": "almacen",
        "titulo": "Almacén",
        "estado": "caido",
        "version": None,
        "latencia_ms": None,
        "motivos": ["No se puede conectar"],
        "eventos": None,
    }
    assert estado_de(cliente, "canales")["estado"] == "operativo"


def test_los_lentos_estan_caidos_y_se_esperan_a_la_vez(cliente, vecinos):
    for vecino in vecinos.values():
        vecino.contestaciones[READY].espera = 5

    inicio = time.monotonic()
    servicios = cliente.get("/api/estado").json["servicios"]

    assert time.monotonic() - inicio < 2
    assert {s["estado"] for s in servicios} == {"caido"}
    assert {motivo for s in servicios for motivo in s["motivos"]} == {"No contesta a tiempo"}


def test_quien_contesta_a_gotas_no_bloquea_a_nadie(app, vecinos, monkeypatch):
    monkeypatch.setattr(app.extensions["estado"], "_vigencia", lambda _: 0.0)
    vecinos["canales"].contestaciones[READY].goteo = 0.3

    for _ in range(3):
        inicio = time.monotonic()
        servicios = app.test_client().get("/api/estado").json["servicios"]
        assert time.monotonic() - inicio < 2
        assert [s["estado"] for s in servicios] == ["caido", *["operativo"] * (len(vecinos) - 1)]

    assert vecinos["canales"].veces(READY) == 1


def test_quien_vuelve_vuelve_a_estar_operativo(app, vecinos, monkeypatch):
    monkeypatch.setattr(app.extensions["estado"], "_vigencia", lambda _: 0.0)
    cliente = app.test_client()
    vecinos["canales"].parar()
    assert estado_de(cliente, "canales")["estado"] == "caido"

    vecinos["canales"].arrancar()

    assert estado_de(cliente, "canales")["estado"] == "operativo"


@pytest.mark.parametrize(
    ("estado", "cuerpo"),
    [
        (500, b"Internal Server Error"),
        (302, {}),
        (200, b"<html>otra cosa</html>"),
        (200, [1, 2]),
        (503, {"comprobaciones": "ninguna"}),
        (404, {"error": "Recurso no encontrado"}),
    ],
)
def test_quien_contesta_otra_cosa_tiene_problemas(cliente, vecinos, estado, cuerpo):
    vecinos["canales"].contestaciones[READY].estado = estado
    vecinos["canales"].contestaciones[READY].cuerpo = cuerpo

    canales = estado_de(cliente, "canales")

    assert canales["estado"] == "con_problemas"
    assert canales["motivos"] == [f"Respuesta inesperada (HTTP {estado})"]


def test_muchos_navegadores_cuestan_una_ronda(app, vecinos):
    with ThreadPoolExecutor(20) as hilos:
        partes = list(hilos.map(lambda _: app.test_client().get("/api/estado").json, range(40)))

    assert {vecino.veces(READY) for vecino in vecinos.values()} == {1}
    assert len({parte["consultado_en"] for parte in partes}) == 1


def test_pasado_un_segundo_se_vuelve_a_preguntar(cliente, vecinos):
    cliente.get("/api/estado")
    time.sleep(1.1)
    cliente.get("/api/estado")

    assert vecinos["canales"].veces(READY) == 2


def test_la_identidad_de_la_peticion_llega_a_los_vecinos(cliente, vecinos):
    cliente.get("/api/estado", headers={"X-Request-ID": "prueba-1"})

    _, cabeceras = vecinos["canales"].recibidas[0]
    assert cabeceras["X-Request-ID"] == "prueba-1"
    assert "traceparent" in cabeceras


def test_las_conexiones_no_pasan_por_un_proxy_del_entorno(ajustes, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert estado_de(crear_app(ajustes).test_client(), "canales")["estado"] == "operativo"


def test_con_una_replica_de_dos_hay_problemas(vecinos):
    direcciones = {nombre: (vecino.url,) for nombre, vecino in vecinos.items()}
    vecinos["almacen"].parar()
    direcciones["canales"] += (vecinos["almacen"].url,)
    cliente = crear_app(Ajustes(direcciones=direcciones)).test_client()

    canales = estado_de(cliente, "canales")

    assert canales["estado"] == "con_problemas"
    assert canales["motivos"] == ["1 de 2 réplicas no contestan"]
    assert canales["version"] == "1.2.3"


def test_replicas_con_versiones_distintas():
    cuerpo = {"status": "ready", "version": "1.0.0"}
    nuevo = {"status": "ready", "version": "1.1.0"}

    estado = juzgar(CANALES, [Respuesta(200, nuevo, 3), Respuesta(200, cuerpo, 9)])

    assert (estado.estado, estado.version, estado.latencia_ms) == ("operativo", "1.0.0, 1.1.0", 9)


def test_si_no_contesta_ninguna_replica_esta_caido():
    estado = juzgar(CANALES, [SIN_CONEXION, SIN_CONEXION])

    assert (estado.estado, estado.motivos) == ("caido", ("No se puede conectar",))


def con_eventos(vecino, **cuentas):
    cuerpo = vecino.contestaciones[READY].cuerpo
    eventos = {
        "ok": True,
        "pendientes": 0,
        "mas_antiguo_s": 0.0,
        "en_espera": 0,
        "muertos": 0,
        "ms": 1,
        **cuentas,
    }
    comprobaciones = {**cuerpo["comprobaciones"], "eventos": eventos}
    vecino.contestaciones[READY].cuerpo = {**cuerpo, "comprobaciones": comprobaciones}


def test_los_eventos_sin_entregar_salen_en_el_estado(cliente, vecinos):
    con_eventos(vecinos["canales"], pendientes=3, mas_antiguo_s=1.5)

    canales = estado_de(cliente, "canales")

    assert canales["estado"] == "operativo"
    assert canales["eventos"] == {
        "pendientes": 3,
        "mas_antiguo_s": 1.5,
        "en_espera": 0,
        "muertos": 0,
        "alerta": False,
    }


@pytest.mark.parametrize(
    ("cuentas", "alerta", "texto"),
    [
        ({}, False, ""),
        ({"pendientes": 1, "mas_antiguo_s": 60}, False, "1 evento por publicar"),
        (
            {"pendientes": 3, "mas_antiguo_s": 150},
            True,
            "3 eventos por publicar · el más antiguo, de hace 2\u00a0min",
        ),
        (
            {"pendientes": 1, "mas_antiguo_s": 61, "en_espera": 1},
            True,
            "1 evento por publicar · el más antiguo, de hace 1\u00a0min · 1 evento espera otro intento",
        ),
        ({"en_espera": 2}, False, "2 eventos esperan otro intento"),
        (
            {"pendientes": 2, "en_espera": 1, "muertos": 1},
            True,
            "2 eventos por publicar · 1 evento espera otro intento · 1 evento muerto",
        ),
    ],
)
def test_como_se_cuentan_los_eventos_sin_entregar(cuentas, alerta, texto):
    cuerpo = {"status": "ready", "comprobaciones": {"eventos": {"ok": True, **cuentas}}}

    estado = juzgar(CANALES, [Respuesta(200, cuerpo, 3)])

    assert estado.eventos.alerta is alerta
    assert textos.eventos(estado) == texto


def test_las_replicas_comparten_sus_eventos_y_no_se_suman():
    uno = {"status": "ready", "comprobaciones": {"eventos": {"pendientes": 3}}}
    otro = {"status": "ready", "comprobaciones": {"eventos": {"pendientes": 2, "muertos": 1}}}

    eventos = juzgar(CANALES, [Respuesta(200, uno, 3), Respuesta(200, otro, 3)]).eventos

    assert (eventos.pendientes, eventos.muertos) == (3, 1)


@pytest.mark.parametrize(
    "eventos", ["ninguno", {"ok": False, "motivo": "OperationalError"}, {"pendientes": "3"}]
)
def test_unos_eventos_que_no_se_entienden_no_rompen_nada(cliente, vecinos, eventos):
    vecinos["canales"].contestaciones[READY].cuerpo = {
        "status": "ready",
        "comprobaciones": {"eventos": eventos},
    }

    assert cliente.get("/api/estado").status_code == 200
