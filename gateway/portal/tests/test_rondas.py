"""Cuánto cuesta preguntar por el estado: a todos a la vez, y una vez para todos."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

from portal.aplicacion import recordado
from portal.infraestructura import vecinos as preguntas

from .conftest import READY


def test_los_lentos_estan_caidos(web, vecinos):
    for vecino in vecinos.values():
        vecino.contestaciones[READY].antes = partial(threading.Event().wait, 5)

    servicios = web.get("/api/estado").json["servicios"]

    assert {s["estado"] for s in servicios} == {"caido"}
    assert {motivo for s in servicios for motivo in s["motivos"]} == {"No contesta a tiempo"}


def test_a_todos_se_les_pregunta_a_la_vez(web, vecinos, monkeypatch):
    """Ninguno contesta hasta que se ha preguntado a los demás."""
    monkeypatch.setattr(preguntas, "LECTURA", 30.0)
    monkeypatch.setattr(preguntas, "PLAZO", 30.0)
    todos = threading.Barrier(len(vecinos), timeout=30)
    for vecino in vecinos.values():
        vecino.contestaciones[READY].antes = todos.wait

    servicios = web.get("/api/estado").json["servicios"]

    assert {s["estado"] for s in servicios} == {"operativo"}


def test_quien_contesta_a_gotas_no_bloquea_a_nadie(app, vecinos, monkeypatch):
    monkeypatch.setattr(app.extensions["estado"], "_vigencia", lambda _: 0.0)
    vecinos["canales"].contestaciones[READY].goteo = 0.3

    for _ in range(3):
        servicios = app.test_client().get("/api/estado").json["servicios"]
        assert [s["estado"] for s in servicios] == ["caido", *["operativo"] * (len(vecinos) - 1)]

    assert vecinos["canales"].veces(READY) == 1


def test_muchos_navegadores_cuestan_una_ronda(app, vecinos):
    with ThreadPoolExecutor(20) as hilos:
        partes = list(hilos.map(lambda _: app.test_client().get("/api/estado").json, range(40)))

    assert {vecino.veces(READY) for vecino in vecinos.values()} == {1}
    assert len({parte["consultado_en"] for parte in partes}) == 1


def test_pasado_un_segundo_se_vuelve_a_preguntar(web, vecinos, monkeypatch):
    horas = iter(
        [0.0, 0.9, 1.1, 1.1]
    )  # al guardar lo contestado, al volver pronto, al volver tarde y al guardar
    monkeypatch.setattr(recordado, "time", SimpleNamespace(monotonic=lambda: next(horas)))
    for veces in (1, 1, 2):
        web.get("/api/estado")
        assert vecinos["canales"].veces(READY) == veces
