"""El despliegue desde la integración continua: SSH abierto solo para esta máquina y solo mientras dura."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from deploy.ci import desplegar, puerta
from tests.pila import RAIZ, esperar
from tests.vecino import contestar

AQUI = "203.0.113.7"
# Hace de deploy/ec2/desplegar.sh: apunta con qué lo llaman y qué reglas hay mientras tanto.
GUION = f"""#!{sys.executable}
import json, os, pathlib, sys, time
opciones = dict(zip(sys.argv[1::2], sys.argv[2::2]))
clave = pathlib.Path(opciones["--clave"])
pathlib.Path(os.environ["APUNTE"]).write_text(json.dumps({{
    "orden": sys.argv[1:], "clave": clave.read_text(), "modo": clave.stat().st_mode,
    "conocidos": pathlib.Path(opciones.get("--conocidas", os.devnull)).read_text(),
    "secretos": [n for n in os.environ if n.endswith(("_KEY", "_KEY_ID"))],
}}))
time.sleep(float(os.environ.get("DURA", "0")))
sys.exit(int(os.environ.get("SALE", "0")))
"""
MAIN = "import sys; from deploy.ci import desplegar; desplegar.GUION = sys.argv.pop(); sys.exit(desplegar.main())"


class Nube:
    """Una máquina en el EC2 de moto, con un grupo de seguridad sin más reglas que las que se le pongan."""

    def __init__(self, vecino, carpeta, url):
        self.carpeta, self.apunte = carpeta, carpeta / "apunte.json"
        self.guion = carpeta / "desplegar.sh"
        self.guion.write_text(GUION, "utf-8")
        self.guion.chmod(0o700)
        vecino.responder = lambda manejador: contestar(manejador, 200, f"{AQUI}\n".encode())
        self.aws = {
            "AWS_ENDPOINT_URL": url,
            "AWS_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "de-prueba",
            "AWS_SECRET_ACCESS_KEY": "de-prueba",
        }
        self.ec2 = boto3.client("ec2", "eu-west-1", endpoint_url=url)
        self.grupo = self.ec2.create_security_group(GroupName=carpeta.name, Description="SSH")["GroupId"]
        imagen = self.ec2.describe_images()["Images"][0]["ImageId"]
        creada = self.ec2.run_instances(ImageId=imagen, MinCount=1, MaxCount=1, SecurityGroupIds=[self.grupo])
        ids = [creada["Instances"][0]["InstanceId"]]
        maquina = self.ec2.describe_instances(InstanceIds=ids)["Reservations"][0]["Instances"][0]
        self.ip = maquina["PublicIpAddress"]
        self.entorno = {
            **os.environ,
            **self.aws,
            "MAKEFLAGS": "",
            "QUIEN_SOY_URL": vecino.url,
            "EC2_PUBLIC_IP": self.ip,
            "SSH_PRIVATE_KEY": "una clave\r\nde prueba",
            "APUNTE": str(self.apunte),
        }

    def orden(self, *argumentos):
        return [sys.executable, "-c", MAIN, *argumentos, str(self.guion)]

    def desplegar(self, *argumentos, **entorno):
        return subprocess.run(
            self.orden(*argumentos),
            cwd=RAIZ,
            env={**self.entorno, **entorno},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def abiertas(self):
        filtro = [{"Name": "group-id", "Values": [self.grupo]}]
        reglas = self.ec2.describe_security_group_rules(Filters=filtro)["SecurityGroupRules"]
        return sorted(r["CidrIpv4"] for r in reglas if not r["IsEgress"])

    def dejar_entrar(self, direccion, descripcion):
        rango = {"CidrIp": direccion, "Description": descripcion}
        permiso = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [rango]}
        self.ec2.authorize_security_group_ingress(GroupId=self.grupo, IpPermissions=[permiso])


@pytest.fixture(scope="module")
def servidor_aws():
    servidor = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    servidor.start()
    yield "http://{}:{}".format(*servidor.get_host_and_port())
    servidor.stop()


@pytest.fixture
def nube(vecino, tmp_path, servidor_aws, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "de-prueba")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "de-prueba")
    return Nube(vecino, tmp_path, servidor_aws)


def test_llama_al_guion_con_la_maquina_y_la_clave_y_sin_los_secretos(nube):
    assert nube.desplegar().returncode == 0
    apunte = json.loads(nube.apunte.read_text())
    clave = apunte["orden"][1]
    assert apunte["orden"] == ["--clave", clave, f"ec2-user@{nube.ip}"]
    assert apunte["clave"] == "una clave\nde prueba\n"
    assert stat.S_IMODE(apunte["modo"]) == 0o600
    assert apunte["secretos"] == []
    assert not Path(clave).exists()


def test_volver_atras_es_la_misma_orden_con_rollback(nube):
    nube.desplegar(ROLLBACK="true", EC2_USER="admin")
    assert json.loads(nube.apunte.read_text())["orden"][2:] == ["--rollback", f"admin@{nube.ip}"]
    nube.desplegar(ROLLBACK="false")
    assert "--rollback" not in json.loads(nube.apunte.read_text())["orden"]


def test_la_clave_del_servidor_llega_al_guion_si_se_conoce(nube):
    nube.desplegar(EC2_HOST_KEY="ssh-ed25519 AAAA")
    assert json.loads(nube.apunte.read_text())["conocidos"] == f"{nube.ip} ssh-ed25519 AAAA\n"
    nube.desplegar()
    assert json.loads(nube.apunte.read_text())["conocidos"] == ""


def test_si_el_guion_falla_se_sabe_y_la_puerta_se_cierra(nube):
    assert nube.desplegar(SALE="3").returncode == 3
    assert nube.abiertas == []


@pytest.mark.parametrize("senal", [signal.SIGINT, signal.SIGTERM])
def test_la_puerta_esta_abierta_solo_para_esta_maquina_y_cancelar_la_cierra(nube, senal):
    nube.dejar_entrar("198.51.100.0/24", "la oficina")
    proceso = subprocess.Popen(nube.orden(), cwd=RAIZ, env={**nube.entorno, "DURA": "60"})
    esperar(nube.apunte.exists)
    assert nube.abiertas == ["198.51.100.0/24", f"{AQUI}/32"]
    proceso.send_signal(senal)
    assert proceso.wait(20) != 0
    assert nube.abiertas == ["198.51.100.0/24"]


def test_cerrar_quita_lo_que_dejo_una_ejecucion_a_la_que_mataron(nube):
    nube.dejar_entrar("203.0.113.99/32", puerta.MARCA)
    nube.dejar_entrar("198.51.100.0/24", "la oficina")
    assert nube.desplegar("cerrar").stdout == "Reglas de SSH cerradas: 1.\n"
    assert nube.desplegar("cerrar").stdout == "Reglas de SSH cerradas: 0.\n"
    assert nube.abiertas == ["198.51.100.0/24"]


def test_si_otro_ya_dejaba_entrar_a_esta_maquina_su_regla_se_queda(nube):
    nube.dejar_entrar(f"{AQUI}/32", "de antes")
    assert nube.desplegar().returncode == 0
    assert nube.abiertas == [f"{AQUI}/32"]


@pytest.mark.parametrize(
    ("entorno", "mensaje"),
    [
        ({"SSH_PRIVATE_KEY": ""}, "Para desplegar faltan: SSH_PRIVATE_KEY."),
        ({"AWS_REGION": "", "EC2_PUBLIC_IP": ""}, "Para desplegar faltan: AWS_REGION, EC2_PUBLIC_IP."),
        ({"EC2_PUBLIC_IP": "-oProxyCommand=x"}, "EC2_PUBLIC_IP tiene que ser una dirección IPv4"),
        (
            {"EC2_PUBLIC_IP": "192.0.2.1"},
            "no hay ninguna instancia con la dirección 192.0.2.1: revisa EC2_PUBLIC_IP",
        ),
    ],
)
def test_lo_que_falta_se_dice_antes_de_tocar_nada(nube, entorno, mensaje):
    hecho = subprocess.run(
        ["make", "-s", "desplegar"],
        cwd=RAIZ,
        env={**nube.entorno, **entorno},
        capture_output=True,
        text=True,
        check=False,
    )
    assert hecho.returncode != 0
    assert mensaje in hecho.stderr
    assert "Traceback" not in hecho.stderr
    assert nube.abiertas == []


def test_make_cerrar_ssh_cierra(nube):
    nube.dejar_entrar("203.0.113.99/32", puerta.MARCA)
    hecho = subprocess.run(
        ["make", "-s", "cerrar-ssh"], cwd=RAIZ, env=nube.entorno, capture_output=True, text=True, check=True
    )
    assert hecho.stdout == "Reglas de SSH cerradas: 1.\n"


@pytest.mark.skipif(not desplegar.GUION.exists(), reason="falta deploy/ec2/desplegar.sh")
def test_el_guion_de_verdad_entiende_la_orden_y_solo_se_fia_de_la_maquina_conocida(nube):
    ssh = nube.carpeta / "ssh"
    ssh.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {nube.apunte}\n', "utf-8")
    ssh.chmod(0o700)
    nube.guion = desplegar.GUION
    hecho = nube.desplegar(
        ROLLBACK="true",
        EC2_HOST_KEY="ssh-ed25519 AAAA",
        PATH=f"{nube.carpeta}:{os.environ['PATH']}",
    )
    assert hecho.returncode == 0, hecho.stderr
    recibido = nube.apunte.read_text("utf-8").splitlines()
    assert "StrictHostKeyChecking=yes" in recibido
    assert any(parte.startswith("UserKnownHostsFile=") for parte in recibido)
    assert f"ec2-user@{nube.ip}" in recibido
    assert "volver" in recibido
