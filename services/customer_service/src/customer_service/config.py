"""Variables de entorno de customer_service."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from chasis.config import AjustesBase, UrlDeBase


class Ajustes(AjustesBase):
    puerto: int = Field(5002, alias="PORT", description="Puerto de escucha")
    url_del_almacen: str = Field(
        "http://127.0.0.1:5001", alias="STORAGE_SERVICE_URL", description="Dirección de storage_service"
    )
    zona_horaria: str = Field(
        "Europe/Madrid", alias="ZONA_HORARIA", description="Zona en la que se decide qué día es hoy"
    )
    base_de_datos: UrlDeBase = Field(
        "",
        alias="CUSTOMER_DATABASE_URL",
        description="Base de las claves de idempotencia y los eventos; vacía, SQLite en DATOS_DIR/customer.sqlite",
    )

    @field_validator("zona_horaria")
    @classmethod
    def _existe(cls, valor: str) -> str:
        if valor not in available_timezones():
            raise ValueError(f"no es una zona horaria conocida: {valor}")
        return valor

    @property
    def zona(self) -> ZoneInfo:
        return ZoneInfo(self.zona_horaria)

    @property
    def url(self) -> str:
        """URL de SQLAlchemy de la base de datos."""
        return self.base_de_datos or f"sqlite+pysqlite:///{self.directorio_datos / 'customer.sqlite'}"
