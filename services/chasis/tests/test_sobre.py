"""El sobre de un evento: lo que se escribe se lee igual, y lo que no es un sobre se rechaza con su error."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from hypothesis import given, strategies as st
from pydantic import ValidationError

from chasis.eventos import sobre
from chasis.eventos.sobre import Evento

TEXTOS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTOS,
    lambda hijos: st.lists(hijos, max_size=3) | st.dictionaries(TEXTOS, hijos, max_size=3),
    max_leaves=10,
)


@dataclass(frozen=True)
class Suceso:
    clave: str
    detalle: Any


@given(TEXTOS, JSON, st.integers(0, 2**53))
def test_lo_escrito_se_lee_igual(clave, detalle, secuencia):
    identificador, cuerpo = sobre.escribir("fuente", "tema", Suceso(clave, detalle), clave, secuencia)
    leido = Evento.model_validate_json(cuerpo)
    assert (leido.id, leido.tipo, leido.clave, leido.secuencia) == (identificador, "Suceso", clave, secuencia)
    assert leido.datos == {"clave": clave, "detalle": detalle}


@given(st.sampled_from(sorted(Evento.model_json_schema()["properties"])), JSON)
def test_un_sobre_estropeado_sigue_siendo_un_sobre_o_se_rechaza(campo, valor):
    _, cuerpo = sobre.escribir("fuente", "tema", Suceso("1", None), "1", 1)
    with suppress(ValidationError):
        Evento.model_validate_json(orjson.dumps({**orjson.loads(cuerpo), campo: valor}))


@given(st.binary(max_size=100) | JSON.map(orjson.dumps))
def test_lo_que_no_es_un_sobre_se_rechaza(cuerpo):
    with suppress(ValidationError):
        Evento.model_validate_json(cuerpo)
