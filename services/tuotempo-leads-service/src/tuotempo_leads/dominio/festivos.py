"""Qué días son festivos en cada país, y en su región si se dice: en festivo no se llama.

Se escriben en una línea: `ES-MD CO ES:2026-12-24` son los de España con los de Madrid, los de Colombia y un día más
en España. Los oficiales los calcula la biblioteca `holidays`; los códigos son los de ISO 3166-1 e ISO 3166-2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache

import holidays.countries  # todos los países, 35 MB: aquí se cargan una vez y los heredan los procesos

_TROZO = re.compile(r"(?P<pais>[A-Z]{2})(?:-(?P<region>[A-Z0-9]{1,3})|:(?P<dia>\d{4}-\d\d-\d\d))?")
PROPIO = "Festivo propio"


class FestivosInvalidos(ValueError):
    """La línea no se entiende; el mensaje es para quien la configuró."""


@dataclass(frozen=True)
class Festivos:
    """Los oficiales de un país, si se piden, y los `propios`."""

    pais: str = ""
    region: str | None = None
    oficiales: bool = False
    propios: frozenset[date] = field(default_factory=frozenset)

    def nombre(self, dia: date) -> str | None:
        """Cómo se llama el festivo, o `None` si se trabaja."""
        if dia in self.propios:
            return PROPIO
        return _oficiales(self.pais, self.region, dia.year).get(dia) if self.oficiales else None


SIN_FESTIVOS = Festivos()


def leer(texto: str) -> dict[str, Festivos]:
    """Los de cada país de la línea de configuración; `FestivosInvalidos` si algo no se entiende."""
    leidos: dict[str, Festivos] = {}
    for trozo in texto.split():
        hallado = _TROZO.fullmatch(trozo)
        if hallado is None:
            raise FestivosInvalidos(f"no se entiende «{trozo}»: es, por ejemplo, ES, ES-MD o ES:2026-12-24")
        pais, region, escrito = hallado["pais"], hallado["region"], hallado["dia"]
        actual = leidos.get(pais, Festivos(pais))
        if escrito:
            leidos[pais] = replace(actual, propios=actual.propios | {_dia(escrito)})
        else:
            _exigir_conocidos(pais, region)
            leidos[pais] = replace(actual, region=region, oficiales=True)
    return leidos


@lru_cache(256)
def _oficiales(pais: str, region: str | None, ano: int) -> Mapping[date, str]:
    return dict(holidays.country_holidays(pais, subdiv=region, years=ano, expand=False, language="es"))


def _exigir_conocidos(pais: str, region: str | None) -> None:
    try:
        _oficiales(pais, region, datetime.now().year)  # noqa: DTZ005 — cualquier año vale para saber si los hay
    except NotImplementedError:
        raise FestivosInvalidos(
            f"no se conocen los festivos de {'-'.join(filter(None, (pais, region)))}"
        ) from None


def _dia(escrito: str) -> date:
    try:
        return date.fromisoformat(escrito)
    except ValueError:
        raise FestivosInvalidos(f"{escrito} no es un día") from None
