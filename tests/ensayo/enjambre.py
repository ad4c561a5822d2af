"""Un enjambre de Docker de una sola máquina para ensayar: la pila entera y, al lado, sus bases de datos."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

from tests.pila import RAIZ, esperar, puertos_libres

PILA = "centralita-swarm"
_BUCKET = "fichas"
_BASES = {"canales": "canales_bd", "almacen": "almacen_bd", "clientes": "clientes_bd"}


class Enjambre:
    """La pila desplegada con `deploy/swarm/desplegar.py`; `url` es la del gateway."""

    def __init__(self, carpeta: Path) -> None:
        self.secretos = carpeta / "secretos"
        (self.puerto,) = puertos_libres(1)
        self.url = f"http://127.0.0.1:{self.puerto}"
        self.entorno = {
            **os.environ, "PILA": PILA, "RED": PILA, "SECRETOS_DIR": str(self.secretos),
            "VERSION": os.environ.get("VERSION") or "latest", "ENVIRONMENT": "development",
            "GATEWAY_PORT": str(self.puerto), "GATEWAY_RITMO": "1000000", "GATEWAY_RAFAGA": "1000000",
            "REPLICAS": "1", "SIMULADO": "1", "TUOTEMPO_ENVIRONMENT": "PRE",
            "TUOTEMPO_BASE_URL": "http://simulado:8000",
            "MYSQL_HOST": "mysql", "STORAGE_URL": f"s3://{_BUCKET}",
            "PULSAR_URL": "pulsar://broker:6651", "PULSAR_ADMIN_URL": "http://broker:8080",
        }  # fmt: skip

    @contextmanager
    def en_marcha(self) -> Iterator[Enjambre]:
        if docker("info", "--format", "{{.Swarm.LocalNodeState}}") != "inactive":
            raise RuntimeError("Esta máquina ya está en un enjambre: el ensayo crea el suyo y lo deshace")
        docker("swarm", "init", "--advertise-addr", "127.0.0.1")
        try:
            docker("network", "create", "--driver", "overlay", "--attachable", PILA)
            self._secretos()
            self._datos("up", "--detach", "--wait", "postgres", "mysql", "broker")
            for base in _BASES:
                self._datos("exec", "-T", "postgres", "createdb", "-U", "partners", base)
            with self._documentos():
                self.orden("desplegar")
                esperar(self.entera, 600)
                yield self
        finally:
            self._deshacer()

    def _deshacer(self) -> None:
        docker("stack", "rm", PILA, puede_fallar=True)
        esperar(lambda: not contenedores(), 120)
        self._datos("down", "--volumes", "--timeout", "5")
        docker("swarm", "leave", "--force")
        volumenes = docker("volume", "ls", "--quiet", "--filter", f"label=com.docker.stack.namespace={PILA}")
        for volumen in volumenes.split():
            docker("volume", "rm", volumen)
        docker("network", "rm", "docker_gwbridge", puede_fallar=True)

    def orden(self, orden: str) -> None:
        programa = str(RAIZ / "deploy/swarm/desplegar.py")
        subprocess.run([sys.executable, programa, orden], env=self.entorno, check=True, stdout=sys.stderr)

    def entera(self) -> bool:
        """Todos los servicios tienen sus réplicas sanas."""
        time.sleep(1)  # preguntar sin parar quitaría la máquina a quien está arrancando
        servicios = docker("service", "ls", "--format", "{{.Replicas}}").splitlines()
        hay_de_cuantas = [replicas.partition(" ")[0].split("/") for replicas in servicios]
        return bool(servicios) and all(hay == cuantas for hay, cuantas in hay_de_cuantas)

    def _secretos(self) -> None:
        runpy.run_path(str(RAIZ / "deploy/compose/pila.py"))["guardar_secretos"](self.secretos)
        de_partners = (self.secretos / "partners_bd").read_text()
        for base, secreto in _BASES.items():
            (self.secretos / secreto).write_text(de_partners.removesuffix("partners") + base)
        (self.secretos / "leads_tuotempo").write_text("no-hace-falta")
        credenciales = "[default]\naws_access_key_id=ensayo\naws_secret_access_key=ensayo\n"
        (self.secretos / "almacen_s3").write_text(credenciales)

    @contextmanager
    def _documentos(self) -> Iterator[None]:
        """Un S3 (el de moto) en la dirección por la que los contenedores del enjambre ven a esta máquina."""
        puerta = docker("network", "inspect", "docker_gwbridge", "-f", "{{(index .IPAM.Config 0).Gateway}}")
        servidor = ThreadedMotoServer(puerta, 0, verbose=False)
        servidor.start()
        self.entorno["AWS_ENDPOINT_URL_S3"] = f"http://{puerta}:{servidor.get_host_and_port()[1]}"
        boto3.client(
            "s3", endpoint_url=self.entorno["AWS_ENDPOINT_URL_S3"], region_name="us-east-1",
            aws_access_key_id="ensayo", aws_secret_access_key="ensayo",
        ).create_bucket(Bucket=_BUCKET)  # fmt: skip
        try:
            yield
        finally:
            servidor.stop()

    def _datos(self, *orden: str) -> None:
        ficheros = ("--file", "docker-compose.yml", "--file", "tests/ensayo/gestionadas.yml")
        entorno = {**self.entorno, "RED_DE_PULSAR": PILA}
        proyecto = ("docker", "compose", "--project-name", f"{PILA}-datos", "--project-directory", ".")
        subprocess.run([*proyecto, *ficheros, *orden], cwd=RAIZ, env=entorno, check=True, stdout=sys.stderr)


def docker(*orden: str, puede_fallar: bool = False) -> str:
    hecho = subprocess.run(["docker", *orden], capture_output=True, text=True, check=False)
    if hecho.returncode and not puede_fallar:
        raise AssertionError(f"docker {' '.join(orden)}: {hecho.stderr}")
    return hecho.stdout.strip()


def contenedores(servicio: str = "") -> list[str]:
    """Los de una réplica en marcha de ese servicio, o los de toda la pila."""
    de_uno, de_todos = f"swarm.service.name={PILA}_{servicio}", f"stack.namespace={PILA}"
    etiqueta = f"com.docker.{de_uno if servicio else de_todos}"
    return docker("ps", "--quiet", "--filter", f"label={etiqueta}").split()
