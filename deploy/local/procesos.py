"""Qué procesos forman Centralita en una sola máquina, en qué puerto y con qué orden se lanza cada uno."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import fichero_env

RAIZ = Path(__file__).resolve().parents[2]
fichero_env.cargar(RAIZ / ".env")  # aquí y no en cada orden: de las variables depende qué procesos hay
_BIN = Path(sys.executable).parent
_GUNICORN = (sys.executable, "-m", "gunicorn", "-c", "python:chasis.gunicorn", "app:app")


@dataclass(frozen=True)
class Proceso:
    """Un proceso: `variable` es la que mueve su puerto; `salud`, lo que contesta 200 cuando está listo."""

    nombre: str
    carpeta: str
    variable: str
    puerto_habitual: int
    orden: tuple[str, ...] = _GUNICORN
    salud: tuple[str, ...] = ("/health/ready",)
    entorno: dict[str, str] = field(default_factory=dict)
    paquete: str = ""  # el de Python

    @property
    def puerto(self) -> int:
        """El suyo; termina el proceso si la variable que lo mueve no es un puerto."""
        valor = os.environ.get(self.variable) or str(self.puerto_habitual)
        if not (valor.isdecimal() and 0 < int(valor) < 65536):
            raise SystemExit(f"{self.variable} debe ser un puerto, y vale {valor!r}.")
        return int(valor)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.puerto}"


ALMACEN = Proceso("almacen", "services/storage_service", "STORAGE_PORT", 5001, paquete="storage_service")
CLIENTES = Proceso("clientes", "services/customer_service", "CUSTOMER_PORT", 5002, paquete="customer_service")
CANALES = Proceso("canales", "services/canales-service", "CANALES_PORT", 5000, paquete="canales")
PARTNERS = Proceso("partners", "services/partners-service", "PARTNERS_PORT", 5003, paquete="partners")
LEADS = Proceso("leads", "services/tuotempo-leads-service", "LEADS_PORT", 5004, paquete="tuotempo_leads")
SIMULADO = Proceso(
    "simulado",
    "services/tuotempo-simulado",
    "SIMULADO_PORT",
    5010,
    paquete="tuotempo_simulado",
    # Recuerda en memoria quién tiene cada hueco: con dos procesos habría dos agendas.
    entorno={"WEB_PROCESOS": "1", "WEB_HILOS": "32"},
)
ESPACIO = Proceso(
    "espacio",
    "services/espacio-clientes-api",
    "ESPACIO_PORT",
    8000,
    (sys.executable, "-m", "espacio_clientes"),
    paquete="espacio_clientes",
)
PORTAL = Proceso("portal", "gateway/portal", "PORTAL_PORT", 5080, paquete="portal")
GATEWAY_INTERNO = Proceso("gateway (interno)", "gateway", "GATEWAY_ADMIN_PORT", 8090)
GATEWAY = Proceso(
    "gateway",
    "gateway",
    "GATEWAY_PORT",
    8080,
    (str(_BIN / "traefik"),),
    # Está listo cuando ya deja pasar a todos, no cuando escucha.
    salud=(
        "/health/live",
        *(f"/{nombre}/health/live" for nombre in ("canales", "clientes", "partners", "leads", "espacio")),
    ),
)

SERVICIOS = (ALMACEN, CLIENTES, CANALES, PARTNERS, SIMULADO, LEADS, ESPACIO, PORTAL)
CON_EVENTOS = tuple(servicio for servicio in SERVICIOS if servicio not in (SIMULADO, PORTAL))


def _trabajador(servicio: Proceso) -> Proceso:
    """Con Pulsar, los eventos de cada servicio los mueve un proceso aparte; sin él, lo hace el propio servicio."""
    return Proceso(
        f"{servicio.nombre}-trabajador",
        servicio.carpeta,
        servicio.variable.replace("_PORT", "_TRABAJADOR_PORT"),
        servicio.puerto_habitual + 500,
        (sys.executable, "-m", f"{servicio.paquete}.trabajador"),
    )


TRABAJADORES = (
    tuple(map(_trabajador, CON_EVENTOS)) if os.environ.get("EVENTOS_TRANSPORTE") == "pulsar" else ()
)
TODOS = (*SERVICIOS, *TRABAJADORES, GATEWAY)


def carpeta_de_datos() -> Path:
    return Path(os.environ.get("DATOS_DIR") or RAIZ / "datos").resolve()


def carpeta_de_ejecucion() -> Path:
    return carpeta_de_datos() / "ejecucion"


def carpeta_de_registros() -> Path:
    return carpeta_de_datos() / "registros"


def entorno_de(proceso: Proceso) -> dict[str, str]:
    """Variables que el proceso recibe además de las de la terminal y `.env`."""
    metricas = carpeta_de_ejecucion() / "metricas" / proceso.nombre
    partners = f"sqlite:///{carpeta_de_datos() / 'partners.sqlite'}"
    return {
        "PORT": str(proceso.puerto),
        "TRABAJADOR_PORT": str(proceso.puerto),
        "DATOS_DIR": str(carpeta_de_datos()),
        "LOG_FORMAT": os.environ.get("LOG_FORMAT") or "json",
        "PROMETHEUS_MULTIPROC_DIR": str(metricas),
        **{f"{servicio.nombre.upper()}_URL": servicio.url for servicio in SERVICIOS},
        "STORAGE_SERVICE_URL": os.environ.get("STORAGE_SERVICE_URL") or ALMACEN.url,
        "SQLALCHEMY_DATABASE_URI": os.environ.get("SQLALCHEMY_DATABASE_URI") or partners,
        "EXCEL_URL": os.environ.get("EXCEL_URL")
        or (RAIZ / LEADS.carpeta / "ejemplos/contactos.csv").as_uri(),
        **_proveedor(),
        **proceso.entorno,
    }


def _proveedor() -> dict[str, str]:
    """Dónde está TuoTempo: el que se haya configurado y, si no hay ninguno, el simulador (nunca en producción)."""
    if os.environ.get("TUOTEMPO_BASE_URL") or os.environ.get("ENVIRONMENT") == "production":
        return {}
    return {"TUOTEMPO_BASE_URL": SIMULADO.url}
