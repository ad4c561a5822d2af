from datetime import date
from typing import Literal

import pytest

from chasis.errores import PeticionInvalida
from chasis.esquemas import Entero, Entrada, Fecha, texto, texto_en_bytes


class Ejemplo(Entrada):
    MENSAJES = (
        ("color", "valor falta tipo", "Color inválido"),
        ("nombre", "falta", "El nombre es obligatorio"),
    )

    nombre: texto(5)
    color: Literal["rojo", "verde"] = "rojo"
    edad: Entero = 1
    alta: Fecha | None = None
    tamano: Literal["s", "m"] = "s"


def fallo(**datos) -> str:
    with pytest.raises(PeticionInvalida) as error:
        Ejemplo.model_validate({"nombre": "Ana", **datos})
    return error.value.texto


def test_el_texto_se_recorta_antes_de_medirlo():
    assert Ejemplo.model_validate({"nombre": "  Ana  "}).nombre == "Ana"


@pytest.mark.parametrize("valor", ["", "   ", "\n\t", None])
def test_ausente_nulo_y_en_blanco_son_lo_mismo(valor):
    assert fallo(nombre=valor) == "El nombre es obligatorio"


def test_gana_la_primera_fila_de_la_tabla_y_no_el_primer_campo():
    assert fallo(nombre="", color="azul") == "Color inválido"


@pytest.mark.parametrize(
    ("datos", "frase"),
    [
        ({"nombre": "demasiado"}, "El campo 'nombre' admite como máximo 5 caracteres"),
        ({"nombre": 7}, "El campo 'nombre' debe ser un texto"),
        ({"edad": "x"}, "El campo 'edad' debe ser un número entero"),
        ({"alta": "2024-02-30"}, "El campo 'alta' debe ser una fecha AAAA-MM-DD"),
        ({"tamano": "xl"}, "El campo 'tamano' debe ser 's' o 'm'"),
    ],
)
def test_lo_que_la_tabla_no_recoge_nombra_el_campo(datos, frase):
    assert fallo(**datos) == frase


@pytest.mark.parametrize("valor", [[], "texto", 3, None])
def test_lo_que_no_es_un_objeto_se_dice(valor):
    with pytest.raises(PeticionInvalida, match="El cuerpo debe ser un objeto JSON válido"):
        Ejemplo.model_validate(valor)


@pytest.mark.parametrize(("valor", "leido"), [(3, 3), ("3", 3), (" 12 ", 12), ("-4", -4), (2**70, 2**70)])
def test_un_entero_tambien_puede_venir_escrito(valor, leido):
    assert Ejemplo.model_validate({"nombre": "Ana", "edad": valor}).edad == leido


@pytest.mark.parametrize("valor", [True, 1.5, 3.0, "abc", "1.5", "1e3", [], {}, "٣"])
def test_no_todo_lo_que_parece_un_entero_lo_es(valor):
    assert "número entero" in fallo(edad=valor)


@pytest.mark.parametrize("valor", ["01/02/2024", "2024-2-1", "1700000000", 1700000000, "2024-02-01T00:00:00"])
def test_una_fecha_es_solo_aaaa_mm_dd(valor):
    assert "fecha" in fallo(alta=valor)


def test_una_fecha_valida_se_lee():
    assert Ejemplo.model_validate({"nombre": "Ana", "alta": "2024-02-29"}).alta == date(2024, 2, 29)


def test_el_texto_en_bytes_llega_en_nfc_y_se_mide_en_utf8():
    class Nombre(Entrada):
        nombre: texto_en_bytes(8)

    assert Nombre.model_validate({"nombre": "Jose\u0301"}).nombre == "José"
    with pytest.raises(PeticionInvalida, match="admite como máximo 8 bytes en UTF-8"):
        Nombre.model_validate({"nombre": "😀😀😀"})
