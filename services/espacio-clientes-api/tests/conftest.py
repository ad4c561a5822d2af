import os
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from chasis.eventos import tablas as tablas_de_eventos
from chasis.idempotencia import TABLA as IDEMPOTENCIA
from espacio_clientes.aplicacion.acceso import ARGON2
from espacio_clientes.aplicacion.verificacion import verificar
from espacio_clientes.arranque import crear_app, reunir
from espacio_clientes.config.settings import Ajustes
from espacio_clientes.infraestructura import altas
from espacio_clientes.infraestructura.procesadores import ProcesadorInterno
from espacio_clientes.infraestructura.tablas import libro, metadatos
from espacio_clientes.puertos import SinRespuesta

from .oracle import Vigilante

CLAVE = "una-clave-de-prueba"
HASH = ARGON2.hash(CLAVE)  # calcularlo cuesta 25 ms: una vez para todas las pruebas
ORACLE = os.environ.get("ESPACIO_TEST_ORACLE_DSN", "")  # usuario/clave@servidor:puerto/servicio


def ajustes_de(carpeta, **otros) -> Ajustes:
    propios = {"directorio_datos": carpeta, "formato_registros": "json", "secreto": "s" * 40, **otros}
    if ORACLE:
        credenciales, _, destino = ORACLE.partition("@")
        propios["bd_usuario"], _, propios["bd_clave"] = credenciales.partition("/")
        servidor, _, propios["bd_servicio"] = destino.partition("/")
        propios["bd_anfitrion"], _, puerto = servidor.partition(":")
        propios["bd_puerto"] = int(puerto or 1521)
    return Ajustes(_env_file=None, **propios)


def vaciar(bd) -> None:
    """En Oracle todas las pruebas comparten esquema: cada una lo encuentra vacío."""
    tablas = [*reversed(metadatos.sorted_tables), IDEMPOTENCIA, *tablas_de_eventos.METADATOS.sorted_tables]
    with bd.escritura() as conexion:
        for tabla in tablas:
            conexion.execute(
                sa.delete(tabla) if tabla is not libro else sa.update(libro).values(asientos=0, recibos=0)
            )


class ProcesadorDeMentira(ProcesadorInterno):
    """Quien cobra, con memoria: cuenta los cobros por clave y hace lo que diga `veredicto`."""

    def __init__(self) -> None:
        self.cobros: dict[str, int] = {}
        self.devueltos: list[str] = []
        self.veredicto = "aprobado"
        self.calla = False
        self.mientras_cobra = lambda: None
        self._turno = threading.Lock()

    def cobrar(self, cobro):
        self.mientras_cobra()
        with self._turno:
            self.cobros[cobro.clave] = self.cobros.get(cobro.clave, 0) + 1
        if self.calla:
            raise SinRespuesta
        return self.veredicto

    def resolver(self, clave):
        if self.calla:
            raise SinRespuesta
        return self.veredicto if clave in self.cobros else "rechazado"

    def devolver(self, clave):
        if self.calla:
            raise SinRespuesta
        self.devueltos.append(clave)


@pytest.fixture
def procesador(monkeypatch) -> ProcesadorDeMentira:
    suyo = ProcesadorDeMentira()
    monkeypatch.setattr("espacio_clientes.arranque.procesador_de", lambda _: suyo)
    return suyo


@pytest.fixture
def opciones() -> dict[str, object]:
    """Ajustes propios de una prueba; se cambia con `parametrize`."""
    return {}


@pytest.fixture(scope="session")
def base_migrada(tmp_path_factory):
    """Una base SQLite con las tablas ya creadas: copiarla es más rápido que migrar en cada prueba."""
    carpeta = tmp_path_factory.mktemp("base")
    reunir(ajustes_de(carpeta)).bd.cerrar()
    return carpeta / "espacio.sqlite"


