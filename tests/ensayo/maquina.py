"""Una máquina con systemd y sshd en un contenedor, y el repositorio de quien despliega en ella."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.pila import RAIZ, esperar

IMAGEN = "centralita-ensayo"
# Lo justo para que systemd sea el primer proceso, sin dar al contenedor todos los permisos.
_COMO_MAQUINA = (
    *("--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", "--cgroupns=host"),
    *("-v", "/sys/fs/cgroup:/sys/fs/cgroup:rw", "--tmpfs", "/run", "-e", "container=docker"),
    *("-v", "centralita-ensayo-pip:/root/.cache/pip"),  # lo descargado una vez, para el siguiente ensayo
)
# En una máquina compartida, un contenedor entero puede contar como un solo proceso: `--cpu-shares` y demás, por aquí.
_DE_MAS = os.environ.get("ENSAYO_DOCKER", "").split()
_DE_PIP = ("index-url", "extra-index-url", "trusted-host", "cert", "timeout")


def ejecutar(
    *orden: str, exigir: bool = True, entrada: str = "", carpeta: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(orden, check=exigir, input=entrada, cwd=carpeta, capture_output=True, text=True)


class Maquina:
    """`direccion` es la suya en la red de Docker; se entra por SSH como `admin`, con `clave`."""

    def __init__(self, carpeta: Path) -> None:
        self.carpeta, self.clave, self.conocidas = carpeta, carpeta / "clave", carpeta / "conocidas"
        self.nombre = f"centralita-ensayo-{int(time.time())}"
        ejecutar(
            "docker",
            "build",
            "-q",
            "--network",
            "host",
            "-t",
            IMAGEN,
            str(RAIZ / "tests/ensayo"),
        )
        ejecutar("docker", "run", "-d", "--name", self.nombre, *_COMO_MAQUINA, *_DE_MAS, IMAGEN)
        try:
            self._preparar()
        except BaseException:
            self.quitar()
            raise

    def _preparar(self) -> None:
        formato = "{{json .NetworkSettings.Networks}}"
        redes = json.loads(ejecutar("docker", "inspect", "-f", formato, self.nombre).stdout)
        self.direccion = next(iter(redes.values()))["IPAddress"]
        esperar(lambda: self.dentro("systemctl is-system-running").strip() == "running", 30)
        ejecutar("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.clave))
        publica = self.clave.with_suffix(".pub").read_text()
        self.dentro("install -d -m 700 -o admin -g admin /home/admin/.ssh")
        self.dentro("install -m 600 -o admin -g admin /dev/stdin /home/admin/.ssh/authorized_keys", publica)
        anfitrion = self.dentro("cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub").strip()
        self.conocidas.write_text(f"{self.direccion} {anfitrion}\n")
        self.dentro("cat > /etc/pip.conf", _configuracion_de_pip())

    def dentro(self, orden: str, entrada: str = "") -> str:
        """Ejecuta una orden como root, sin pasar por SSH, y da lo que escribe."""
        return ejecutar(
            "docker", "exec", "-i", self.nombre, "sh", "-c", orden, entrada=entrada, exigir=False
        ).stdout

    def en_marcha(self) -> str:
        return Path(self.dentro("readlink /opt/centralita/actual").strip()).name

    def quitar(self) -> None:
        ejecutar("docker", "rm", "-f", "-v", self.nombre)


class Repositorio:
    """Una copia del repositorio en la que se hacen los cambios que se despliegan."""

    def __init__(self, carpeta: Path) -> None:
        self.carpeta = carpeta
        ejecutar("git", "clone", "-q", str(RAIZ), str(carpeta))
        self.git("config", "user.name", "Ensayo")
        self.git("config", "user.email", "ensayo@example.com")

    def git(self, *argumentos: str) -> str:
        return ejecutar("git", "-C", str(self.carpeta), *argumentos).stdout

    def cambiar(self, fichero: str, antes: str, despues: str) -> None:
        ruta = self.carpeta / fichero
        texto = ruta.read_text("utf-8") if ruta.exists() else ""
        assert antes in texto
        ruta.write_text(texto.replace(antes, despues, 1) if antes else texto + despues, "utf-8")

    def confirmar(self, mensaje: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", mensaje)


class Despliegue:
    """Lo que ha dicho `desplegar.sh`, con qué código terminó y cuánto tardó."""

    def __init__(self, repositorio: Repositorio, maquina: Maquina, *opciones: str) -> None:
        orden = [
            "deploy/ec2/desplegar.sh",
            "--clave",
            str(maquina.clave),
            "--conocidas",
            str(maquina.conocidas),
        ]
        inicio = time.monotonic()
        fin = ejecutar(
            *orden, *opciones, f"admin@{maquina.direccion}", carpeta=repositorio.carpeta, exigir=False
        )
        self.segundos = time.monotonic() - inicio
        self.codigo, self.texto = fin.returncode, fin.stdout + fin.stderr
        print(f"\n$ desplegar.sh {' '.join(opciones)} → {self.codigo} en {self.segundos:.1f} s\n{self.texto}")


def _configuracion_de_pip() -> str:
    """La de esta máquina, leída al vuelo: dónde está su índice no se escribe en ningún fichero del repositorio."""
    lineas = ejecutar(sys.executable, "-m", "pip", "config", "list").stdout
    ajustes = dict(re.findall(r"^(?:global|user|site|:env:)\.([\w-]+)='(.*)'$", lineas, re.MULTILINE))
    return "[global]\n" + "".join(f"{clave} = {ajustes[clave]}\n" for clave in _DE_PIP if clave in ajustes)
