"""Un GitHub de mentira: contesta lo que la API de verdad y recuerda lo que se le pide."""

import json
import os
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.pila import RAIZ
from tests.vecino import contestar


class GitHub:
    """`ficheros` y `comentarios` son los del PR o la incidencia 7; `solo_lectura` es un PR de otro repositorio."""

    def __init__(self, vecino, carpeta):
        self.vecino, self.carpeta = vecino, carpeta
        self.ficheros, self.comentarios, self.solo_lectura = [], [], False
        vecino.responder = self._responder

    def _responder(self, manejador):
        url = urlsplit(manejador.path)
        if manejador.headers["Authorization"] != "Bearer de-prueba":
            contestar(manejador, 401, b'{"message": "Bad credentials"}')
        elif manejador.command != "GET":
            contestar(manejador, *((403, b"{}") if self.solo_lectura else (200, b"{}")))
        else:
            lista = self.ficheros if url.path.endswith("/files") else self.comentarios
            consulta = {clave: int(valor[0]) for clave, valor in parse_qs(url.query).items()}
            desde = (consulta["page"] - 1) * consulta["per_page"]
            contestar(manejador, 200, json.dumps(lista[desde : desde + consulta["per_page"]]).encode())

    @property
    def escrito(self):
        """Lo que se ha escrito en el repositorio: (método, ruta, cuerpo)."""
        return [
            (metodo, ruta.removeprefix("/repos/ejemplo/centralita"), json.loads(cuerpo))
            for metodo, ruta, _, cuerpo in self.vecino.recibidas
            if metodo != "GET"
        ]

    def make(self, orden, suceso, **entorno):
        """Ejecuta `make <orden>` como en GitHub, con ese suceso."""
        (self.carpeta / "suceso.json").write_text(json.dumps(suceso), "utf-8")
        propio = {
            "MAKEFLAGS": "",
            "GITHUB_API_URL": self.vecino.url,
            "GITHUB_REPOSITORY": "ejemplo/centralita",
            "GITHUB_TOKEN": "de-prueba",
            "GITHUB_EVENT_PATH": str(self.carpeta / "suceso.json"),
            "GITHUB_STEP_SUMMARY": str(self.carpeta / "resumen.md"),
        }
        return subprocess.run(
            ["make", "-s", orden],
            cwd=RAIZ,
            env={**os.environ, **propio, **entorno},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def en_github(vecino, tmp_path):
    return GitHub(vecino, tmp_path)
