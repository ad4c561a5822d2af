"""La API hace lo que dice su OpenAPI, con peticiones buenas y malas generadas de él: `ESPACIO_FUZZ` de ellas."""

import os
from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance, unsupported_method

PETICIONES = int(os.environ.get("ESPACIO_FUZZ", "150"))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("opciones", [{"minutos_de_token": 600}])
def test_ninguna_peticion_generada_rompe_nada_ni_se_sale_del_contrato(web, app, piezas, lucia, operador):
    operaciones = [r.ok() for r in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations()]
    por_modo = -(-PETICIONES // (2 * len(operaciones)))
    hechas = 0

    def atacar(casos, quien):
        @given(casos)
        @settings(
            max_examples=por_modo,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def una(caso):
            nonlocal hechas
            hechas += 1
            caso.headers["Authorization"] = f"Bearer {quien.token}"
            if caso.path == "/token/revocar":  # cada uno el suyo: si no, los demás se quedarían sin entrar
                caso.headers["Authorization"] = f"Bearer {piezas.firmante.emitir(quien.usuario)}"
            respuesta = caso.call()
            assert respuesta.status_code < 500, respuesta.text
            # Un valor que cumple el esquema puede no existir (404), no ser suyo (403) o no tocar ahora (409).
            caso.validate_response(
                respuesta, excluded_checks=[positive_data_acceptance, ignored_auth, unsupported_method]
            )

        with suppress(Unsatisfiable):  # una operación sin entradas no admite entradas inválidas
            una()

    for operacion in operaciones:
        for modo, quien in ((GenerationMode.POSITIVE, lucia), (GenerationMode.NEGATIVE, operador)):
            atacar(operacion.as_strategy(generation_mode=modo), quien)
    print(f"{hechas} peticiones")
    assert hechas >= PETICIONES / 2
