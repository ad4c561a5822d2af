from collections.abc import Callable, Iterator

import pytest
import requests

from tests.fugas import Fugas
from tests.pila import RAIZ, Pila
from tests.readmes import SERVICIOS


@pytest.fixture(scope="session", autouse=True)
def fugas() -> Iterator[Fugas]:
    """Lo que las pruebas y los README dicen de las personas: no puede acabar en ningún registro."""
    fugas, pedir = Fugas(), requests.Session.request
    for carpeta in SERVICIOS:
        fugas.apuntar_readme(RAIZ / carpeta / "README.md")

    def apuntando(sesion, method, url, **opciones):
        fugas.apuntar([opciones.get(clave) for clave in ("json", "data", "params")])
        return pedir(sesion, method, url, **opciones)

    requests.Session.request = apuntando
    yield fugas
    requests.Session.request = pedir


@pytest.fixture(scope="session")
def pila(tmp_path_factory, fugas) -> Iterator[Pila]:
    """Una Centralita para todas las pruebas que no la rompen."""
    pila = Pila(tmp_path_factory.mktemp("pila") / "datos").arrancar()
    yield pila
    _detener(pila, fugas)


@pytest.fixture
def otra_pila(tmp_path, fugas) -> Iterator[Callable[..., Pila]]:
    """Una Centralita recién nacida, para quien necesita datos vacíos o va a matar algo."""
    vivas: list[Pila] = []

    def crear(**entorno: str) -> Pila:
        vivas.append(Pila(tmp_path / f"datos-{len(vivas)}", **entorno).arrancar())
        return vivas[-1]

    yield crear
    for pila in vivas:
        _detener(pila, fugas)


def _detener(pila: Pila, fugas: Fugas) -> None:
    pila.detener()
    fugas.apuntar_entorno(pila.propio)
    fugas.exigir_ninguna(pila.registros())
