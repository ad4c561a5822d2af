"""La API hace lo que dice su OpenAPI, con peticiones buenas y malas generadas de él."""

import pytest
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    positive_data_acceptance,
    unsupported_method,
)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("opciones", [{"minutos_de_token": 600}])
def test_hace_lo_que_dice_su_openapi(app, piezas, lucia, operador, cumplir_su_openapi):
    def ser_alguien(caso):
        """Lo válido lo pide Lucía, y la mitad de las veces para sí misma; lo inválido, un operador."""
        valido = caso.meta.generation.mode is GenerationMode.POSITIVE
        quien = lucia if valido else operador
        # Cada uno revoca el suyo: si no, los demás se quedarían sin entrar.
        token = piezas.firmante.emitir(quien.usuario) if caso.path == "/token/revocar" else quien.token
        caso.headers["Authorization"] = f"Bearer {token}"
        suyo = {"usuario": lucia.usuario, "user": lucia.usuario, "documento": "30111222", "moneda": 1}
        if valido and piezas.firmante.emitir("x")[-1] < "a":
            caso.query |= {nombre: valor for nombre, valor in suyo.items() if nombre in caso.query}

    # Un valor que cumple el esquema puede no existir (404), no ser suyo (403) o no tocar ahora (409).
    no_se_mira = (positive_data_acceptance, ignored_auth, unsupported_method)
    cumplir_su_openapi(app, preparar=ser_alguien, salvo=no_se_mira, ejemplos=6)
