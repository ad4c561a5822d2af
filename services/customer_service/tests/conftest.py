import hashlib
import json
import threading
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from customer_service.arranque import crear_app
from customer_service.config import Ajustes
from tests.vecino import contestar


class AlmacenFingido:
    """storage_service en memoria: versiones, precondiciones y claves de idempotencia, como el de verdad."""

    def __init__(self) -> None:
        self.documentos: dict[str, bytes] = {}
        self.claves: dict[str, bytes] = {}
        self.fallar_con: int | None = None
        self.tras_guardar = lambda: None
        self._turno = threading.Lock()

    def __call__(self, m) -> None:
        if self.fallar_con:
            contestar(m, self.fallar_con, b"{}")
            return
        partes = urlsplit(m.path)
        nombre = unquote(partes.path.removeprefix("/archivos").removeprefix("/"))
        if m.command == "POST":
            self._guardar(m, m.server.recibidas[-1][3])
        elif partes.path == "/archivos":
            q = parse_qs(partes.query).get("q", [""])[0].casefold()
            contestar(m, 200, json.dumps(sorted(n for n in self.documentos if q in n.casefold())).encode())
        elif partes.path.startswith("/archivos/") and nombre in self.documentos:
            contestar(m, 200, self.documentos[nombre], ETag=self.version(nombre))
        else:
            contestar(m, 200 if partes.path == "/health/live" else 404, b'{"error": "Cliente no encontrado"}')

    def version(self, nombre: str) -> str | None:
        contenido = self.documentos.get(nombre)
        return contenido and '"' + hashlib.sha256(contenido).hexdigest() + '"'

    def _guardar(self, m, cuerpo: bytes) -> None:
        nombre, clave = json.loads(cuerpo)["nombre"], m.headers.get("Idempotency-Key")
        with self._turno:
            if clave and clave in self.claves:
                contestar(m, 201 if self.claves[clave] == cuerpo else 422, b"{}")
                return
            actual = self.version(nombre)
            if (m.headers.get("If-None-Match") and actual) or m.headers.get("If-Match", actual) != actual:
                contestar(m, 412, b"{}")
                return
            self.documentos[nombre] = cuerpo
            if clave:
                self.claves[clave] = cuerpo
        self.tras_guardar()
        contestar(m, 201, b"{}")


@pytest.fixture
def almacen(vecino) -> AlmacenFingido:
    vecino.responder = AlmacenFingido()
    return vecino.responder


@pytest.fixture
def app(url, tmp_path, vecino, almacen):
    app = crear_app(
        Ajustes(
            _env_file=None,
            base_de_datos=url,
            directorio_datos=tmp_path,
            url_del_almacen=vecino.url,
            formato_registros="json",
        )
    )
    yield app
    app.extensions["bd"].cerrar()