@pytest.fixture
def app(tmp_path, procesador, opciones, base_migrada):
    if not ORACLE:
        shutil.copy(base_migrada, tmp_path / "espacio.sqlite")
    app = crear_app(ajustes_de(tmp_path, **opciones))
    bd = app.state.piezas.bd
    if ORACLE:
        vaciar(bd)
    Vigilante().escuchar(bd.motor)
    sembrar(bd)
    app.state.libro_roto = False
    yield app
    with (
        bd.lectura() as conexion
    ):  # acabe como acabe una prueba, todo lo guardado se deduce de los movimientos
        assert (verificar(conexion).fallos == []) != app.state.libro_roto
    bd.cerrar()


@pytest.fixture
def piezas(app):
    return app.state.piezas


@pytest.fixture
def web(app) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as cliente:
        yield cliente


def deuda(codigo, documento="30111222", moneda=1, maximo="100.00", total="75.50", vence=date(2025, 8, 1)):
    return {
        "documento": documento, "moneda": moneda, "codmovimiento": codigo, "descripcion": "Cuota de Préstamo",
        "impo_maxi": Decimal(maximo), "impo_tota": Decimal(total), "fech_venc": vence,
        "observacion": "Pago mensual", "seq_di": 1,
    }  # fmt: skip


def sembrar(bd) -> None:
    with bd.escritura() as conexion:
        altas.alta_de_cliente(conexion, "30111222", "Lucía Ferrer")
        altas.alta_de_cliente(conexion, "30333444", "Mateo Ibáñez")
        altas.alta_de_cliente(conexion, "30555666", "Noa Sin Deudas")
        altas.alta_de_usuario(conexion, "cliente", HASH, "cliente", "30111222")
        altas.alta_de_usuario(conexion, "cliente2", HASH, "cliente", "30333444")
        altas.alta_de_usuario(conexion, "operador", HASH, "operador", None)
        altas.alta_de_deudas(
            conexion,
            [
                deuda("124", vence=date(2025, 9, 1)),
                deuda("123"),
                deuda("401", moneda=2),
                deuda("501", documento="30333444"),
            ],
        )


class Usuario:
    """Alguien que ya entró: llama a la API con su token."""

    def __init__(self, web, piezas, usuario: str) -> None:
        self.web, self.usuario, self.token = web, usuario, piezas.firmante.emitir(usuario)

    def pedir(self, metodo, ruta, consulta=None, **cabeceras):
        todas = {"Authorization": f"Bearer {self.token}", **cabeceras}
        return self.web.request(metodo, ruta, params=consulta, headers=todas)

    def deudas(self, documento="30111222", moneda=1):
        return self.pedir("GET", "/consulta/deuda-cliente/", {"documento": documento, "moneda": moneda})

    def sesion(self, documento="30111222", moneda=1) -> int:
        return self.deudas(documento, moneda).json()["idsession"]

    def agregar(self, idsession, codmovimiento="123", indicador="S", usuario=None, **cabeceras):
        consulta = {
            "idsession": idsession, "indicador": indicador, "codmovimiento": codmovimiento,
            "usuario": usuario or self.usuario,
        }  # fmt: skip
        return self.pedir("POST", "/carrito/agregar", consulta, **cabeceras)

    def pagar(self, idsession, codigo="PAGO-0001", **cabeceras):
        consulta = {"session": idsession, "user": self.usuario, "cod_transaccion": codigo}
        return self.pedir("POST", "/pago", consulta, **cabeceras)

    def anular(self, codigo="PAGO-0001", **cabeceras):
        return self.pedir("POST", "/anulacion", {"cod_transaccion": codigo}, **cabeceras)

    def carrito_con(self, *codigos) -> int:
        idsession = self.sesion()
        for codigo in codigos:
            assert self.agregar(idsession, codigo).status_code == 200
        return idsession


@pytest.fixture
def lucia(web, piezas) -> Usuario:
    return Usuario(web, piezas, "cliente")


@pytest.fixture
def mateo(web, piezas) -> Usuario:
    return Usuario(web, piezas, "cliente2")


@pytest.fixture
def operador(web, piezas) -> Usuario:
    return Usuario(web, piezas, "operador")
