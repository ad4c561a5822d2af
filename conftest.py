"""Lo que comparten todas las pruebas del repositorio."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
import structlog

from chasis import contexto
from chasis.bd import BaseDeDatos
from chasis.eventos.tablas import METADATOS as EVENTOS
from chasis.idempotencia import TABLA, Registro
from tests import contenedores, fugas, navegador
from tests.servidor import sirviendo
from tests.vecino import Vecino


@pytest.fixture(autouse=True)
def _sin_restos() -> Iterator[None]:
    """Cada prueba empieza sin petición en curso y con los registros como estaban."""
    contexto.peticion_id.set("")
    contexto.traza.set("")
    yield
    structlog.reset_defaults()


@pytest.fixture
def a_la_vez() -> Callable[[Callable[[int], Any], int], list[Any]]:
    """Ejecuta una función en `n` hilos que arrancan juntos y devuelve los resultados."""

    def ejecutar(funcion: Callable[[int], Any], n: int) -> list[Any]:
        salida = threading.Barrier(n)

        def correr(numero: int) -> Any:
            salida.wait()
            return funcion(numero)

        with ThreadPoolExecutor(n) as hilos:
            return list(hilos.map(correr, range(n)))

    return ejecutar


@pytest.fixture(autouse=True)
def _registros_sin_datos_de_nadie(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Lo que escriba una prueba en los registros no puede llevar nada de lo que pidió, ni nada que se le parezca."""
    lineas, dichos = fugas.escuchar(monkeypatch)
    yield
    if "cumplir_su_openapi" not in request.fixturenames:  # lo inventado al azar puede ser cualquier palabra
        dichos.exigir_ninguna({"registros": "\n".join(lineas)})


@pytest.fixture(params=[motor for motor in contenedores.MOTORES if motor != "mysql"])
def url(request: pytest.FixtureRequest, url_vacia: Callable[[str], str]) -> str:
    """Una base vacía de cada motor en el que corre un servicio corriente."""
    return url_vacia(request.param)


@pytest.fixture
def web(app: Any) -> Any:
    """Cliente de pruebas de la aplicación Flask del servicio."""
    return app.test_client()


@pytest.fixture
def consultas(app: Any) -> Callable[[Callable[[], object]], list[str]]:
    """Las consultas a la base del servicio que hace lo que se le pase."""

    def contar(hacer: Callable[[], object]) -> list[str]:
        hechas: list[str] = []
        motor = app.extensions["bd"].motor

        def apuntar(*datos: Any) -> None:
            hechas.append(datos[2])

        sa.event.listen(motor, "before_cursor_execute", apuntar)
        try:
            hacer()
        finally:
            sa.event.remove(motor, "before_cursor_execute", apuntar)
        return [una for una in hechas if not una.startswith(("BEGIN", "PRAGMA"))]

    return contar


@pytest.fixture
def morir_sin_contestar(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object], float], None]:
    """Hace algo y muere antes de apuntar su respuesta; después ya ha pasado lo que dura la reserva de su clave."""

    def morir(hacer: Callable[[], object], reserva: float) -> None:
        def muerte(*_: object) -> None:
            raise SystemExit

        with monkeypatch.context() as a_medias:
            a_medias.setattr(Registro, "anotar", muerte)
            a_medias.setattr(Registro, "liberar", lambda *_: None)
            with pytest.raises(SystemExit):
                hacer()
        despues = time.time() + reserva + 1
        monkeypatch.setattr("chasis.idempotencia.time.time", lambda: despues)

    return morir


@pytest.fixture
def base_caida(app: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[None]]:
    """Con `with`, la base del servicio no contesta; al salir vuelve a hacerlo."""

    @contextmanager
    def caida() -> Iterator[None]:
        bd = app.extensions["bd"]
        bd.cerrar()

        def no_contesta(*_: object, **__: object) -> None:
            raise bd.motor.dialect.loaded_dbapi.OperationalError("nadie escucha")

        with monkeypatch.context() as averia:
            averia.setattr(bd.motor.dialect, "connect", no_contesta)
            yield

    return caida


@pytest.fixture
def diferencias_con_la_base() -> Callable[..., list[Any]]:
    """En qué no coinciden las tablas del código (y las del chasis) y las que crearon las migraciones."""
    from alembic.autogenerate import compare_metadata  # solo lo pagan las pruebas de esquema
    from alembic.runtime.migration import MigrationContext

    def comparar(bd: BaseDeDatos, *tablas: sa.Table) -> list[Any]:
        todas = sa.MetaData()
        for tabla in (*tablas, TABLA, *EVENTOS.sorted_tables):
            tabla.to_metadata(todas)
        with bd.lectura() as conexion:
            return list(compare_metadata(MigrationContext.configure(conexion), todas))

    return comparar


@pytest.fixture
def vecino() -> Iterator[Vecino]:
    servidor = Vecino()
    with sirviendo(servidor):
        yield servidor


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with navegador.chromium() as abierto:
        yield abierto


@pytest.fixture
def quejas() -> list[str]:
    """Lo que el navegador dijo y no debía, y lo que pidió a otras máquinas; la prueba que espere algo, lo vacía."""
    return []


@pytest.fixture
def cumplir_su_openapi() -> Callable[..., None]:
    """Ataca una aplicación con peticiones generadas de su OpenAPI; los parámetros son los de `Ataque`."""
    from tests.fuzz.ataque import Ataque  # schemathesis tarda medio segundo: solo lo paga quien lo usa

    return lambda app, **opciones: Ataque(app, **opciones).lanzar()


@pytest.fixture(scope="session")
def servidor_postgresql() -> Iterator[str]:
    """Un PostgreSQL para toda la sesión; cada prueba usa su propia base."""
    with contenedores.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def servidor_mysql() -> Iterator[str]:
    """Un MySQL para toda la sesión; cada prueba usa su propia base."""
    with contenedores.mysql() as url:
        yield url


@pytest.fixture(scope="session")
def servidor_pulsar() -> Iterator[tuple[str, str]]:
    with contenedores.pulsar() as broker:
        yield broker


@pytest.fixture
def url_vacia(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Da la URL de una base de datos vacía en el motor que se pida (`sqlite`, `postgresql`, `mysql`)."""

    def crear(motor: str) -> str:
        if motor == "sqlite":
            return f"sqlite+pysqlite:///{tmp_path / 'prueba.sqlite'}"
        servidor = request.getfixturevalue(f"servidor_{motor}")
        return contenedores.base_nueva(servidor, f"p{uuid4().hex[:12]}")

    return crear
