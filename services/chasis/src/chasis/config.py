"""Configuración por variables de entorno (o `.env`); cada servicio amplía `AjustesBase` con las suyas."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETOS = Path("/run/secrets")
_DESTINO = re.compile(r"([a-z-]+)=([a-z_-]+)(?:@(https?://[^\s,@]+))?")


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
    proxies: str = Field(
        "127.0.0.1/32,::1/128",
        alias="PROXIES_CONFIABLES",
        description="Redes (CIDR, separadas por comas) cuyas cabeceras X-Forwarded-* se creen",
    )
    transporte_de_eventos: Literal["http", "pulsar"] = Field(
        "http", alias="EVENTOS_TRANSPORTE", description="http (una sola máquina) o pulsar"
    )
    destinos_de_eventos: str = Field(
        "",
        alias="EVENTOS_DESTINOS",
        description="Quién consume cada tema: tema=servicio@http://dirección, con comas; con pulsar, tema=servicio",
    )
    clave_de_eventos: str = Field(
        "",
        alias="EVENTOS_CLAVE",
        description="Clave que firma las entregas por HTTP; varias con comas, firma la primera",
    )
    pulsar_url: str = Field("pulsar://127.0.0.1:6650", alias="PULSAR_URL", description="Broker de Pulsar")
    pulsar_espacio: str = Field("public/default", alias="PULSAR_NAMESPACE", description="Tenant y namespace")
    pulsar_token: SecretStr = Field(SecretStr(""), alias="PULSAR_TOKEN", description="Token para el broker")
    pulsar_ca: str = Field("", alias="PULSAR_TLS_CA", description="Fichero (PEM) de quien avala al broker")
    trazas: str = Field(
        "",
        alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Recolector OTLP/HTTP al que van las trazas; vacía, no se traza",
    )
    puerto_del_trabajador: int = Field(
        0, alias="TRABAJADOR_PORT", description="Puerto de salud y métricas del trabajador; 0, ninguno"
    )

    @field_validator("destinos_de_eventos")
    @classmethod
    def _se_entienden(cls, valor: str) -> str:
        for destino in filter(None, valor.split(",")):
            if not _DESTINO.fullmatch(destino.strip()):
                raise ValueError(f"«{destino}» no tiene la forma tema=servicio@http://dirección")
        return valor

    @property
    def suscriptores(self) -> dict[str, dict[str, str]]:
        """Por tema, los servicios que lo consumen y su dirección (vacía con Pulsar)."""
        tabla: dict[str, dict[str, str]] = {}
        for destino in filter(None, self.destinos_de_eventos.split(",")):
            tema, servicio, direccion = _DESTINO.fullmatch(destino.strip()).groups()  # type: ignore[union-attr]
            tabla.setdefault(tema, {})[servicio] = (direccion or "").rstrip("/")
        return tabla

    @classmethod
    def cargar(cls) -> Self:
        """Lee el entorno; si algo no vale, termina el proceso diciendo qué variable y por qué."""
        try:
            return cls()
        except ValidationError as fallo:
            lineas = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fallo.errors()]
            raise SystemExit("Configuración no válida:\n" + "\n".join(lineas)) from None


def version_de(distribucion: str) -> str:
    """Versión instalada de un paquete, o `0` si se ejecuta sin instalar."""
    try:
        return version(distribucion)
    except PackageNotFoundError:
        return "0"
