"""Los eventos sin entregar de cada servicio, contados en su estado."""

from __future__ import annotations

import pytest

from portal.aplicacion.estado import juzgar
from portal.entradas import textos
from portal.infraestructura.vecinos import Respuesta
from portal.servicios import SERVICIOS

from .conftest import READY, estado_de

CANALES = SERVICIOS[0]


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


def test_los_eventos_sin_entregar_salen_en_el_estado(web, vecinos):
    con_eventos(vecinos["canales"], pendientes=3, mas_antiguo_s=1.5)

    canales = estado_de(web, "canales")

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
def test_unos_eventos_que_no_se_entienden_no_rompen_nada(web, vecinos, eventos):
    vecinos["canales"].contestaciones[READY].cuerpo = {
        "status": "ready",
        "comprobaciones": {"eventos": eventos},
    }

    assert web.get("/api/estado").status_code == 200
