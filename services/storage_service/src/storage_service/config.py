"""Variables de entorno de storage_service."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from chasis.config import AjustesBase, UrlDeBase


class Ajustes(AjustesBase):
    puerto: int = Field(5001, alias="PORT", description="Puerto de escucha")
    directorio: Path | None = Field(
        None, alias="STORAGE_DIR", description="Carpeta de los documentos; vacía, DATOS_DIR/clientes"
    )
    url_del_almacen: str = Field(
        "",
        alias="STORAGE_URL",
        description="file:///carpeta o s3://bucket/prefijo; vacía, la carpeta STORAGE_DIR",
    )
    base_de_datos: UrlDeBase = Field(
        "",
        alias="STORAGE_DATABASE_URL",
        description="Base de las claves de idempotencia y los eventos; vacía, SQLite en DATOS_DIR/storage.sqlite",
    )

    @property
    def almacen(self) -> str:
        """URL del almacén: `STORAGE_URL` o, sin ella, la de la carpeta."""
        carpeta = self.directorio or self.directorio_datos / "clientes"
        return self.url_del_almacen or carpeta.absolute().as_uri()

    @property
    def url(self) -> str:
        """URL de SQLAlchemy de la base de datos."""
        return self.base_de_datos or f"sqlite+pysqlite:///{self.directorio_datos / 'storage.sqlite'}"
