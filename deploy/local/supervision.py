"""Configuración de supervisord: quién se lanza, con qué entorno, y cómo se vuelve a lanzar si cae."""

from __future__ import annotations

import os
import shlex
import shutil
from configparser import RawConfigParser
from pathlib import Path

import yaml
from procesos import (
    GATEWAY,
    GATEWAY_INTERNO,
    RAIZ,
    TODOS,
    Proceso,
    carpeta_de_ejecucion,
    carpeta_de_registros,
    entorno_de,
)

HIJO = str(Path(__file__).with_name("hijo.py"))
GESTOR = str(Path(__file__).with_name("gestor.py"))
CONFIGURACION_NO_VALIDA = 78  # como sale el gestor si algún servicio no entiende la suya (EX_CONFIG)
SEGUNDOS_PARA_PARAR = 7  # después, SIGKILL: todo se detiene en menos de diez segundos


def preparar() -> Path:
    """Deja escritas las configuraciones de supervisord y Traefik, y devuelve la primera."""
    ejecucion, registros = carpeta_de_ejecucion(), carpeta_de_registros()
    shutil.rmtree(ejecucion / "metricas", ignore_errors=True)
    for proceso in TODOS:
        (ejecucion / "metricas" / proceso.nombre).mkdir(parents=True)
    registros.mkdir(parents=True, exist_ok=True)
    _escribir_traefik(ejecucion / "traefik.yml")
    destino = ejecucion / "supervisord.conf"
    with destino.open("w") as fichero:
        _configuracion(ejecucion, registros).write(fichero)
    return destino


def _configuracion(ejecucion: Path, registros: Path) -> RawConfigParser:
    socket = ejecucion / "supervisor.sock"
    configuracion = RawConfigParser()
    configuracion["unix_http_server"] = {"file": str(socket), "chmod": "0700"}
    configuracion["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    configuracion["supervisorctl"] = {"serverurl": f"unix://{socket}"}
    configuracion["supervisord"] = {
        "nodaemon": "true",
        "silent": "true",
        "pidfile": str(ejecucion / "supervisord.pid"),
        "logfile": str(registros / "supervisord.log"),
        "logfile_maxbytes": "5MB",
        "logfile_backups": "2",
        **({"user": "root"} if os.geteuid() == 0 else {}),
    }
    # Un solo grupo: al parar, supervisord avisa a todos a la vez en lugar de uno detrás de otro.
    configuracion["group:centralita"] = {"programs": ",".join(proceso.nombre for proceso in TODOS)}
    for proceso in TODOS:
        configuracion[f"program:{proceso.nombre}"] = _programa(proceso, registros)
    return configuracion


def _programa(proceso: Proceso, registros: Path) -> dict[str, str]:
    orden = proceso.orden
    if proceso is GATEWAY:
        orden = (*orden, f"--configFile={carpeta_de_ejecucion() / 'traefik.yml'}")
    entorno = (f'{nombre}="{valor}"' for nombre, valor in entorno_de(proceso).items())
    return {
        "command": _sin_porcentajes(shlex.join(orden)),
        "directory": _sin_porcentajes(str(RAIZ / proceso.carpeta)),
        "environment": _sin_porcentajes(",".join(entorno)),
        "autorestart": "true",
        "startsecs": "1",
        "startretries": "1000",  # cada intento espera un segundo más que el anterior
        "stopsignal": "TERM",
        "stopwaitsecs": str(SEGUNDOS_PARA_PARAR),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _sin_porcentajes(str(registros / f"{proceso.nombre}.log")),
        "stdout_logfile_maxbytes": "20MB",
        "stdout_logfile_backups": "2",
    }


def _escribir_traefik(destino: Path) -> None:
    """La configuración de siempre, escuchando solo en esta máquina y en los puertos elegidos."""
    configuracion = yaml.safe_load((RAIZ / "gateway/traefik.yml").read_text("utf-8"))
    entradas = configuracion["entryPoints"]
    anfitrion = os.environ.get("HOST") or "127.0.0.1"
    entradas["web"]["address"] = f"{anfitrion}:{GATEWAY.puerto}"
    if proxies := os.environ.get("GATEWAY_PROXIES"):
        entradas["web"]["forwardedHeaders"] = {"trustedIPs": proxies.split(",")}
    entradas["interno"]["address"] = f"127.0.0.1:{GATEWAY_INTERNO.puerto}"
    destino.write_text(yaml.safe_dump(configuracion), "utf-8")


def _sin_porcentajes(texto: str) -> str:
    # supervisord interpreta `%(…)s` dentro de los valores.
    return texto.replace("%", "%%")
