"""Variables de entorno de tuotempo-leads-service."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AliasChoices, Field, SecretStr, ValidationInfo, field_validator, model_validator
from sqlalchemy import URL

from chasis.config import AjustesBase
from tuotempo_leads.dominio import festivos, reciclado, ventanas
from tuotempo_leads.dominio.reciclado import Reglas
from tuotempo_leads.infraestructura.tuotempo.conexion import INSTANCIA, PLAZO, SIMULADOR


def _mysql(nombre: str, descripcion: str, defecto: Any) -> Any:
    """`MYSQL_HOST`, o `MYSQLHOST` como lo llama Railway."""
    alias = AliasChoices(f"MYSQL_{nombre}", f"MYSQL{nombre}")
    return Field(defecto, validation_alias=alias, alias=f"MYSQL_{nombre}", description=descripcion)


class Ajustes(AjustesBase):
    puerto: int = Field(5000, alias="PORT", description="Puerto de escucha (5004 con todo en una máquina)")
    secreto: SecretStr = Field(
        SecretStr(""), alias="SECRET_KEY", description="Firma de las sesiones; obligatoria en production"
    )
    base_de_datos: str = Field(
        "", alias="LEADS_DATABASE_URL", description="URL de SQLAlchemy con su controlador; gana a las MYSQL_*"
    )
    mysql_servidor: str = _mysql("HOST", "Servidor MySQL; sin él, SQLite en DATOS_DIR/leads.sqlite", "")
    mysql_puerto: int = _mysql("PORT", "Puerto de MySQL", 3306)
    mysql_usuario: str = _mysql("USER", "Usuario de MySQL", "root")
    mysql_clave: SecretStr = _mysql("PASSWORD", "Contraseña de MySQL", SecretStr(""))
    mysql_base: str = _mysql("DATABASE", "Base de datos de MySQL", "Segurcaixa")
    clave_de_api: SecretStr = Field(
        SecretStr(""), alias="API_KEY", description="Si se pone, /api/* la exige en la cabecera X-API-Key"
    )
    clave_de_administracion: SecretStr = Field(
        SecretStr(""), alias="ADMIN_TOKEN", description="Llave de /admin/*: cabecera Authorization: Bearer"
    )
    panel_usuario: str = Field(
        "", alias="PANEL_ADMIN_USUARIO", description="Primer administrador del panel, si aún no hay usuarios"
    )
    panel_clave: SecretStr = Field(
        SecretStr(""), alias="PANEL_ADMIN_CLAVE", description="Su contraseña, de 12 a 200 caracteres"
    )
    zona_horaria: str = Field(
        "Europe/Madrid", alias="ZONA_HORARIA", description="Zona de las horas que se dicen sin zona"
    )
    ventanas: str = Field(
        "ES +34 Europe/Madrid L-V 9:00-21:00; CO +57 America/Bogota L-V 7:00-19:00, S 8:00-15:00",
        alias="VENTANAS_DE_LLAMADA",
        description="Horario legal de llamada de cada país; el primero, el de los números sin prefijo",
    )
    festivos: str = Field(
        "ES CO",
        alias="FESTIVOS",
        description="Países en cuyos festivos no se llama; ES-MD añade los de Madrid, y ES:2026-12-24, ese día",
    )
    esperas: str = Field(
        "buzon=240 interrupcion=15 proble_tecnico=30",
        alias="RECICLADO",
        description="Minutos hasta la rellamada automática tras cada codigoVolverLlamar",
    )
    maximo_de_intentos: int = Field(
        5,
        ge=1,
        le=100,
        alias="MAXIMO_DE_INTENTOS",
        description="Llamadas tras las que un contacto se da por agotado",
    )
    excel_url: str = Field("", alias="EXCEL_URL", description="Hoja que importa GET /admin/load-excel")
    tuotempo_url: str = Field(
        SIMULADOR,
        alias="TUOTEMPO_BASE_URL",
        description="Raíz de la API de TuoTempo; por defecto, el simulador",
    )
    tuotempo_instancia: str = Field(
        INSTANCIA, alias="TUOTEMPO_INSTANCE_ID", description="Instancia de TuoTempo"
    )
    tuotempo_entorno: Literal["PRE", "PRO"] = Field(
        "PRE", alias="TUOTEMPO_ENVIRONMENT", description="PRE o PRO: cuál de las dos llaves se usa"
    )
    tuotempo_llave_pre: SecretStr = Field(
        SecretStr(""),
        alias="TUOTEMPO_API_KEY_PRE",
        description="Llave de reservas en PRE (el simulador no la pide)",
    )
    tuotempo_llave_pro: SecretStr = Field(
        SecretStr(""), alias="TUOTEMPO_API_KEY_PRO", description="Llave de reservas en PRO"
    )
    tuotempo_actividad: str = Field(
        "sc159232371eb9c1", alias="TUOTEMPO_ACTIVITY_ID", description="Actividad cuando no se dice otra"
    )
    tuotempo_plazo: float = Field(
        PLAZO, gt=0, le=120, alias="TUOTEMPO_TIMEOUT", description="Segundos que se espera a TuoTempo"
    )

    @field_validator("zona_horaria")
    @classmethod
    def _existe(cls, valor: str) -> str:
        if valor not in available_timezones():
            raise ValueError(f"no es una zona horaria conocida: {valor}")
        return valor

    @field_validator("ventanas", "festivos", "esperas")
    @classmethod
    def _se_entiende(cls, valor: str, campo: ValidationInfo) -> str:
        lectores: dict[str, Callable[[str], object]] = {
            "ventanas": ventanas.leer,
            "festivos": festivos.leer,
            "esperas": reciclado.leer,
        }
        lectores[campo.field_name or ""](valor)
        return valor

    @model_validator(mode="after")
    def _sin_valores_de_desarrollo_en_produccion(self) -> Self:
        if self.entorno == "production":
            if len(self.secreto.get_secret_value()) < 32:
                raise ValueError(
                    "SECRET_KEY es obligatoria en production y debe tener al menos 32 caracteres"
                )
            if self.tuotempo_url == SIMULADOR:
                raise ValueError("TUOTEMPO_BASE_URL es obligatoria en production: el simulador no da citas")
            if not self.llave_de(self.tuotempo_entorno):
                raise ValueError(f"TUOTEMPO_API_KEY_{self.tuotempo_entorno} es obligatoria en production")
        return self

    @property
    def zona(self) -> ZoneInfo:
        return ZoneInfo(self.zona_horaria)

    @cached_property
    def reglas(self) -> Reglas:
        """Las de la cola de rellamadas: horarios, festivos, esperas e intentos."""
        paises = ventanas.leer(self.ventanas, festivos.leer(self.festivos))
        return Reglas(paises, reciclado.leer(self.esperas), self.maximo_de_intentos)

    @property
    def url(self) -> str:
        if self.base_de_datos:
            return self.base_de_datos
        if not self.mysql_servidor:
            return f"sqlite+pysqlite:///{self.directorio_datos / 'leads.sqlite'}"
        mysql = URL.create(
            "mysql+mysqlconnector",
            username=self.mysql_usuario,
            password=self.mysql_clave.get_secret_value(),
            host=self.mysql_servidor,
            port=self.mysql_puerto,
            database=self.mysql_base,
        )
        return mysql.render_as_string(hide_password=False)

    def llave_de(self, entorno: str) -> str:
        """La llave de reservas del entorno, `PRE` o `PRO`, si la hay; el simulador (http) admite cualquiera."""
        llave = self.tuotempo_llave_pro if entorno == "PRO" else self.tuotempo_llave_pre
        del_simulador = "simulador" if entorno == "PRE" and self.tuotempo_url.startswith("http://") else ""
        return llave.get_secret_value() or del_simulador
