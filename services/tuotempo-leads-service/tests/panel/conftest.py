"""El panel visto por quien entra en él."""

import io
import re

import pytest

from tuotempo_leads.aplicacion import usuarios

CSV = b"TELEFONO;NOMBRE;COLOR\n600000001;Ana;rojo\n600000002;Luis;azul\nabc;Eva;verde\n"
CLAVE_DEL_PANEL = "una contraseña larga"


class Panel:
    """Un navegador sin JavaScript: entra, pide páginas y envía formularios con su testigo."""

    def __init__(self, app):
        self.web = app.test_client()
        self.app = app

    def testigo(self, ruta="/login"):
        texto = self.web.get(ruta, follow_redirects=True).text
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', texto)[1]

    def entrar(self, usuario, clave=CLAVE_DEL_PANEL, **mas):
        datos = {"username": usuario, "password": clave, "csrf_token": self.testigo(), **mas}
        return self.web.post("/login", data=datos)

    def ver(self, ruta, **opciones):
        return self.web.get(ruta, **opciones)

    def enviar(self, ruta, desde="/cuenta", **datos):
        return self.web.post(ruta, data={"csrf_token": self.testigo(desde), **datos})


@pytest.fixture
def anonimo(app):
    return Panel(app)


@pytest.fixture
def usuario(app):
    """Da de alta un usuario del panel y da su id."""

    def crear(nombre, rol="agente", clave=CLAVE_DEL_PANEL):
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
def jefa(panel):
    return panel("supervisor", "jefa")


@pytest.fixture
def subir(jefa):
    def hacer(contenido=CSV, nombre="leads.csv", **mas):
        datos = {"action": "subir_archivo", "archivo": (io.BytesIO(contenido), nombre), **mas}
        return jefa.enviar("/recargar-datos", **datos)

    return hacer
