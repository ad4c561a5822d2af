"""Despliega en la máquina EC2 desde la integración continua: `make desplegar`, o `make desplegar ROLLBACK=true`.

Lee del entorno los cuatro secretos del README (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, EC2_PUBLIC_IP y
SSH_PRIVATE_KEY), la región (AWS_REGION) y, si se dan, el usuario (EC2_USER) y la clave pública de la máquina
(EC2_HOST_KEY). Abre SSH solo para quien despliega, llama a `deploy/ec2/desplegar.sh` y cierra. Con `cerrar`, solo
cierra.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from typing import NoReturn

from deploy.ci import puerta

GUION = Path(__file__).resolve().parents[1] / "ec2/desplegar.sh"
USUARIO = "ec2-user"  # el de Amazon Linux
DE_AWS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "EC2_PUBLIC_IP")
SECRETOS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "SSH_PRIVATE_KEY")


def desplegar(maquina: IPv4Address, *, volver_atras: bool) -> int:
    """Ejecuta el guion con la puerta abierta y devuelve su código de salida."""
    with tempfile.TemporaryDirectory() as carpeta, puerta.abierta(maquina):
        opciones = ["--clave", _escribir(Path(carpeta, "clave"), os.environ["SSH_PRIVATE_KEY"])]
        if conocida := os.environ.get("EC2_HOST_KEY"):
            opciones += ["--conocidas", _escribir(Path(carpeta, "conocidas"), f"{maquina} {conocida}")]
        opciones += ["--rollback"] if volver_atras else []
        orden = [str(GUION), *opciones, f"{os.environ.get('EC2_USER') or USUARIO}@{maquina}"]
        # Los secretos ya no hacen falta: el guion no los ve.
        sin_secretos = {k: v for k, v in os.environ.items() if k not in SECRETOS}
        return subprocess.run(orden, env=sin_secretos, check=False).returncode


def _escribir(fichero: Path, texto: str) -> str:
    fichero.touch(mode=0o600)
    # ssh rechaza una clave sin salto final o con los de Windows.
    fichero.write_text("\n".join(texto.strip().splitlines()) + "\n", "utf-8")
    return str(fichero)


def _exigir(nombres: tuple[str, ...]) -> None:
    if faltan := [nombre for nombre in nombres if not os.environ.get(nombre)]:
        raise SystemExit(
            f"Para desplegar faltan: {', '.join(faltan)}. deploy/ci/README.md dice dónde se ponen."
        )


def _maquina() -> IPv4Address:
    try:
        return IPv4Address(os.environ["EC2_PUBLIC_IP"].strip())
    except AddressValueError as error:
        raise SystemExit("EC2_PUBLIC_IP tiene que ser una dirección IPv4, sin nada más.") from error


def _cancelado(*_: object) -> NoReturn:
    raise SystemExit("Despliegue cancelado.")


def main() -> int:
    # GitHub avisa antes de matar: da tiempo a cerrar la puerta.
    signal.signal(signal.SIGTERM, _cancelado)
    signal.signal(signal.SIGINT, _cancelado)
    _exigir(DE_AWS)
    if sys.argv[1:] == ["cerrar"]:
        print(f"Reglas de SSH cerradas: {puerta.cerrar(_maquina())}.")
        return 0
    _exigir(("SSH_PRIVATE_KEY",))
    return desplegar(_maquina(), volver_atras=os.environ.get("ROLLBACK") == "true")


if __name__ == "__main__":
    sys.exit(main())
