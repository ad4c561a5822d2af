"""Una configuración que no vale se dice en español, con el nombre de su variable, y sin enseñar secretos."""

import pytest
from pydantic import Field

from chasis.config import AjustesBase, UrlDeBase
from chasis.eventos.firma import Firma


class Ajustes(AjustesBase):
    puerto: int = Field(8000, alias="PORT")
    plazo: float = Field(1.0, alias="PLAZO", gt=0)
    activa: bool = Field(default=True, alias="ACTIVA")
    maximo: int = Field(1, alias="MAXIMO", ge=1, le=9)
    lista: list[str] = Field([], alias="LISTA")
    base_de_datos: UrlDeBase = Field("", alias="BASE_URL")


def queja(monkeypatch, variable, valor):
    monkeypatch.setenv(variable, valor)
    with pytest.raises(SystemExit) as fin:
        Ajustes.cargar()
    return str(fin.value)


@pytest.mark.parametrize(
    ("variable", "valor", "frase"),
    [
        ("PORT", "cinco mil", "debe ser un número entero"),
        ("PLAZO", "poco", "debe ser un número"),
        ("PLAZO", "0", "debe ser mayor que 0.0"),
        ("MAXIMO", "0", "debe ser mayor o igual que 1"),
        ("MAXIMO", "10", "debe ser menor o igual que 9"),
        ("ACTIVA", "quizá", "debe ser verdadero o falso"),
        ("ENVIRONMENT", "prod", "debe ser 'development' o 'production'"),
        ("LISTA", "a,b", "debe ser una lista en JSON"),
        ("PROXIES_CONFIABLES", "10.0.0.0/8, gateway", "«gateway» no tiene la forma 10.0.0.0/8"),
        ("EVENTOS_DESTINOS", "clientes", "«clientes» no tiene la forma tema=servicio@http://dirección"),
        ("BASE_URL", "base", "no es una URL de SQLAlchemy, como postgresql+psycopg://…"),
        ("BASE_URL", "postgresq://u:c@h/b", "no es una URL de SQLAlchemy, como postgresql+psycopg://…"),
    ],
)
def test_lo_que_no_vale_se_dice_en_espanol_y_con_su_variable(monkeypatch, variable, valor, frase):
    assert queja(monkeypatch, variable, valor) == f"Configuración no válida:\n  {variable}: {frase}"


def test_si_no_valen_varias_se_dicen_todas(monkeypatch):
    monkeypatch.setenv("PORT", "x")
    assert queja(monkeypatch, "ACTIVA", "x").count("\n") == 2


@pytest.mark.parametrize("destinos", ["", "a=b@http://h:1", "a=b@http://h:1/, c=d@https://h"])
def test_los_destinos_se_leen_con_o_sin_espacios(monkeypatch, destinos):
    monkeypatch.setenv("EVENTOS_DESTINOS", destinos)
    leidos = Ajustes.cargar().suscriptores
    assert leidos.get("a", {}).get("b") == ("http://h:1" if destinos else None)


def test_sin_clave_no_se_firma_y_se_dice_cual_falta():
    with pytest.raises(RuntimeError, match="EVENTOS_CLAVE"):
        Firma("").cabeceras("id", b"")
