import shutil
from collections.abc import Callable
from datetime import datetime
from itertools import count

import pytest
import requests
import sqlalchemy as sa
from argon2 import PasswordHasher
from werkzeug.serving import make_server

from tests.contenedores import MOTORES, base_nueva, tablas_de, vaciar
from tests.panel_de_leads import CLAVE, Panel
from tests.servidor import sirviendo
from tuotempo_leads.aplicacion import contrasenas, usuarios
from tuotempo_leads.arranque import crear_app, montar_eventos
from tuotempo_leads.config import Ajustes
from tuotempo_leads.dominio.telefonos import normalizar
from tuotempo_leads.infraestructura import palabras
from tuotempo_leads.infraestructura.tablas import leads
from tuotempo_simulado.arranque import crear_app as crear_simulador
from tuotempo_simulado.config import Ajustes as AjustesDelSimulador

BASES = tuple(motor for motor in MOTORES if motor != "postgresql")


@pytest.fixture(params=BASES)
def url_de_la_base(request) -> str:
    """Vacía para SQLite; si no, la base de un MySQL de verdad, migrada y sin filas."""
    return "" if request.param == "sqlite" else request.getfixturevalue("base_de_mysql")()


@pytest.fixture(scope="session")
def base_de_mysql(servidor_mysql, tmp_path_factory) -> Callable[[], str]:
    """La misma para todas: vaciarla cuesta diez veces menos que migrar otra. Si le falta una tabla, otra nueva."""
    url, tablas, cuantas = "", set[str](), count()

    def dar() -> str:
        nonlocal url, tablas
        if url and tablas_de(url) == tablas:
            vaciar(url, tablas - {"alembic_version"})
            return url
        url = base_nueva(servidor_mysql, f"leads_{next(cuantas)}")
        datos = tmp_path_factory.mktemp("mysql")
        montar_eventos(Ajustes(_env_file=None, directorio_datos=datos, base_de_datos=url)).bd.cerrar()
        tablas = tablas_de(url)
        return url

    return dar


@pytest.fixture(scope="session")
def base_migrada(tmp_path_factory):
    """Un fichero de SQLite recién migrado: copiarlo cuesta menos que aplicar las migraciones en cada prueba."""
    carpeta = tmp_path_factory.mktemp("plantilla")
    montar_eventos(Ajustes(_env_file=None, directorio_datos=carpeta)).bd.cerrar()
    return carpeta / "leads.sqlite"


@pytest.fixture(scope="session", autouse=True)
def _contrasenas_baratas():
    """Cifrar como en producción cuesta 20 ms por contraseña; que se cifra así lo mira una sola prueba."""
    parche = pytest.MonkeyPatch()
    parche.setattr(contrasenas, "_ARGON2", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    parche.undo()


@pytest.fixture
def ajustes(tmp_path, url_de_la_base, base_migrada):
    if not url_de_la_base:
        shutil.copy(base_migrada, tmp_path)
    return Ajustes(
        _env_file=None,
        directorio_datos=tmp_path,
        base_de_datos=url_de_la_base,
        formato_registros="json",
        tuotempo_url="http://127.0.0.1:9",  # nadie escucha ahí: quien necesite a TuoTempo pide `simulador`
        tuotempo_plazo=2.0,
    )


class Simulador:
    """tuotempo-simulado de verdad, en un puerto libre."""

    def __init__(self, app, url):
        self.app, self.url = app, url

    def fallar(self, fallo, ruta="*", **mas):
        cuerpo = {"fallo": fallo, "ruta": ruta, **mas}
        requests.post(f"{self.url}/_control/fallos", json=cuerpo, timeout=5).raise_for_status()

    def arreglar(self):
        requests.delete(f"{self.url}/_control/fallos", timeout=5)

    def reservas(self):
        return self.app.extensions["agenda"].resumen()["reservas"]


@pytest.fixture
def simulador(tmp_path):
    app = crear_simulador(
        AjustesDelSimulador(_env_file=None, directorio_datos=tmp_path, formato_registros="json")
    )
    with sirviendo(make_server("127.0.0.1", 0, app, threaded=True)) as url:
        uno = Simulador(app, url)
        yield uno
        uno.arreglar()


@pytest.fixture
def con_tuotempo(otra_app, simulador):
    """Aplicación que habla con el simulador."""
    return otra_app(tuotempo_url=simulador.url)


@pytest.fixture
def otra_app(ajustes):
    """Da aplicaciones sobre la misma base con la configuración que se pida, y las cierra al final."""
    creadas = []

    def crear(**cambios):
        creadas.append(crear_app(ajustes.model_copy(update=cambios)))
        return creadas[-1]

    yield crear
    for creada in creadas:
        creada.extensions["bd"].cerrar()


@pytest.fixture
def app(otra_app):
    return otra_app()


@pytest.fixture
def alta(app):
    """Guarda un contacto como lo haría la importación y da su id."""

    def guardar(**columnas):
        telefonos = {f"{c}_norm": normalizar(columnas.get(c)) for c in ("telefono", "telefono2")}
        momento = datetime(2026, 1, 1)
        valores = {**columnas, **telefonos, "created_at": momento, "updated_at": momento}
        with app.extensions["bd"].escritura() as conexion:
            nuevo = conexion.execute(sa.insert(leads).values(valores)).inserted_primary_key[0]
            palabras.reapuntar(conexion, [nuevo])
            return nuevo

    return guardar


@pytest.fixture
def anonimo(app):
    return Panel(app)


@pytest.fixture
def usuario(app):
    """Da de alta un usuario del panel y da su id."""

    def crear(nombre, rol="agente", clave=CLAVE):
        with app.extensions["bd"].escritura() as conexion:
            return usuarios.crear(conexion, nombre, clave, rol)

    return crear


@pytest.fixture
def panel(app, usuario):
    """El panel visto por un usuario recién creado con el rol que se pida."""

    def entrar_como(rol="supervisor", nombre=None):
        nombre = nombre or f"{rol}-de-prueba"
        usuario(nombre, rol)
        uno = Panel(app)
        assert uno.entrar(nombre).status_code == 302
        uno.ver("/cuenta")  # se lleva el saludo de bienvenida
        return uno

    return entrar_como


@pytest.fixture
def filas(app):
    """Las filas de una tabla que tienen esos valores, por orden de alta."""

    def leer(tabla, **valores):
        consulta = sa.select(tabla).where(*(tabla.c[c] == v for c, v in valores.items()))
        with app.extensions["bd"].lectura() as conexion:
            return conexion.execute(consulta.order_by(*tabla.primary_key)).all()

    return leer


@pytest.fixture
def pasos_de(app):
    """Los pasos con que SQLite haría una consulta: los que empiezan por SCAN recorren una tabla entera."""
    bd = app.extensions["bd"]
    if not bd.es_sqlite:
        pytest.skip("el plan se lee con EXPLAIN QUERY PLAN de SQLite")

    def leer(consulta):
        with bd.lectura() as conexion:
            plan = conexion.exec_driver_sql(f"EXPLAIN QUERY PLAN {consulta}", ("1",) * consulta.count("?"))
            return [paso[-1] for paso in plan]

    return leer


@pytest.fixture
def fila(filas):
    def leer(tabla, **valores):
        (unica,) = filas(tabla, **valores)
        return unica

    return leer
