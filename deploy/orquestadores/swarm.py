"""La pila para Docker Swarm, derivada de docker-compose.yml: `make manifiestos` la deja en deploy/swarm."""

from __future__ import annotations

from typing import Any

import yaml
from compose import RAIZ, Pieza, piezas

FICHERO = RAIZ / "deploy/swarm/centralita.yml"
_CABECERA = """\
# Se genera con `make manifiestos` de docker-compose.yml y deploy/orquestadores/gestionadas.yml: no se edita a mano.
# Los secretos y la configuración del gateway los crea `make swarm`; qué admite, en docs/despliegue/swarm.md.
"""
_DEL_GATEWAY = ("rutas", "traefik")
_HUELLA = "${HUELLA_DEL_GATEWAY:?la pone make swarm}"
_UNA_SOLA = ("simulado",)  # su agenda está en memoria


def texto() -> str:
    todas = [pieza for pieza in piezas() if pieza.nombre != "temas"]  # los crea `make swarm`, antes que nada
    pila = {
        "version": "3.8",
        "services": {pieza.nombre: _servicio(pieza) for pieza in todas},
        "secrets": {s["source"]: {"external": True} for pieza in todas for s in pieza.secretos},
        # El nombre lleva la huella del contenido: unas rutas nuevas son una configuración nueva y una actualización.
        "configs": {uno: {"external": True, "name": f"{uno}_{_HUELLA}"} for uno in _DEL_GATEWAY},
        "volumes": {pieza.volumenes[0].split(":")[0]: {} for pieza in todas if pieza.volumenes},
        "networks": {"default": {"external": True, "name": "${RED:-centralita}"}},
    }
    return _CABECERA + yaml.safe_dump(pila, sort_keys=False, allow_unicode=True, width=118)


def _servicio(pieza: Pieza) -> dict[str, Any]:
    del_gateway = pieza.nombre == "gateway"
    campos = {
        "image": f"${{REGISTRO:-}}{pieza.imagen}:${{VERSION:-latest}}",
        "command": pieza.orden,
        "environment": pieza.entorno,
        "secrets": pieza.secretos,
        "configs": [{"source": uno, "target": f"/gateway/{uno}.yml"} for uno in _DEL_GATEWAY if del_gateway],
        # Lo único en lo que se puede escribir. `tmpfs: [/tmp]`, como en compose, aquí no hace nada.
        "volumes": [*pieza.volumenes, {"type": "tmpfs", "target": "/tmp"}],  # noqa: S108 — dentro del contenedor
        "ports": [_puerto_de_la_maquina()] if del_gateway else [],
        # Pregunta lo mismo que con compose; con más paciencia: aquí a quien no contesta se le quita de en medio.
        "healthcheck": {"interval": "3s", "timeout": "10s", "retries": 6, "start_period": "120s"},
        "read_only": True,
        "cap_drop": ["ALL"],
        "stop_grace_period": "30s",
        "deploy": _despliegue(pieza),
    }
    return {clave: valor for clave, valor in campos.items() if valor}


def _puerto_de_la_maquina() -> dict[str, Any]:
    """Directo a la máquina, sin la malla de entrada: el gateway ve así la dirección de quien llama."""
    return {"target": 8080, "published": "${GATEWAY_PORT:-8080}", "protocol": "tcp", "mode": "host"}


def _despliegue(pieza: Pieza) -> dict[str, Any]:
    # Una nueva sana antes de quitar la vieja, salvo donde no caben dos: un puerto de la máquina, o una agenda.
    solas = pieza.nombre == "gateway" or pieza.nombre in _UNA_SOLA
    orden = "stop-first" if solas else "start-first"
    cambio = {"parallelism": 1, "delay": "2s", "monitor": "10s", "order": orden}
    return {
        "endpoint_mode": "dnsrr",  # el nombre resuelve a todas las réplicas: no hace falta IPVS
        "replicas": _replicas(pieza),
        "update_config": {**cambio, "failure_action": "rollback"},
        "rollback_config": cambio,
        "restart_policy": {"condition": "any", "delay": "1s"},
        "resources": {"limits": {"memory": pieza.memoria}},
        **({"placement": {"max_replicas_per_node": 1}} if pieza.nombre == "gateway" else {}),
    }


def _replicas(pieza: Pieza) -> str | int:
    if pieza.nombre in _UNA_SOLA:
        return "${SIMULADO:-0}"
    if pieza.de_fondo:
        return 1
    return "${GATEWAY_REPLICAS:-1}" if pieza.nombre == "gateway" else "${REPLICAS:-2}"


if __name__ == "__main__":
    FICHERO.write_text(texto(), "utf-8")
    print(FICHERO.relative_to(RAIZ))
