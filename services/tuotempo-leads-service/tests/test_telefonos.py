import pytest

from tuotempo_leads.dominio.telefonos import normalizar


@pytest.mark.parametrize(
    "recibido",
    [
        "600123456",
        600123456,
        600123456.0,
        "600123456.0",
        "6.00123456E8",
        "6,00123456e+08",
        " 600 123 456 ",
        "600-123-456",
        "600.123.456",
        "(600) 12 34 56",
        "+34 600 123 456",
        "+34600123456",
        "34600123456",
        "0034600123456",
        "'600123456",
    ],
)
def test_b_un_telefono_es_el_mismo_se_escriba_como_se_escriba(recibido):
    assert normalizar(recibido) == "600123456"


@pytest.mark.parametrize("recibido", ["", None, "abc", "12345678", 12345678, True, " - ", "6e5"])
def test_b_lo_que_no_llega_a_nueve_cifras_no_es_un_telefono(recibido):
    assert normalizar(recibido) == ""


def test_b_el_punto_cero_de_una_hoja_de_calculo_no_anade_una_cifra():
    assert normalizar("712345678.0") == normalizar(712345678.0) == "712345678"
