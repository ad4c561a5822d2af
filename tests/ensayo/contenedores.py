"""La pila real para un ensayo: las mismas órdenes de `make`, con un proyecto y unos puertos propios."""

from __future__ import annotations

import os
import subprocess

from tests import pila
from tests.pila import RAIZ, puertos_libres

_PUBLICADOS = ("canales", "almacen", "clientes", "partners", "leads", "espacio", "gateway")
PUERTOS = {"pulsar": "PULSAR_PORT", **{nombre: pila.PUERTOS[nombre] for nombre in _PUBLICADOS}}


class PilaReal:
    proyecto = "centralita-ensayo"

    def __init__(self) -> None:
        self.puertos = dict(zip(PUERTOS, puertos_libres(len(PUERTOS)), strict=True))
        propios = {PUERTOS[nombre]: str(puerto) for nombre, puerto in self.puertos.items()}
        sin_limite = {"GATEWAY_RITMO": "1000000", "GATEWAY_RAFAGA": "1000000"}
        self.entorno = {
            **os.environ, **propios, **sin_limite, "COMPOSE_PROJECT_NAME": self.proyecto, "ORACLE": "0", "SI": "1",
        }  # fmt: skip

    def make(self, orden: str, *argumentos: str, **entorno: str) -> str:
        hecho = subprocess.run(
            ["make", "-s", orden, *argumentos],
            cwd=RAIZ, env={**self.entorno, **entorno}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert hecho.returncode == 0, f"make {orden}: {hecho.stdout[-3000:]}\n{hecho.stderr[-3000:]}"
        return hecho.stdout

    def docker(self, *orden: str) -> str:
        return subprocess.run(["docker", *orden], check=True, capture_output=True, text=True).stdout

    def ejecutar(self, servicio: str, *orden: str, entorno: str = "") -> str:
        variables = ["--env", entorno] if entorno else []
        return self.docker("exec", *variables, f"{self.proyecto}-{servicio}-1", *orden)

    def contenedores(self) -> list[str]:
        """Los que están en marcha: servicios, trabajadores, bases de datos y Pulsar."""
        filtro = f"label=com.docker.compose.project={self.proyecto}"
        return sorted(self.docker("ps", "--filter", filtro, "--format", "{{.Names}}").split())

    def sano(self, contenedor: str) -> bool:
        return self.docker("inspect", "--format", "{{.State.Health.Status}}", contenedor).strip() == "healthy"

    def url(self, servicio: str) -> str:
        return f"http://127.0.0.1:{self.puertos[servicio]}"

    def por_el_gateway(self, servicio: str) -> str:
        return f"{self.url('gateway')}/{servicio}"
