"""La plantilla de CloudFormation es correcta y, creada de verdad (en moto), da lo que promete y nada más."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from tests.pila import RAIZ

PLANTILLA = RAIZ / "deploy/aws/centralita.yml"
SERVICIOS = {
    *("storage_service", "customer_service", "canales-service", "partners-service"),
    *("tuotempo-leads-service", "espacio-clientes-api", "centralita-portal", "centralita-gateway"),
}
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # los de moto y botocore


@pytest.fixture(autouse=True)
def sin_cuenta(monkeypatch) -> None:
    for nombre in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(nombre, "de-prueba")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")


class Cuenta:
    """Una cuenta de AWS simulada en la que crear la pila."""

    def __init__(self) -> None:
        self.ec2, self.iam = boto3.client("ec2"), boto3.client("iam")

    def crear(self, **otros: str) -> None:
        imagen = self.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        self.ec2.create_key_pair(KeyName="centralita")
        self.subred = self.ec2.describe_subnets()["Subnets"][0]
        parametros = {
            "Red": self.subred["VpcId"],
            "Subred": self.subred["SubnetId"],
            "Clave": "centralita",
            "DesdeDondeSSH": "203.0.113.7/32",
            **otros,
        }
        plantilla = PLANTILLA.read_text("utf-8").replace(
            "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "AWS::EC2::Image::Id"
        )
        parametros["Imagen"] = imagen  # moto no publica las imágenes de Amazon Linux como parámetros
        boto3.client("cloudformation").create_stack(
            StackName="centralita",
            TemplateBody=plantilla,
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parametros.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )


@pytest.fixture
def cuenta() -> Iterator[Cuenta]:
    with mock_aws():
        yield Cuenta()


def test_cfn_lint_no_tiene_nada_que_decir():
    orden = [str(Path(sys.executable).with_name("cfn-lint")), str(PLANTILLA)]
    fin = subprocess.run(orden, capture_output=True, text=True, check=False)
    assert fin.returncode == 0, fin.stdout


def test_la_web_es_para_todos_y_ssh_solo_desde_la_red_que_se_dijo(cuenta):
    cuenta.crear()
    (maquina,) = cuenta.ec2.describe_instances()["Reservations"][0]["Instances"]
    grupos = [grupo["GroupId"] for grupo in maquina["SecurityGroups"]]
    (cortafuegos,) = cuenta.ec2.describe_security_groups(GroupIds=grupos)["SecurityGroups"]
    entradas = {
        (regla["FromPort"], red["CidrIp"])
        for regla in cortafuegos["IpPermissions"]
        for red in regla["IpRanges"]
    }
    assert entradas == {(80, "0.0.0.0/0"), (443, "0.0.0.0/0"), (22, "203.0.113.7/32")}
    assert maquina["MetadataOptions"]["HttpTokens"] == "required"


def test_el_equipo_mira_y_cada_papel_puede_solo_lo_suyo(cuenta):
    cuenta.crear()
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
        (nombre,) = cuenta.iam.list_role_policies(RoleName=papel)["PolicyNames"]
        suya = cuenta.iam.get_role_policy(RoleName=papel, PolicyName=nombre)["PolicyDocument"]
        assert puede in acciones(suya)
        assert not [accion for accion in acciones(suya) if "*" in accion or accion.startswith("iam:")]
        confianza = cuenta.iam.get_role(RoleName=papel)["Role"]["AssumeRolePolicyDocument"]
        assert "MultiFactorAuthPresent" in json.dumps(confianza)


def test_el_evaluador_solo_lee_si_no_se_dice_otra_cosa(cuenta):
    cuenta.crear()
    assert politicas_del_evaluador(cuenta) == ["ReadOnlyAccess"]


def test_el_evaluador_puede_administrar_como_en_el_readme(cuenta):
    cuenta.crear(PoliticaDelEvaluador="arn:aws:iam::aws:policy/AdministratorAccess")
    assert politicas_del_evaluador(cuenta) == ["AdministratorAccess"]


def test_cada_servicio_tiene_su_grupo_de_registros_y_caducan(cuenta):
    cuenta.crear()
    grupos = boto3.client("logs").describe_log_groups(logGroupNamePrefix="/centralita/")["logGroups"]
    assert {grupo["logGroupName"].removeprefix("/centralita/") for grupo in grupos} == SERVICIOS
    assert {grupo["retentionInDays"] for grupo in grupos} == {30}


def acciones(documento: dict) -> list[str]:
    de_cada_una = (s["Action"] for s in documento["Statement"])
    return [accion for suyas in de_cada_una for accion in ([suyas] if isinstance(suyas, str) else suyas)]


def politicas_del_evaluador(cuenta: Cuenta) -> list[str]:
    adjuntas = cuenta.iam.list_attached_user_policies(UserName="Evaluator_SkyApp")["AttachedPolicies"]
    return [politica["PolicyName"] for politica in adjuntas]
