from collections.abc import Callable, Iterator

import pytest

from tests.pila import Pila


@pytest.fixture(scope="session")
def pila(tmp_path_factory) -> Iterator[Pila]:
    """Una Centralita para todas las pruebas que no la rompen."""
    pila = Pila(tmp_path_factory.mktemp("pila") / "datos").arrancar()
    yield pila
    pila.detener()


@pytest.fixture
def otra_pila(tmp_path) -> Iterator[Callable[..., Pila]]:
    """Una Centralita recién nacida, para quien necesita datos vacíos o va a matar algo."""
    vivas: list[Pila] = []

    def crear(**entorno: str) -> Pila:
        vivas.append(Pila(tmp_path / f"datos-{len(vivas)}", **entorno).arrancar())
        return vivas[-1]

    yield crear
    for pila in vivas:
        pila.detener()
