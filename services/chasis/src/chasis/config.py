"""Configuración por variables de entorno (o `.env`); cada servicio amplía `AjustesBase` con las suyas."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from chasis.esquemas import frase

SECRETOS = Path("/run/secrets")
_DESTINO = re.compile(r"([a-z-]+)=([a-z_-]+)(?:@(https?://[^\s,@]+))?")


def _con_comas(vale: Callable[[str], object], forma: str) -> AfterValidator:
    """Un ajuste con cero o más elementos separados por comas; no vale aquel al que `vale` da `ValueError` o nada."""

    def revisar(valor: str) -> str:
        for parte in filter(None, map(str.strip, valor.split(","))):
            with suppress(ValueError):
                if vale(parte):
                    continue
            raise ValueError(f"«{parte}» no tiene la forma {forma}")
        return valor

    return AfterValidator(revisar)


def _de_una_base(valor: str) -> str:
    try:
        if valor:
            make_url(valor).get_dialect()
    except ArgumentError:  # sin repetirla: puede llevar una contraseña
        raise ValueError("no es una URL de SQLAlchemy, como postgresql+psycopg://…") from None
    return valor


UrlDeBase = Annotated[str, AfterValidator(_de_una_base)]
"""La URL de SQLAlchemy de una base de datos, o vacía."""
_Redes = Annotated[str, _con_comas(ip_network, "10.0.0.0/8")]
_Destinos = Annotated[str, _con_comas(_DESTINO.fullmatch, "tema=servicio@http://dirección")]


class AjustesBase(BaseSettings):
    """Lo que todo servicio necesita saber; el nombre de la variable es el alias de cada campo."""

    model_config = SettingsConfigDict(
        env_file=".env",
        # Un secreto puede llegar también como fichero, que es como los entregan los orquestadores.
        secrets_dir=SECRETOS if SECRETOS.is_dir() else None,
        env_ignore_empty=True,
        extra="ignore",
        validate_by_name=True,
        validate_by_alias=True,
    )

    anfitrion: str = Field("127.0.0.1", alias="HOST", description="Dirección en la que se escucha")
    entorno: Literal["development", "production"] = Field(
        "development", alias="ENVIRONMENT", description="development o production"
    )
    formato_registros: Literal["auto", "json", "consola"] = Field(
        "auto", alias="LOG_FORMAT", description="json, consola, o auto (consola si hay terminal)"
    )
    nivel_registros: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="LOG_LEVEL", description="Nivel mínimo de los registros"
    )
    directorio_datos: Path = Field(
        Path("datos"), alias="DATOS_DIR", description="Carpeta de los datos locales"
    )
    proxies: _Redes = Field(
        "127.0.0.1/32,::1/128",
        alias="PROXIES_CONFIABLES",
        description="Redes (CIDR, separadas por comas) cuyas cabeceras X-Forwarded-* se creen",
    )
    transporte_de_eventos: Literal["http", "pulsar"] = Field(
        "http", alias="EVENTOS_TRANSPORTE", description="http (una sola máquina) o pulsar"
    )
    destinos_de_eventos: _Destinos = Field(
        "",
        alias="EVENTOS_DESTINOS",
        description="Quién consume cada tema: tema=servicio@http://dirección, con comas; con pulsar, tema=servicio",
    )
    clave_de_eventos: str = Field(
        "", alias="EVENTOS_CLAVE", description="Firma las entregas por HTTP; varias, con comas: la primera"
    )
    pulsar_url: str = Field("pulsar://127.0.0.1:6650", alias="PULSAR_URL", description="Broker de Pulsar")
    pulsar_espacio: str = Field("public/default", alias="PULSAR_NAMESPACE", description="Tenant y namespace")
    pulsar_token: SecretStr = Field(SecretStr(""), alias="PULSAR_TOKEN", description="Token para el broker")
    pulsar_ca: str = Field("", alias="PULSAR_TLS_CA", description="Fichero (PEM) de quien avala al broker")
    trazas: str = Field(
        "", alias="OTEL_EXPORTER_OTLP_ENDPOINT", description="Recolector OTLP/HTTP; vacía, no se traza"
    )
    puerto_del_trabajador: int = Field(
        0, alias="TRABAJADOR_PORT", description="Puerto de salud y métricas del trabajador; 0, ninguno"
    )

    @property
    def suscriptores(self) -> dict[str, dict[str, str]]:
        """Por tema, los servicios que lo consumen y su dirección (vacía con Pulsar)."""
        tabla: dict[str, dict[str, str]] = {}
        for tema, servicio, direccion in _DESTINO.findall(self.destinos_de_eventos):
            tabla.setdefault(tema, {})[servicio] = direccion.rstrip("/")
        return tabla

    @classmethod
    def cargar(cls) -> Self:
        """Lee el entorno; si algo no vale, termina el proceso diciendo qué variable y por qué."""
        try:
            return cls()
        except ValidationError as fallo:
            lineas = [": ".join((*map(str, e["loc"]), frase(e, e["msg"]))) for e in fallo.errors()]
            raise SystemExit("\n  ".join(("Configuración no válida:", *lineas))) from None
        except SettingsError as fallo:  # una lista que no es JSON: el fallo solo dice cuál es su campo
            alias = cls.model_fields[str(fallo).split('"')[1]].alias
            raise SystemExit(f"Configuración no válida:\n  {alias}: debe ser una lista en JSON") from None
