"""Configuración por variables de entorno (o `.env`); cada servicio amplía `AjustesBase` con las suyas."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class AjustesBase(BaseSettings):
    """Lo que todo servicio necesita saber; el nombre de la variable es el alias de cada campo."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", validate_by_name=True, validate_by_alias=True
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
