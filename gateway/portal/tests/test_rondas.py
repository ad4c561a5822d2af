"""Cuánto cuesta preguntar por el estado: a todos a la vez, y una vez para todos."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from .conftest import READY


def test_los_lentos_estan_caidos_y_se_esperan_a_la_vez(web, vecinos):
    for vecino in vecinos.values():
        vecino.contestaciones[READY].espera = 5

    inicio = time.monotonic()
    servicios = web.get("/api/estado").json["servicios"]

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


def test_muchos_navegadores_cuestan_una_ronda(app, vecinos):
    with ThreadPoolExecutor(20) as hilos:
        partes = list(hilos.map(lambda _: app.test_client().get("/api/estado").json, range(40)))

    assert {vecino.veces(READY) for vecino in vecinos.values()} == {1}
    assert len({parte["consultado_en"] for parte in partes}) == 1


def test_pasado_un_segundo_se_vuelve_a_preguntar(web, vecinos):
    web.get("/api/estado")
    time.sleep(1.1)
    web.get("/api/estado")

    assert vecinos["canales"].veces(READY) == 2
