"""Variables de entorno de canales-service."""

from __future__ import annotations

from pydantic import Field

from chasis.config import AjustesBase, UrlDeBase


class Ajustes(AjustesBase):
    puerto: int = Field(5000, alias="PORT", description="Puerto de escucha")
    base_de_datos: UrlDeBase = Field(
        "",
        alias="CANALES_DATABASE_URL",
        description="URL de SQLAlchemy con su controlador; vacía, SQLite en DATOS_DIR/canales.sqlite",
    )

    @property
    def url(self) -> str:
        """URL de SQLAlchemy de la base de datos."""
        return self.base_de_datos or f"sqlite+pysqlite:///{self.directorio_datos / 'canales.sqlite'}"
