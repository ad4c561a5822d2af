"""Qué corre en la máquina: los servicios del tamaño sin contenedores, con los puertos y los nombres de los README."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

RAIZ = Path("/opt/centralita")
VERSIONES = RAIZ / "versiones"
DATOS = Path("/var/lib/centralita")
AJUSTES = Path("/etc/centralita")
PUERTO_INTERNO_DEL_GATEWAY = 8090

# Cada servicio escucha en el puerto de su README; aparte, quien lo releva y él mismo tienen el suyo, solo para
# preguntar a uno de los dos cómo está mientras ambos atienden el de todos.
DEL_RELEVO, DIRECTO = 10_000, 20_000

_GUNICORN = "{venv}/bin/gunicorn -c python:chasis.gunicorn app:app"


@dataclass(frozen=True)
class Servicio:
    """`unidad` es su nombre en systemd; `carpeta`, desde dónde se lanza; `nombre`, el de los eventos y el gateway."""

    unidad: str
    carpeta: str
    puerto: int
    nombre: str
    variable: str = ""
    orden: str = _GUNICORN

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.puerto}"


# En el orden en que se cambian: primero aquellos de los que otros dependen.
SERVICIOS = (
    Servicio("storage_service", "services/storage_service", 5001, "almacen", "ALMACEN_URL"),
    Servicio("customer_service", "services/customer_service", 5002, "clientes", "CLIENTES_URL"),
    Servicio("canales-service", "services/canales-service", 5000, "canales", "CANALES_URL"),
    Servicio("partners-service", "services/partners-service", 5003, "partners", "PARTNERS_URL"),
    Servicio("tuotempo-leads-service", "services/tuotempo-leads-service", 5004, "leads", "LEADS_URL"),
    Servicio(
        "espacio-clientes-api",
        "services/espacio-clientes-api",
        8000,
        "espacio",
        "ESPACIO_URL",
        "{venv}/bin/python -m espacio_clientes",
    ),
    Servicio("centralita-portal", "gateway/portal", 5080, "portal", "PORTAL_URL"),
)
# Delante está nginx, en el 80: Traefik escucha antes de haber leído sus rutas, y nginx manda a quien ya las sabe.
GATEWAY = Servicio(
    "centralita-gateway",
    "gateway",
    8080,
    "gateway",
    orden="{venv}/bin/traefik --configFile=traefik.{papel}.yml",
)
CALLE = 80
TODOS = (*SERVICIOS, GATEWAY)


def entorno_de_la_version(version: Path) -> str:
    """Contenido de `version.env`: lo que los servicios saben de los demás y depende de la versión."""
    direcciones = {servicio.nombre: servicio.url for servicio in SERVICIOS}
    tabla = json.loads((version / "contracts/suscripciones.json").read_text("utf-8"))
    destinos = (f"{tema}={quien}@{direcciones[quien]}" for tema, todos in tabla.items() for quien in todos)
    lineas = [
        f"EVENTOS_DESTINOS={','.join(destinos)}",
        f"STORAGE_SERVICE_URL={direcciones['almacen']}",
        *(f"{servicio.variable}={servicio.url}" for servicio in SERVICIOS),
        # Con una sola copia de cada servicio no hay otra a la que mandar: mejor esperarla que darla por caída.
        "GATEWAY_SALUD_PLAZO=20s",
        "GATEWAY_SALTOS=1",
    ]
    return "\n".join(lineas) + "\n"
