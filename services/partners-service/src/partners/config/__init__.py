"""Variables de entorno de partners-service."""

from __future__ import annotations

from typing import Literal, Self

from cryptography.fernet import Fernet
from pydantic import Field, model_validator

from chasis.config import AjustesBase
from partners.config.clave import clave_de_esta_maquina


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

    @model_validator(mode="after")
    def _completar(self) -> Self:
        self.entorno = self.flask_env or self.entorno
        if self.entorno == "production" and self.depuracion:
            raise ValueError("FLASK_DEBUG debe ser 0 en production")
        if self.entorno == "production" and not self.clave_cifrado:
            raise ValueError("PARTNERS_CLAVE_CIFRADO es obligatoria en production")
        for clave in filter(None, self.clave_cifrado.split(",")):
            try:
                Fernet(clave.strip())
            except ValueError:
                raise ValueError("PARTNERS_CLAVE_CIFRADO: cada clave son 32 bytes en base64 de URL") from None
        return self

    @property
    def claves(self) -> list[str]:
        """Claves de cifrado, la vigente primero; sin ninguna, la de esta máquina."""
        dichas = [clave.strip() for clave in self.clave_cifrado.split(",") if clave.strip()]
        return dichas or [clave_de_esta_maquina(self.directorio_datos)]
