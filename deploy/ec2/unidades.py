"""Unidades de systemd de una versión: cada servicio tiene su puerto, su proceso, quien lo prueba y quien lo releva.

El puerto es una unidad aparte (`storage_service.socket`) y no se cierra nunca: el proceso y su relevo lo heredan y
aceptan de la misma cola, así que cambiar uno por otro no pierde ninguna conexión. El gateway no lo comparte: quien
elige entre él y su relevo es nginx.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml
from servicios import (
    AJUSTES,
    DATOS,
    DEL_RELEVO,
    DIRECTO,
    GATEWAY,
    PUERTO_INTERNO_DEL_GATEWAY,
    RAIZ,
    TODOS,
    Servicio,
    entorno_de_la_version,
)

CARPETA = Path("/etc/systemd/system")
MEMORIA = "400M"  # lo que puede ocupar cada servicio antes de que el núcleo lo pare a él y no a los demás

_SERVICIO = """\
[Unit]
Description=Centralita: {quien}
After={antes}
StartLimitIntervalSec=0

[Service]
Type=exec
User=centralita
Group=centralita
WorkingDirectory={version}/{carpeta}
EnvironmentFile={ajustes}/comun.env
EnvironmentFile={version}/version.env
EnvironmentFile=-{ajustes}/{unidad}.env
Environment=DATOS_DIR={datos} CONTRATOS_DIR={version}/contracts PORT={puerto} PYTHONUNBUFFERED=1
Environment=PROMETHEUS_MULTIPROC_DIR=/run/centralita/%N
ExecStart={orden}
{puertos_heredados}Restart={reinicio}
RestartSec=1
KillMode=mixed
TimeoutStopSec=30
RuntimeDirectory=centralita/%N
Nice={prisa}
UMask=0027
MemoryMax={memoria}
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ReadWritePaths={datos}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
"""
_PUERTO = """\
[Unit]
Description=Centralita: puerto de {quien}

[Socket]
ListenStream=127.0.0.1:{puerto}
Service={servicio}.service
Backlog=2048
NoDelay=yes

[Install]
WantedBy=sockets.target
"""


def escribir(version: Path) -> None:
    """Deja en systemd las unidades de `version` y, dentro de ella, lo que se calcula al instalarla."""
    (version / "version.env").write_text(entorno_de_la_version(version))
    _escribir_gateway(version / "gateway")
    for servicio in TODOS:
        for nombre, texto in unidades_de(servicio).items():
            (CARPETA / nombre).write_text(texto)
    subprocess.run(["systemctl", "daemon-reload"], check=True)


def unidades_de(servicio: Servicio) -> dict[str, str]:
    """Nombre y contenido de las suyas: la del README y su puerto; las otras solo corren durante un despliegue."""
    unidad, puerto = servicio.unidad, servicio.puerto
    if servicio is GATEWAY:
        return {
            f"{unidad}.service": _servicio(servicio, "principal"),
            f"{unidad}-relevo.service": _servicio(servicio, "relevo"),
        }
    return {
        f"{unidad}.socket": _puerto(unidad, unidad, puerto),
        f"{unidad}-directo.socket": _puerto(unidad, unidad, puerto + DIRECTO),
        f"{unidad}-relevo.socket": _puerto(unidad, f"{unidad}-relevo", puerto + DEL_RELEVO),
        f"{unidad}.service": _servicio(servicio, "principal", ("", "-directo")),
        f"{unidad}-relevo.service": _servicio(servicio, "relevo", ("", "-relevo")),
        f"{unidad}-prueba.service": _servicio(servicio, "prueba"),
    }


def _servicio(servicio: Servicio, papel: str, escuchas: tuple[str, ...] = ()) -> str:
    # El gateway solo se cambia si ha cambiado: puede seguir siendo el de una versión anterior.
    en_uso = "gateway" if servicio is GATEWAY else "actual"
    version = RAIZ / (en_uso if papel == "principal" else "candidata")
    puertos = " ".join(dict.fromkeys(f"{servicio.unidad}{escucha}.socket" for escucha in escuchas))
    return _SERVICIO.format(
        quien=servicio.unidad if papel == "principal" else f"{servicio.unidad} ({papel})",
        unidad=servicio.unidad,
        carpeta=servicio.carpeta,
        version=version,
        ajustes=AJUSTES,
        datos=DATOS,
        puerto=servicio.puerto if papel == "principal" else servicio.puerto + DEL_RELEVO,
        orden=servicio.orden.format(venv=version / "venv", papel=papel),
        antes=f"network.target {puertos}".strip(),
        puertos_heredados=f"Sockets={puertos}\n" if puertos else "",
        reinicio="always" if papel == "principal" else "no",
        memoria=MEMORIA,
        prisa=5 if papel == "prueba" else 0,  # quien atiende va antes que quien se prueba
    )


def _puerto(unidad: str, servicio: str, puerto: int) -> str:
    return _PUERTO.format(quien=unidad, servicio=servicio, puerto=puerto)


def _escribir_gateway(carpeta: Path) -> None:
    """La configuración de siempre; cambian solo las direcciones en que escucha cada papel."""
    for papel, desplazado in (("principal", 0), ("relevo", DEL_RELEVO)):
        configuracion = yaml.safe_load((carpeta / "traefik.yml").read_text("utf-8"))
        entradas = configuracion["entryPoints"]
        entradas["web"]["address"] = f"127.0.0.1:{GATEWAY.puerto + desplazado}"
        entradas["web"]["forwardedHeaders"] = {"trustedIPs": ["127.0.0.1/32"]}  # nginx
        entradas["interno"]["address"] = f"127.0.0.1:{PUERTO_INTERNO_DEL_GATEWAY + desplazado}"
        (carpeta / f"traefik.{papel}.yml").write_text(yaml.safe_dump(configuracion), "utf-8")
