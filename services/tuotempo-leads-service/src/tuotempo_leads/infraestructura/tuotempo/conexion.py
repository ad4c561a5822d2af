"""Con quién se habla y con qué clave: lo que no se dice al crear el cliente sale de variables `TUOTEMPO_*`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TUOTEMPO = "https://app.tuotempo.com"
SIMULADOR = "http://127.0.0.1:5010"
INSTANCIA = "tt_portal_adeslas"
ENTORNOS = ("PRE", "PRO")
PLAZO = 30.0  # segundos: el portal se rinde a los 25 y conviene que sea él quien lo diga
_API = "/api/v3"
_DOMINIO = "tuotempo.com"
_CLAVE_DEL_SIMULADOR = "simulador"  # no es un secreto: el simulador admite cualquiera


@dataclass(frozen=True)
class Conexion:
    """`raiz` acaba en `/api/v3/<instancia>`; `clave` puede faltar, y entonces no se puede confirmar citas."""

    raiz: str
    clave: str = field(repr=False)
    variable_de_la_clave: str

    @classmethod
    def de(
        cls,
        environment: str,
        *,
        instance_id: str | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        entorno: Mapping[str, str] = os.environ,
    ) -> Conexion:
        """Completa lo que falte con `TUOTEMPO_BASE_URL`, `TUOTEMPO_INSTANCE_ID` y `TUOTEMPO_API_KEY_PRE` o `_PRO`.

        PRE y PRO son el mismo servidor y la misma instancia: solo cambia la clave. `ValueError` si algo no vale.
        """
        if environment not in ENTORNOS:
            raise ValueError(f"environment debe ser PRE o PRO, y es {environment!r}")
        base = _base(base_url or entorno.get("TUOTEMPO_BASE_URL", ""), entorno)
        variable = f"TUOTEMPO_API_KEY_{environment}"
        clave = api_key or entorno.get(variable, "")
        if not clave and _es_un_simulador(base, entorno):
            clave = _CLAVE_DEL_SIMULADOR
        instancia = instance_id or entorno.get("TUOTEMPO_INSTANCE_ID") or INSTANCIA
        return cls(f"{base}{_API}/{instancia}", clave, variable)


def plazo(entorno: Mapping[str, str] = os.environ) -> float:
    """Segundos que se espera una respuesta (`TUOTEMPO_TIMEOUT`)."""
    texto = entorno.get("TUOTEMPO_TIMEOUT") or str(PLAZO)
    try:
        segundos = float(texto)
    except ValueError:
        segundos = 0.0
    if not 0 < segundos < float("inf"):
        raise ValueError(f"TUOTEMPO_TIMEOUT debe ser un número de segundos mayor que cero, y es {texto!r}")
    return segundos


def _es_un_simulador(base: str, entorno: Mapping[str, str]) -> bool:
    """Fuera de producción, cualquiera que no sea TuoTempo: el simulador puede estar en otro puerto o contenedor."""
    return entorno.get("ENVIRONMENT") != "production" and not (urlsplit(base).hostname or "").endswith(
        _DOMINIO
    )


def _base(url: str, entorno: Mapping[str, str]) -> str:
    """El servidor, sin `/api/v3`: se admite con ello y sin ello."""
    if not url:
        if entorno.get("ENVIRONMENT") == "production":
            raise ValueError("Falta TUOTEMPO_BASE_URL: en production no se usa el simulador")
        return SIMULADOR
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"TUOTEMPO_BASE_URL debe empezar por http:// o https://, y es {url!r}")
    return url.rstrip("/").removesuffix(_API)
