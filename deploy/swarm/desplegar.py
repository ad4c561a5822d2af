"""Pone (o actualiza) la pila en el enjambre: `make swarm` en una máquina que lo gobierne.

Crea lo que falte de lo que la pila da por hecho: la red, los secretos (de `datos/secretos/`, un fichero cada uno), la
configuración con las rutas del gateway y los temas de Pulsar. Lo que ya está no se toca.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import yaml

RAIZ = Path(__file__).resolve().parents[2]
PILA = RAIZ / "deploy/swarm/centralita.yml"
GATEWAY = RAIZ / "gateway"
NOMBRE = os.environ.get("PILA") or "centralita"
RED = os.environ.get("RED") or "centralita"
SECRETOS = Path(os.environ.get("SECRETOS_DIR") or RAIZ / "datos/secretos")


def desplegar() -> None:
    pila = yaml.safe_load(PILA.read_text("utf-8"))
    crear_secretos(pila["secrets"])
    if not _hay("network", RED):
        _docker("network", "create", "--driver", "overlay", "--attachable", "--label", NOMBRE, RED)
    huella = crear_configuraciones()
    # Antes que nadie se suscriba: el tema que crea quien lo usa no tiene ni las particiones ni las suscripciones.
    preparar_pulsar()
    entorno = {**os.environ, "HUELLA_DEL_GATEWAY": huella, "RED": RED}
    orden = ("stack", "deploy", "--prune", "--with-registry-auth", "--compose-file", str(PILA), NOMBRE)
    _docker(*orden, entorno=entorno)


def crear_configuraciones() -> str:
    """Las del gateway; devuelve la huella de su contenido, que va en su nombre."""
    configuraciones = {uno: (GATEWAY / f"{uno}.yml").read_text("utf-8") for uno in ("rutas", "traefik")}
    huella = hashlib.sha256("".join(configuraciones.values()).encode()).hexdigest()[:12]
    for nombre, texto in configuraciones.items():
        if not _hay("config", f"{nombre}_{huella}"):
            _docker("config", "create", "--label", NOMBRE, f"{nombre}_{huella}", "-", entrada=texto)
    return huella


def crear_secretos(nombres: list[str]) -> None:
    """Termina diciendo cuáles faltan si alguno no está ni en el enjambre ni en la carpeta."""
    nuevos = [nombre for nombre in nombres if not _hay("secret", nombre)]
    if faltan := [nombre for nombre in nuevos if not (SECRETOS / nombre).is_file()]:
        raise SystemExit(
            f"Faltan secretos: escribe cada uno en su fichero de {SECRETOS}: {', '.join(faltan)}"
        )
    for nombre in nuevos:
        _docker("secret", "create", "--label", NOMBRE, nombre, str(SECRETOS / nombre))


def preparar_pulsar() -> None:
    if not (administracion := os.environ.get("PULSAR_ADMIN_URL")):
        raise SystemExit("Falta PULSAR_ADMIN_URL: la administración de Pulsar, http://…:8080")
    imagen = f"{os.environ.get('REGISTRO', '')}centralita/portal:{os.environ.get('VERSION') or 'latest'}"
    nombres = ("PULSAR_NAMESPACE", "PULSAR_PARTICIONES", "PULSAR_TOKEN", "PULSAR_TLS_CA")
    variables = [parte for nombre in nombres for parte in ("--env", nombre)]
    _docker("run", "--rm", "--network", RED, *variables, imagen, "python", "temas.py", administracion)


def quitar() -> None:
    """Quita la pila; los secretos, la red, las configuraciones y los volúmenes se quedan."""
    _docker("stack", "rm", NOMBRE)


def _hay(clase: str, nombre: str) -> bool:
    return (
        subprocess.run(["docker", clase, "inspect", nombre], check=False, capture_output=True).returncode == 0
    )


def _docker(*orden: str, entorno: dict[str, str] | None = None, entrada: str | None = None) -> None:
    hecho = subprocess.run(["docker", *orden], env=entorno, input=entrada, text=True, check=False)
    if hecho.returncode:
        raise SystemExit(hecho.returncode)


if __name__ == "__main__":
    {"desplegar": desplegar, "quitar": quitar}[sys.argv[1]]()
