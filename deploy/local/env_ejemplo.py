"""Genera `.env.example` de la configuración de los servicios: cada variable, su valor por defecto y qué es."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module

from procesos import GATEWAY_INTERNO, PORTAL, SERVICIOS, TODOS, Proceso

from chasis.config import AjustesBase
from portal.servicios import SERVICIOS as DEL_PORTAL

_CABECERA = """\
# Todas las variables de todos los servicios, con su valor por defecto. Copia este fichero como `.env`, quita la
# almohadilla de lo que quieras cambiar y vuelve a arrancar. Se genera con `make env-ejemplo`: no lo edites a mano.
"""
_DEL_GATEWAY = (
    ("GATEWAY_RITMO", "100", "Peticiones por segundo que se admiten de cada dirección"),
    ("GATEWAY_RAFAGA", "200", "Peticiones de golpe que se admiten por encima de ese ritmo"),
    (
        "GATEWAY_SALTOS",
        "0",
        "Proxies de confianza delante del gateway, para saber quién llama (X-Forwarded-For)",
    ),
    (
        "GATEWAY_PROXIES",
        "",
        "A qué redes se cree cuando dicen quién llama y que llegó por HTTPS: 10.0.0.0/24; varias, con comas",
    ),
    (
        "GATEWAY_REPARTO",
        "gateway",
        "Quién reparte entre las réplicas: gateway (una dirección cada una) o red (un nombre para todas)",
    ),
    (
        "GATEWAY_SALUD_PLAZO",
        "1s",
        "Lo que se espera a que un servicio diga que vive antes de darlo por caído",
    ),
)
_DEL_ARRANQUE = (
    ("WEB_PROCESOS", "2", "Procesos de cada servicio"),
    ("WEB_HILOS", "8", "Hilos de cada proceso"),
    ("RETIRADA", "0", "Segundos que un servicio sigue atendiendo tras SIGTERM mientras dice que se va"),
    ("PLAZO_DE_ARRANQUE", "60", "Segundos que `make run` espera a que todo esté listo"),
)
_DE_LOS_CONTENEDORES = (
    ("GATEWAY_HOST", "127.0.0.1", "Dirección de esta máquina en la que escucha el gateway; 0.0.0.0, todas"),
    ("PULSAR_PORT", "6650", "Puerto del broker en esta máquina"),
    ("PULSAR_PARTICIONES", "4", "En cuántas partes se crea cada tema; después no se cambia"),
    ("PROMETHEUS_PORT", "9090", "Puerto de Prometheus (`make up OBS=1`)"),
    ("GRAFANA_PORT", "3000", "Puerto de Grafana (`make up OBS=1`)"),
)


def main() -> None:
    print(_CABECERA)
    comunes = AjustesBase.model_fields
    _seccion("Comunes a todos los servicios", _de(AjustesBase, set()))
    for servicio in SERVICIOS:
        if servicio is not PORTAL:
            _seccion(servicio.carpeta.rpartition("/")[2], _de(_ajustes(servicio), set(comunes)))
    direcciones = (
        (s.variable, s.direccion, f"Dirección de {s.titulo}; varias, con comas") for s in DEL_PORTAL
    )
    del_portal = _de(_ajustes(PORTAL), {*comunes, "puerto", "direcciones"})
    _seccion(
        "Gateway y portal (`make run` las calcula de los puertos)", (*direcciones, *del_portal, *_DEL_GATEWAY)
    )
    puertos = (
        (p.variable, str(p.puerto_habitual), f"Puerto de {p.nombre}") for p in (*TODOS, GATEWAY_INTERNO)
    )
    _seccion("Puertos y procesos con `make run` (un servicio solo usa PORT)", (*puertos, *_DEL_ARRANQUE))
    _seccion("Solo con `make up`; los puertos de arriba valen también ahí", _DE_LOS_CONTENEDORES)


def _ajustes(servicio: Proceso) -> type[AjustesBase]:
    return import_module(f"{servicio.paquete}.arranque").Ajustes  # type: ignore[no-any-return]


def _de(ajustes: type[AjustesBase], salvo: set[str]) -> Iterator[tuple[str, str, str]]:
    for nombre, campo in ajustes.model_fields.items():
        if nombre not in salvo:
            defecto = "" if campo.default is None else str(campo.default)
            if isinstance(campo.default, list):
                defecto = json.dumps(campo.default)
            yield campo.alias or nombre.upper(), defecto, campo.description or ""


def _seccion(titulo: str, variables: object) -> None:
    print(f"# ── {titulo}")
    for nombre, defecto, descripcion in variables:  # type: ignore[attr-defined]
        print(f"# {descripcion}\n#{nombre}={defecto}")
    print()


if __name__ == "__main__":
    main()
