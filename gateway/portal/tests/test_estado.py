"""`GET /api/estado`: cómo se juzga a cada servicio."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.aplicacion.estado import juzgar
from portal.arranque import crear_app
from portal.config import Ajustes
from portal.infraestructura.vecinos import SIN_CONEXION, Respuesta
from portal.servicios import SERVICIOS

from .conftest import READY, estado_de

CANALES = SERVICIOS[0]


def no_listo(vecino, **comprobaciones):
    cuerpo = vecino.contestaciones[READY].cuerpo
    detalles = {nombre: {"ok": va_bien, "ms": 1} for nombre, va_bien in comprobaciones.items()}
    vecino.contestaciones[READY].estado = 503
    vecino.contestaciones[READY].cuerpo = {**cuerpo, "status": "not_ready", "comprobaciones": detalles}


def test_todos_listos(web, vecinos):
    respuesta = web.get("/api/estado")

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


def test_la_hora_lleva_zona(web):
    hora = datetime.fromisoformat(web.get("/api/estado").json["consultado_en"])

    assert timedelta(0) <= datetime.now(UTC) - hora < timedelta(seconds=5)


def test_quien_no_esta_listo_dice_que_le_falla(web, vecinos):
    no_listo(vecinos["clientes"], base_de_datos=True, almacenamiento=False, bandeja=False)

    clientes = estado_de(web, "clientes")

    assert clientes["estado"] == "con_problemas"
    assert clientes["motivos"] == ["almacenamiento", "bandeja"]
    assert clientes["version"] == "1.2.3"


def test_quien_no_escucha_esta_caido(web, vecinos):
    vecinos["almacen"].parar()

    assert estado_de(web, "almacen") == {
        "nombre": "almacen",
        "titulo": "Almacén",
        "estado": "caido",
        "version": None,
        "latencia_ms": None,
        "motivos": ["No se puede conectar"],
        "eventos": None,
    }
    assert estado_de(web, "canales")["estado"] == "operativo"


def test_quien_vuelve_vuelve_a_estar_operativo(app, vecinos, monkeypatch):
    monkeypatch.setattr(app.extensions["estado"], "_vigencia", lambda _: 0.0)
    web = app.test_client()
    vecinos["canales"].parar()
    assert estado_de(web, "canales")["estado"] == "caido"

    vecinos["canales"].arrancar()

    assert estado_de(web, "canales")["estado"] == "operativo"


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
def test_quien_contesta_otra_cosa_tiene_problemas(web, vecinos, estado, cuerpo):
    vecinos["canales"].contestaciones[READY].estado = estado
    vecinos["canales"].contestaciones[READY].cuerpo = cuerpo

    canales = estado_de(web, "canales")

    assert canales["estado"] == "con_problemas"
    assert canales["motivos"] == [f"Respuesta inesperada (HTTP {estado})"]


def test_la_identidad_de_la_peticion_llega_a_los_vecinos(web, vecinos):
    web.get("/api/estado", headers={"X-Request-ID": "prueba-1"})

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
    web = crear_app(Ajustes(direcciones=direcciones)).test_client()

    canales = estado_de(web, "canales")

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
