"""Peticiones generadas del OpenAPI de un servicio: ninguna debe dar un 5xx ni una respuesta fuera de su contrato.

Primero operación por operación, con datos válidos e inválidos; después encadenadas por los `links` del documento
(crear, leer lo creado, cambiarlo, borrarlo…). `FUZZ_PETICIONES` dice cuántas, y entonces son distintas cada vez;
sin ella son pocas y siempre las mismas.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import FlakyStrategyDefinition, Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.errors import NoLinksFound
from schemathesis.specs.openapi.checks import ensure_resource_availability, positive_data_acceptance

PETICIONES = int(os.environ.get("FUZZ_PETICIONES") or 0)
PASOS = 12  # los que tiene como mucho una cadena

_SEGUN_LO_ANTERIOR = (positive_data_acceptance, ensure_resource_availability)
LO_QUE_NINGUN_ESQUEMA_DICE = (
    "El carácter NUL",
    "caber en 64 bits",
    "como máximo 64 niveles",
    "bytes en UTF-8",
    "ya se usó con otra",
)


@dataclass
class Ataque:
    """`reglas_propias` son las operaciones que pueden rechazar algo que su esquema admite (un id que no existe…).

    `preparar` corre antes de cada petición, para ponerle lo que el documento no dice (un token).
    """

    app: Any
    reglas_propias: tuple[str, ...] = ()
    fallan_adrede: tuple[str, ...] = ()
    salvo: tuple[Any, ...] = ()
    preparar: Callable[[Case], None] = lambda _: None
    ejemplos: int = 30
    hechas: int = 0
    fallos: list[str] = field(default_factory=list)
    esquema: Any = field(init=False)

    def __post_init__(self) -> None:
        abrir = schemathesis.openapi.from_asgi if _es_asgi(self.app) else schemathesis.openapi.from_wsgi
        self.esquema = abrir("/openapi.json", self.app)

    def lanzar(self) -> None:
        """Las dos rondas; con `FUZZ_PETICIONES`, las encadenadas siguen hasta llegar a ellas."""
        operaciones = [resultado.ok() for resultado in self.esquema.get_all_operations()]
        por_modo = -(-PETICIONES // (4 * len(operaciones))) or self.ejemplos
        for operacion in operaciones:
            for modo in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                self._una_a_una(operacion.as_strategy(generation_mode=modo), por_modo)
        sueltas = self.hechas
        with suppress(NoLinksFound):
            while self.hechas == sueltas or self.hechas < PETICIONES:
                self._encadenadas(max(self.ejemplos // 3, PETICIONES // (4 * PASOS)))
        assert not self.fallos, self.fallos
        print(f"{self.hechas} peticiones, {self.hechas - sueltas} de ellas encadenadas")

    def _una_a_una(self, casos: Any, cuantas: int) -> None:
        @given(casos)
        @settings(_ajustes(cuantas))
        def una(caso: Case) -> None:
            self._antes(caso)
            self._comprobar(caso, caso.call())

        with suppress(Unsatisfiable):  # una operación sin entradas no admite entradas inválidas
            una()

    def _encadenadas(self, cuantas: int) -> None:
        ataque = self

        class Cadena(self.esquema.as_state_machine()):  # type: ignore[misc]
            def before_call(self, caso: Case) -> None:
                ataque._antes(caso)

            def validate_response(self, respuesta: Any, caso: Case, *_: Any, **__: Any) -> None:
                # Lo que hizo un paso anterior puede impedir este: que se rechace no dice nada del esquema.
                ataque._comprobar(caso, respuesta, *_SEGUN_LO_ANTERIOR, recorder=self.recorder)

        # Los datos se quedan de una cadena a otra e Hypothesis nota que no todas se pueden repetir; los fallos,
        # en cambio, quedan en `fallos` aunque no vuelvan a darse.
        with suppress(FlakyStrategyDefinition):
            Cadena.run(settings=settings(_ajustes(cuantas), stateful_step_count=PASOS))

    def _antes(self, caso: Case) -> None:
        self.hechas += 1
        self.preparar(caso)

    def _comprobar(self, caso: Case, respuesta: Any, *salvo: Any, **opciones: Any) -> None:
        texto = respuesta.content.decode("utf-8", "replace")  # una descarga no es texto
        salvo += self.salvo
        if caso.operation.label in self.reglas_propias or any(f in texto for f in LO_QUE_NINGUN_ESQUEMA_DICE):
            salvo += (positive_data_acceptance,)
        if caso.operation.label in self.fallan_adrede:
            salvo += (not_a_server_error,)
        try:
            caso.validate_response(respuesta, excluded_checks=list(salvo), **opciones)
        except BaseExceptionGroup as fallo:
            self.fallos.append(str(fallo))
            raise


def _ajustes(ejemplos: int) -> settings:
    return settings(
        max_examples=ejemplos,
        deadline=None,
        derandomize=not PETICIONES,  # las mismas peticiones en cada máquina: las nuevas se buscan con `make fuzz`
        suppress_health_check=list(HealthCheck),
        database=None,
    )


def _es_asgi(app: Any) -> bool:
    return not hasattr(app, "wsgi_app")
