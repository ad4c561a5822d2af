"""Repetir lo que se escribió y no se llegó a contestar, aunque otro haya escrito encima."""

import time

import orjson
import pytest
import sqlalchemy as sa

from chasis.eventos.tablas import OUTBOX
from chasis.idempotencia import Registro
from storage_service.arranque import crear_app
from storage_service.config import Ajustes
from storage_service.entradas.http import PLAZO
from storage_service.infraestructura.tablas import INTENCIONES

AGREGAR = {"Idempotency-Key": "agregar"}


@pytest.fixture
def web(app):
    return app.test_client()


def guardar(web, cabeceras, **otros):
    return web.post("/archivos", json={"nombre": "Ana", **otros}, headers=cabeceras)


@pytest.fixture
def morir_tras_escribir(web, monkeypatch):
    """Guarda un documento, muere antes de apuntar la respuesta y deja pasar lo que dura la reserva."""

    def morir(**otros):
        def matar(*_):
            raise SystemExit

        with monkeypatch.context() as muerte:
            muerte.setattr(Registro, "anotar", matar)
            muerte.setattr(Registro, "liberar", lambda *_: None)
            with pytest.raises(SystemExit):
                guardar(web, AGREGAR, **otros)
        despues = time.time() + PLAZO + 1
        monkeypatch.setattr(time, "time", lambda: despues)

    return morir


def anotadas(app):
    with app.extensions["bd"].lectura() as conexion:
        return conexion.execute(INTENCIONES.select()).all()


def test_lo_que_otro_escribio_encima_no_hace_olvidar_lo_que_ya_se_hizo(app, web, morir_tras_escribir):
    """customer_service lee, agrega y escribe: al repetir, el documento de otro ya trae el servicio agregado."""
    morir_tras_escribir(servicios=["s"])
    version = guardar(web, {}, servicios=["s"], contacto="otro").headers["ETag"]
    otra_vez = {**AGREGAR, "If-Match": version}
    assert guardar(web, otra_vez, servicios=["s", "s"], contacto="otro").status_code == 422
    assert web.get("/archivos/Ana").json["servicios"] == ["s"]
    assert anotadas(app) == []


def test_la_misma_peticion_se_contesta_sin_pisar_lo_que_otro_escribio_encima(app, web, morir_tras_escribir):
    morir_tras_escribir(n=1)
    guardar(web, {}, n=2)
    repetida = guardar(web, AGREGAR, n=1)
    assert repetida.status_code == 201
    assert web.get("/archivos/Ana").json["n"] == 2
    assert guardar(web, AGREGAR, n=1).headers["ETag"] == repetida.headers["ETag"]
    assert anotadas(app) == []


def test_repetirla_con_otro_nombre_no_escribe_otro_documento(web, morir_tras_escribir):
    morir_tras_escribir(n=1)
    otro = web.post("/archivos", json={"nombre": "Eva", "n": 1}, headers=AGREGAR)
    assert otro.status_code == 422
    assert web.get("/archivos/Eva").status_code == 404


def test_lo_que_nadie_repite_se_olvida_al_dia_siguiente(app, web, morir_tras_escribir, monkeypatch):
    diario, almacen = app.extensions["diario"], app.extensions["almacen"]
    morir_tras_escribir(n=1)
    guardar(web, {}, n=2)
    assert len(anotadas(app)) == 1
    manana = time.time() + 25 * 3600
    monkeypatch.setattr(time, "time", lambda: manana)
    diario.resolver(almacen.en_exclusiva)
    assert anotadas(app) == []


class TestConSuscriptores:
    @pytest.fixture
    def app(self, tmp_path):
        destinos = "clientes=canales@http://127.0.0.1:9"
        app = crear_app(Ajustes(_env_file=None, directorio_datos=tmp_path, destinos_de_eventos=destinos))
        yield app
        app.extensions["bd"].cerrar()

    def publicados(self, app):
        with app.extensions["bd"].lectura() as conexion:
            cuerpos = conexion.execute(sa.select(OUTBOX.c.cuerpo).order_by(OUTBOX.c.id)).scalars()
            return [orjson.loads(cuerpo)["data"].get("documento", {}).get("n") for cuerpo in cuerpos]

    def test_el_evento_se_publica_con_la_respuesta_y_una_sola_vez(self, app, web):
        assert guardar(web, AGREGAR, n=1).status_code == 201
        assert guardar(web, AGREGAR, n=1).headers["Idempotent-Replayed"] == "true"
        assert (self.publicados(app), anotadas(app)) == ([1], [])

    def test_si_murio_sin_contestar_se_publica_antes_que_lo_que_se_escribe_encima(
        self, app, web, morir_tras_escribir
    ):
        morir_tras_escribir(n=1)
        assert self.publicados(app) == []
        guardar(web, {}, n=2)
        guardar(web, AGREGAR, n=1)
        assert (self.publicados(app), anotadas(app)) == ([1, 2], [])

    def test_si_murio_sin_contestar_y_nadie_escribe_encima_se_publica_al_repetir(
        self, app, web, morir_tras_escribir
    ):
        morir_tras_escribir(n=1)
        guardar(web, AGREGAR, n=1)
        assert (self.publicados(app), anotadas(app)) == ([1], [])

    def test_se_borra_con_el_nombre_con_que_se_guardo_aunque_llegue_en_otra_forma_de_unicode(self, app, web):
        guardar(web, {}, nombre="María")
        assert web.delete("/archivos/Mari%CC%81a").status_code == 200
        with app.extensions["bd"].lectura() as conexion:
            claves = conexion.execute(sa.select(OUTBOX.c.clave)).scalars().all()
        assert claves == ["María", "María"]
