import pytest
from hypothesis import given, strategies as st

from chasis import json_estricto
from chasis.errores import PeticionInvalida


@pytest.mark.parametrize(
    "cuerpo",
    [
        b"",
        b"{",
        b"NaN",
        b'{"a": Infinity}',
        b"1e400",
        b'"\\ud800"',
        b"\xff\xfe",
        b'{"a": "x\\u0000y"}',
        b'{"x\\u0000": 1}',
        b"18446744073709551616",
        b'{"n": -9223372036854775809}',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
    ],
    ids=lambda cuerpo: repr(cuerpo[:24]),
)
def test_rechaza_lo_que_romperia_mas_adelante(cuerpo):
    with pytest.raises(PeticionInvalida):
        json_estricto.leer(cuerpo)


@pytest.mark.parametrize(
    ("cuerpo", "valor"),
    [
        (b'{"nombre": "Jos\xc3\xa9 \xf0\x9f\x98\x80"}', {"nombre": "José 😀"}),
        (b'"escrito tal cual: \\\\u0000"', "escrito tal cual: \\u0000"),
        (b"9223372036854775807", 9223372036854775807),
        (b'{"tarjeta": "4111111111111111111"}', {"tarjeta": "4111111111111111111"}),
        (b"[" * 60 + b"]" * 60, None),
        (b"[" + b"{}," * 200 + b"{}]", [{}] * 201),
    ],
    ids=repr,
)
def test_acepta_lo_que_es_json_corriente(cuerpo, valor):
    leido = json_estricto.leer(cuerpo)
    assert valor is None or leido == valor


@given(st.binary(max_size=200))
def test_cualquier_secuencia_de_bytes_da_un_valor_o_un_400(datos):
    try:
        json_estricto.leer(datos)
    except PeticionInvalida as error:
        assert error.estado == 400
