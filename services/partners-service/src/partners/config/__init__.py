"""Variables de entorno de partners-service."""

from __future__ import annotations

from typing import Literal, Self

from cryptography.fernet import Fernet
from pydantic import Field, field_validator, model_validator
from sqlalchemy.exc import ArgumentError

from chasis.config import AjustesBase
from partners.config.clave import clave_de_esta_maquina
from partners.config.db import con_controlador


class Ajustes(AjustesBase):
    puerto: int = Field(5001, alias="PORT", description="Puerto de escucha")
    base_de_datos: str = Field(
        "postgresql://postgres:postgres@localhost:5433/partners_db",
        alias="SQLALCHEMY_DATABASE_URI",
        description="URL de SQLAlchemy; con `make run`, SQLite en DATOS_DIR/partners.sqlite",
    )
    clave_cifrado: str = Field(
        "",
        alias="PARTNERS_CLAVE_CIFRADO",
        repr=False,
        description="Claves Fernet separadas por comas; la primera cifra. Vacía, se crea DATOS_DIR/partners.clave",
    )
    flask_env: Literal["", "development", "production"] = Field(
        "", alias="FLASK_ENV", description="development o production; si se dice, manda sobre ENVIRONMENT"
    )
    depuracion: bool = Field(
        False, alias="FLASK_DEBUG", description="1 con `python app.py`: recarga y depurador"
    )

    @field_validator("base_de_datos")
    @classmethod
    def _es_una_url(cls, valor: str) -> str:
        try:
            con_controlador(valor)
        except ArgumentError:
            raise ValueError("no es una URL de SQLAlchemy") from None
        return valor

    @field_validator("clave_cifrado")
    @classmethod
    def _son_claves(cls, valor: str) -> str:
        for clave in _separar(valor):
            try:
                Fernet(clave)
            except ValueError:
                raise ValueError("cada clave son 32 bytes en base64 de URL") from None
        return valor

    @model_validator(mode="after")
    def _en_produccion(self) -> Self:
        self.entorno = self.flask_env or self.entorno
        if self.entorno == "production":
            if self.depuracion:
                raise ValueError("FLASK_DEBUG debe ser 0 en production")
            if not self.clave_cifrado:
                raise ValueError("PARTNERS_CLAVE_CIFRADO es obligatoria en production")
        return self

    @property
    def claves(self) -> list[str]:
        """Claves de cifrado, la vigente primero; sin ninguna, la de esta máquina."""
        return _separar(self.clave_cifrado) or [clave_de_esta_maquina(self.directorio_datos)]


def _separar(claves: str) -> list[str]:
    return [clave.strip() for clave in claves.split(",") if clave.strip()]
