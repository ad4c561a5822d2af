import re

import pytest
from hypothesis import given, strategies as st

from chasis.errores import PeticionInvalida
from chasis.paginacion import Pagina, cabeceras


def enlaces(pagina: Pagina, total: int) -> dict[str, int]:
    link = cabeceras("http://x/c", {"q": "ñ&="}, pagina, total)["Link"]
    return {r: int(n) for n, r in re.findall(r"[?&]page=(\d+)&per_page=\d+>; rel=\"(\w+)\"", link)}


def test_los_vecinos_de_una_pagina_intermedia():
    assert enlaces(Pagina(page=3, per_page=10), 45) == {"first": 1, "prev": 2, "next": 4, "last": 5}


def test_los_demas_parametros_se_conservan_codificados():
    assert "?q=%C3%B1%26%3D&page=1" in cabeceras("http://x/c", {"q": "ñ&="}, Pagina(page=1), 1)["Link"]


@given(st.integers(1, 10_000), st.integers(1, 500), st.integers(0, 100_000))
def test_ningun_enlace_lleva_a_una_pagina_que_no_existe(pagina, por_pagina, total):
    ultima = max(1, -(-total // por_pagina))
    vecinos = enlaces(Pagina(page=pagina, per_page=por_pagina), total)
    assert all(1 <= numero <= ultima for numero in vecinos.values())
    assert ("next" in vecinos) == (pagina < ultima)
    assert ("prev" in vecinos) == (pagina > 1)


@pytest.mark.parametrize(
    ("consulta", "texto"),
    [
        ({"page": "0"}, "El campo 'page' debe ser mayor o igual que 1"),
        ({"page": "x"}, "El campo 'page' debe ser un número entero"),
        ({"per_page": "501"}, "El campo 'per_page' debe ser menor o igual que 500"),
        ({"per_page": "-1"}, "El campo 'per_page' debe ser mayor o igual que 1"),
        ({"page": ""}, "El campo 'page' debe ser un número entero"),
    ],
)
def test_un_valor_que_no_vale_es_un_400_que_dice_cual(consulta, texto):
    with pytest.raises(PeticionInvalida) as fallo:
        Pagina.model_validate(consulta)
    assert fallo.value.texto == texto
