"""La puerta SSH de la máquina de producción: abierta solo para quien despliega y solo mientras despliega."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from typing import Any

import boto3
from botocore.config import Config

# Marca las reglas que abrimos nosotros: al cerrar se quitan esas, y ninguna que haya puesto otro.
MARCA = "centralita: despliegue en curso"
_QUIEN_SOY = "https://checkip.amazonaws.com"


@contextmanager
def abierta(maquina: IPv4Address) -> Iterator[None]:
    """Deja entrar por SSH a esta dirección y solo a ella; al salir, pase lo que pase, cierra."""
    cerrar(maquina)  # lo que dejara una ejecución a la que no le dio tiempo
    _abrir(maquina, mi_direccion())
    try:
        yield
    finally:
        cerrar(maquina)


def cerrar(maquina: IPv4Address) -> int:
    """Quita las reglas que abrimos nosotros y dice cuántas eran. Se puede repetir."""
    ec2 = _ec2()
    grupo = _grupo(ec2, maquina)
    reglas = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [grupo]}])
    nuestras = [
        r["SecurityGroupRuleId"] for r in reglas["SecurityGroupRules"] if r.get("Description") == MARCA
    ]
    if nuestras:
        ec2.revoke_security_group_ingress(GroupId=grupo, SecurityGroupRuleIds=nuestras)
    return len(nuestras)


def mi_direccion() -> IPv4Address:
    """La dirección con la que salimos a Internet, según AWS."""
    quien_soy = os.environ.get("QUIEN_SOY_URL", _QUIEN_SOY)
    with urllib.request.urlopen(quien_soy, timeout=10) as respuesta:  # noqa: S310  la pone quien despliega
        return IPv4Address(respuesta.read(64).decode().strip())


def _abrir(maquina: IPv4Address, para: IPv4Address) -> None:
    ec2 = _ec2()
    permiso = {
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "IpRanges": [{"CidrIp": f"{para}/32", "Description": MARCA}],
    }
    try:
        ec2.authorize_security_group_ingress(GroupId=_grupo(ec2, maquina), IpPermissions=[permiso])
    except ec2.exceptions.ClientError as error:
        # Alguien ya dejó entrar a esta dirección: sirve, y no es nuestra para quitarla.
        if error.response["Error"]["Code"] != "InvalidPermission.Duplicate":
            raise


def _ec2() -> Any:
    plazos = Config(
        connect_timeout=10, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 4}
    )
    return boto3.client("ec2", os.environ["AWS_REGION"], config=plazos)  # boto3 no lee AWS_REGION por sí solo


def _grupo(ec2: Any, maquina: IPv4Address) -> str:
    filtro = [{"Name": "ip-address", "Values": [str(maquina)]}]
    for reserva in ec2.describe_instances(Filters=filtro)["Reservations"]:
        for instancia in reserva["Instances"]:
            identificador: str = instancia["SecurityGroups"][0]["GroupId"]
            return identificador
    raise SystemExit(
        f"En la región {ec2.meta.region_name} no hay ninguna instancia con la dirección {maquina}: "
        "revisa EC2_PUBLIC_IP y AWS_REGION."
    )
