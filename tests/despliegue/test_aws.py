"""La plantilla de CloudFormation es correcta y, creada de verdad (en moto), da lo que promete y nada más."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import boto3
import pytest
from cfnlint.decode import decode
from moto import mock_aws

from tests.pila import RAIZ

PLANTILLA = RAIZ / "deploy/aws/centralita.yml"
SERVICIOS = {
    *("storage_service", "customer_service", "canales-service", "partners-service"),
    *("tuotempo-leads-service", "espacio-clientes-api", "centralita-portal", "centralita-gateway"),
}
pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..IAM..Group:UserWarning")


class Cuenta:
    """Una cuenta de AWS simulada con la pila creada en ella."""

    def __init__(self) -> None:
        self.ec2, self.iam = boto3.client("ec2"), boto3.client("iam")
        self.pila = boto3.client("cloudformation")
        # Lo único de la plantilla que moto no sabe crear.
        self.iam.create_group(GroupName="SkyApp_DevTeam")

    def crear(self, **otros: str) -> Self:
        self.ec2.create_key_pair(KeyName="centralita")
        subred = self.ec2.describe_subnets()["Subnets"][0]
        parametros = {
            "Red": subred["VpcId"],
            "Subred": subred["SubnetId"],
            "Clave": "centralita",
            "DesdeDondeSSH": "203.0.113.7/32",
            **otros,
        }
        self.pila.create_stack(
            StackName="centralita",
            TemplateBody=PLANTILLA.read_text("utf-8"),
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parametros.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        return self

    def recurso(self, nombre: str) -> str:
        suyo = self.pila.describe_stack_resource(StackName="centralita", LogicalResourceId=nombre)
        return suyo["StackResourceDetail"]["PhysicalResourceId"]


@pytest.fixture(scope="module")
def cuenta_vacia() -> Iterator[type[Cuenta]]:
    with pytest.MonkeyPatch.context() as entorno:
        for nombre in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            entorno.setenv(nombre, "de-prueba")
        entorno.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        with mock_aws():
            yield Cuenta


@pytest.fixture(scope="module")
def cuenta(cuenta_vacia) -> Cuenta:
    return cuenta_vacia().crear()


def test_cfn_lint_no_tiene_nada_que_decir():
    orden = [str(Path(sys.executable).with_name("cfn-lint")), str(PLANTILLA)]
    fin = subprocess.run(orden, capture_output=True, text=True, check=False)
    assert fin.returncode == 0, fin.stdout


def test_la_web_es_para_todos_y_ssh_solo_desde_la_red_que_se_dijo(cuenta):
    grupo = cuenta.recurso("Cortafuegos")
    (cortafuegos,) = cuenta.ec2.describe_security_groups(GroupIds=[grupo])["SecurityGroups"]
    entradas = {
        (regla["FromPort"], red["CidrIp"])
        for regla in cortafuegos["IpPermissions"]
        for red in regla["IpRanges"]
    }
    assert entradas == {(80, "0.0.0.0/0"), (443, "0.0.0.0/0"), (22, "203.0.113.7/32")}


def test_la_maquina_existe_y_su_papel_solo_escribe_sus_registros(cuenta):
    (reserva,) = cuenta.ec2.describe_instances(InstanceIds=[cuenta.recurso("Maquina")])["Reservations"]
    assert reserva["Instances"][0]["KeyName"] == "centralita"
    suya = politica_de(cuenta, cuenta.recurso("RolDeLaMaquina"))
    assert {accion.split(":")[0] for accion in acciones(suya)} == {"logs"}
    assert suya["Statement"][0]["Resource"].endswith(":log-group:/centralita/*")


def test_el_equipo_mira_y_cada_papel_puede_solo_lo_suyo(cuenta):
    (politica,) = cuenta.iam.list_attached_group_policies(GroupName="SkyApp_DevTeam")["AttachedPolicies"]
    arn = politica["PolicyArn"]
    version = cuenta.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    documento = cuenta.iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    solo_miran = ("Describe", "Get", "List", "Filter", "StartQuery", "AssumeRole")
    assert all(accion.split(":")[1].startswith(solo_miran) for accion in acciones(documento))
    for papel, puede in (
        ("SkyApp_Desarrollo", "ec2:RebootInstances"),
        ("SkyApp_TI", "ec2:StopInstances"),
        ("SkyApp_Soporte", "logs:GetLogEvents"),
    ):
        suya = politica_de(cuenta, papel)
        assert puede in acciones(suya)
        assert not [accion for accion in acciones(suya) if "*" in accion or accion.startswith("iam:")]
        confianza = cuenta.iam.get_role(RoleName=papel)["Role"]["AssumeRolePolicyDocument"]
        assert "MultiFactorAuthPresent" in json.dumps(confianza)


def test_el_evaluador_solo_lee_si_no_se_dice_otra_cosa(cuenta):
    assert cuenta.iam.get_user(UserName="Evaluator_SkyApp")["User"]["UserName"] == "Evaluator_SkyApp"
    plantilla, _ = decode(str(PLANTILLA))
    assert plantilla["Resources"]["Evaluador"]["Properties"]["ManagedPolicyArns"] == [
        {"Ref": "PoliticaDelEvaluador"}
    ]
    assert parametros_de(cuenta)["PoliticaDelEvaluador"].endswith("/ReadOnlyAccess")


def test_cada_servicio_tiene_su_grupo_de_registros_y_caducan(cuenta):
    grupos = boto3.client("logs").describe_log_groups(logGroupNamePrefix="/centralita/")["logGroups"]
    assert {grupo["logGroupName"].removeprefix("/centralita/") for grupo in grupos} == SERVICIOS
    assert {grupo["retentionInDays"] for grupo in grupos} == {30}


def test_el_evaluador_puede_administrar_como_en_el_readme():
    plantilla, _ = decode(str(PLANTILLA))
    patron = plantilla["Parameters"]["PoliticaDelEvaluador"]["AllowedPattern"]
    assert re.fullmatch(patron, "arn:aws:iam::aws:policy/AdministratorAccess")
    assert not re.fullmatch(patron, "AdministratorAccess")


def politica_de(cuenta: Cuenta, papel: str) -> dict:
    """La única de ese papel; moto guarda el texto del diccionario en vez de su JSON."""
    (nombre,) = cuenta.iam.list_role_policies(RoleName=papel)["PolicyNames"]
    documento = cuenta.iam.get_role_policy(RoleName=papel, PolicyName=nombre)["PolicyDocument"]
    return ast.literal_eval(documento) if isinstance(documento, str) else documento


def acciones(documento: dict) -> list[str]:
    de_cada_una = (s["Action"] for s in documento["Statement"])
    return [accion for suyas in de_cada_una for accion in ([suyas] if isinstance(suyas, str) else suyas)]


def parametros_de(cuenta: Cuenta) -> dict[str, str]:
    """Con los que quedó la pila; moto no adjunta a un usuario las políticas de su plantilla."""
    (pila,) = cuenta.pila.describe_stacks(StackName="centralita")["Stacks"]
    return {p["ParameterKey"]: p["ParameterValue"] for p in pila["Parameters"]}
