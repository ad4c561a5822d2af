"""Carga y validación de las variables de entorno del README; cada campo dice cuál es la suya."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from chasis.config import AjustesBase

SECRETO_DEL_README = "un_secreto_muy_largo_y_dificil_de_adivinar"
LARGO_DEL_SECRETO = 32  # bytes: lo que pide HS256 (RFC 7518 §3.2)


class Ajustes(AjustesBase):
    puerto: int = Field(8000, alias="PORT", description="Puerto de escucha")
    bd_usuario: str = Field("", alias="DB_USER", description="Usuario de Oracle")
    bd_clave: SecretStr = Field(SecretStr(""), alias="DB_PASSWORD", description="Contraseña de Oracle")
    bd_anfitrion: str = Field(
        "", alias="DB_HOST", description="Servidor Oracle; vacío, SQLite en DATOS_DIR/espacio.sqlite"
    )
    bd_puerto: int = Field(1521, alias="DB_PORT", description="Puerto de Oracle")
    bd_servicio: str = Field("", alias="DB_SERVICE", description="Nombre del servicio de Oracle")
    pool_min: int = Field(2, alias="ORACLE_POOL_MIN", ge=0, description="Conexiones que siempre hay abiertas")
    pool_max: int = Field(10, alias="ORACLE_POOL_MAX", ge=1, description="Conexiones como máximo")
    pool_inc: int = Field(1, alias="ORACLE_POOL_INC", ge=1, description="Cuántas se abren cada vez")
    oracle_client: str = Field(
        "",
        alias="ORACLE_CLIENT_LIB_DIR",
        description="Carpeta de Oracle Instant Client; vacía, no hace falta",
    )
    deudas_plsql: str = Field(
        "",
        alias="DEUDAS_PLSQL",
        pattern=r"^([A-Za-z][\w$#]*(\.[A-Za-z][\w$#]*)?)?$",
        description="Paquete PL/SQL de las deudas; vacío, las tablas de este servicio",
    )
    secreto: SecretStr = Field(
        SecretStr(""),
        alias="SECRET_KEY",
        description="Clave con la que se firman los tokens (32 bytes o más)",
    )
    emisor: str = Field("api.mi-tierra.com", alias="TOKEN_ISSUER", description="Emisor de los tokens")
    audiencia: str = Field("clientes", alias="TOKEN_AUDIENCE", description="Destinatario de los tokens")
    algoritmo: Literal["HS256"] = Field("HS256", alias="ALGORITHM", description="Solo HS256")
    minutos_de_token: int = Field(
        30, alias="ACCESS_TOKEN_EXPIRE_MINUTES", ge=1, le=1440, description="Minutos que vale un token"
    )
    origenes: list[str] = Field(
        ["http://localhost:8000", "http://localhost:8080"],
        alias="ALLOWED_ORIGINS",
        description="Orígenes que admite CORS, en formato JSON",
    )
    anfitriones: list[str] = Field(
        ["localhost", "127.0.0.1", "*.localhost"],
        alias="ALLOWED_HOSTS",
        description="Nombres por los que se admite que llamen en producción, en formato JSON",
    )
    prefijo: str = Field(
        "/espacio", alias="ROOT_PATH", pattern=r"^(/[\w-]+)*$", description="Prefijo en el gateway"
    )
    comision: Decimal = Field(
        Decimal("2.5"), alias="COMISION_PORCENTAJE", ge=0, le=100, description="Comisión, en % de IMPO_MAXI"
    )
    procesador: Literal["interno", "simulador"] = Field(
        "interno", alias="PROCESADOR_PAGOS", description="Quién cobra: interno o simulador"
    )
    plazo_del_procesador: float = Field(
        5.0, alias="PROCESADOR_PLAZO", gt=0, le=30, description="Segundos que se espera a quien cobra"
    )

    @property
    def url_sqlite(self) -> str:
        return f"sqlite+pysqlite:///{self.directorio_datos / 'espacio.sqlite'}"

    @property
    def secreto_inservible(self) -> bool:
        """Ninguno, o el de ejemplo del README, que conoce todo el mundo."""
        return self.secreto.get_secret_value() in ("", SECRETO_DEL_README)

    @model_validator(mode="after")
    def _exigir_en_produccion(self) -> Self:
        if self.entorno == "production":
            secreto = self.secreto.get_secret_value()
            if self.secreto_inservible or len(secreto.encode()) < LARGO_DEL_SECRETO:
                raise ValueError(
                    f"SECRET_KEY debe ser propia y de {LARGO_DEL_SECRETO} bytes o más en producción"
                )
            if self.procesador == "simulador":
                raise ValueError("PROCESADOR_PAGOS=simulador no se admite en producción")
        if self.deudas_plsql and not self.bd_anfitrion:
            raise ValueError("DEUDAS_PLSQL necesita Oracle (DB_HOST)")
        if self.pool_min > self.pool_max:
            raise ValueError("ORACLE_POOL_MIN no puede ser mayor que ORACLE_POOL_MAX")
        return self
