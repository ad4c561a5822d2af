"""Los manifiestos de Swarm y de Kubernetes: salen de docker-compose.yml y no nombran nada que no exista."""

import re
import runpy
import shutil
import subprocess
import sys

import kubernetes_validate
import pytest
import yaml

from canales.config import Ajustes as AjustesDeCanales
from chasis.config import AjustesBase
from customer_service.config import Ajustes as AjustesDeClientes
from espacio_clientes.config.settings import Ajustes as AjustesDeEspacio
from partners.config import Ajustes as AjustesDePartners
from portal.config import Ajustes as AjustesDelPortal
from portal.servicios import SERVICIOS
from storage_service.config import Ajustes as AjustesDeAlmacen
from tests.pila import RAIZ
from tuotempo_leads.config import Ajustes as AjustesDeLeads
from tuotempo_simulado.config import Ajustes as AjustesDelSimulador

K8S = RAIZ / "deploy/k8s"
AJUSTES = {
    "canales": AjustesDeCanales,
    "almacen": AjustesDeAlmacen,
    "clientes": AjustesDeClientes,
    "partners": AjustesDePartners,
    "leads": AjustesDeLeads,
    "espacio": AjustesDeEspacio,
    "simulado": AjustesDelSimulador,
    "portal": AjustesDelPortal,
}
# Las que no lee pydantic: las de gunicorn y el retiro, las del programa de los temas y las de la biblioteca de S3.
DE_OTROS = {
    "RETIRADA", "WEB_PROCESOS", "WEB_HILOS", "PULSAR_PARTICIONES", "PULSAR_ADMIN_URL", "PORTAL_URL",
    "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3", "AWS_SHARED_CREDENTIALS_FILE", "credenciales_s3",
}  # fmt: skip
VERSION_DE_LOS_ESQUEMAS = "1.37"


def documentos(*carpetas):
    return [
        pytest.param(manifiesto, id=f"{fichero.stem}-{manifiesto['kind']}-{manifiesto['metadata']['name']}")
        for carpeta in carpetas
        for fichero in sorted((K8S / carpeta).rglob("*.yaml"))
        if fichero.name != "kustomization.yaml"
        for manifiesto in yaml.safe_load_all(fichero.read_text("utf-8"))
    ]


TODOS = documentos(".")
DE_LA_BASE = [caso.values[0] for caso in documentos("base")]
DESPLIEGUES = [caso.values[0] for caso in TODOS if caso.values[0]["kind"] == "Deployment"]
PODS = [m for caso in TODOS if (m := caso.values[0])["kind"] in {"Deployment", "Job"}]
por_nombre = pytest.mark.parametrize("manifiesto", PODS, ids=lambda m: m["metadata"]["name"])


def de_la_base(clase):
    return {m["metadata"]["name"]: m["spec"] for m in DE_LA_BASE if m["kind"] == clase}


def contenedor(manifiesto):
    (unico,) = manifiesto["spec"]["template"]["spec"]["containers"]
    return unico


def variables(fichero):
    return dict(linea.split("=", 1) for linea in fichero.read_text("utf-8").splitlines())


def conocidas(servicio):
    campos = AJUSTES.get(servicio, AjustesBase).model_fields
    return {campo.alias or nombre.upper() for nombre, campo in campos.items()} | DE_OTROS


class TestDerivados:
    @pytest.fixture
    def generador(self, monkeypatch):
        monkeypatch.syspath_prepend(str(RAIZ / "deploy/orquestadores"))
        yield lambda nombre: runpy.run_path(str(RAIZ / f"deploy/orquestadores/{nombre}.py"))
        for modulo in ("compose", "contenedor"):
            sys.modules.pop(modulo, None)

    def test_la_pila_de_swarm_es_la_que_sale_de_compose(self, generador):
        swarm = generador("swarm")
        assert swarm["FICHERO"].read_text("utf-8") == swarm["texto"](), "rehazla con `make manifiestos`"

    def test_los_manifiestos_de_kubernetes_son_los_que_salen_de_compose(self, generador):
        for ruta, texto in generador("k8s")["ficheros"]().items():
            assert (K8S / ruta).read_text("utf-8") == texto, f"{ruta}: rehazlo con `make manifiestos`"


class TestKubernetes:
    @pytest.mark.parametrize("manifiesto", TODOS)
    def test_cada_manifiesto_cumple_el_esquema_publicado(self, manifiesto):
        kubernetes_validate.validate(manifiesto, VERSION_DE_LOS_ESQUEMAS, strict=True)

    def test_estan_todos_los_servicios_cada_uno_con_su_trabajador(self):
        con_contrato = {fichero.stem for fichero in (RAIZ / "contracts/openapi").glob("*.yaml")}
        trabajadores = {f"{servicio}-trabajador" for servicio in con_contrato}
        assert con_contrato | trabajadores | {"gateway", "portal"} == set(de_la_base("Deployment"))

    def test_cada_web_crece_desde_dos_y_los_trabajadores_no_los_mueve_un_hpa(self):
        webs = {nombre for nombre in de_la_base("Deployment") if not nombre.endswith("-trabajador")}
        escalados = de_la_base("HorizontalPodAutoscaler")
        assert set(escalados) == webs == {uno["scaleTargetRef"]["name"] for uno in escalados.values()}
        assert all(uno["minReplicas"] >= 2 for uno in escalados.values())
        assert not any("replicas" in de_la_base("Deployment")[web] for web in webs)

    def test_cada_despliegue_tiene_su_presupuesto_de_interrupciones(self):
        presupuestos = de_la_base("PodDisruptionBudget")
        assert set(presupuestos) == set(de_la_base("Deployment"))
        for nombre, espec in presupuestos.items():
            assert espec["selector"] == de_la_base("Deployment")[nombre]["selector"]

    @por_nombre
    def test_un_pod_no_puede_nada_que_no_necesite(self, manifiesto):
        pod, suyo = manifiesto["spec"]["template"]["spec"], contenedor(manifiesto)["securityContext"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not pod["automountServiceAccountToken"]
        assert suyo["readOnlyRootFilesystem"]
        assert not suyo["allowPrivilegeEscalation"]
        assert suyo["capabilities"] == {"drop": ["ALL"]}

    @por_nombre
    def test_un_pod_se_reparte_tiene_limites_y_tiempo_para_irse(self, manifiesto):
        pod = manifiesto["spec"]["template"]["spec"]
        retirada = int(variables(K8S / "base/centralita.env")["RETIRADA"])
        assert pod["terminationGracePeriodSeconds"] >= retirada + 20
        assert len(pod["topologySpreadConstraints"]) == 2
        recursos = contenedor(manifiesto)["resources"]
        assert recursos["limits"]["memory"]
        assert recursos["requests"].keys() == {"cpu", "memory"}

    @por_nombre
    def test_cada_variable_y_cada_secreto_son_de_la_configuracion_del_servicio(self, manifiesto):
        servicio = manifiesto["metadata"]["labels"]["centralita/servicio"]
        volumenes = manifiesto["spec"]["template"]["spec"]["volumes"]
        secretos = [parte["path"] for v in volumenes for parte in v.get("secret", {}).get("items", ())]
        suyas = [variable["name"] for variable in contenedor(manifiesto).get("env", ())]
        assert {*secretos, *suyas} <= conocidas(servicio)

    def test_cada_variable_comun_es_de_algun_servicio_o_del_gateway(self):
        rutas, arranque = (RAIZ / f"gateway/{f}" for f in ("rutas.yml", "arrancar.sh"))
        del_gateway = set(re.findall(r'env "(\w+)"', rutas.read_text("utf-8")))
        del_gateway |= set(re.findall(r"\$\{(\w+)", arranque.read_text("utf-8")))
        todas = {s.variable for s in SERVICIOS}.union(del_gateway, *map(conocidas, AJUSTES))
        for fichero in K8S.rglob("*.env"):
            assert set(variables(fichero)) <= todas, fichero

    def test_el_ejemplo_de_secretos_tiene_las_claves_que_se_montan(self):
        ejemplo = yaml.safe_load_all((K8S / "secretos.ejemplo.yaml").read_text("utf-8"))
        claves = {secreto["metadata"]["name"]: set(secreto["stringData"]) for secreto in ejemplo}
        for manifiesto in PODS:
            for volumen in manifiesto["spec"]["template"]["spec"]["volumes"]:
                if secreto := volumen.get("secret"):
                    assert {parte["key"] for parte in secreto["items"]} == claves[secreto["secretName"]]

    @pytest.mark.parametrize("manifiesto", DESPLIEGUES, ids=lambda m: m["metadata"]["name"])
    def test_cada_sonda_pregunta_por_una_ruta_de_salud_que_existe(self, manifiesto):
        servicio = manifiesto["metadata"]["labels"]["centralita/servicio"]
        sondas = [
            contenedor(manifiesto)[f"{cual}Probe"]["httpGet"] for cual in ("startup", "readiness", "liveness")
        ]
        puertos = {puerto["name"] for puerto in contenedor(manifiesto)["ports"]}
        assert {sonda["port"] for sonda in sondas} <= puertos
        assert {sonda["path"] for sonda in sondas} <= rutas_de_salud(servicio)

    @por_nombre
    def test_cada_imagen_es_de_las_que_hace_make_images(self, manifiesto):
        assert contenedor(manifiesto)["image"] in imagenes()

    def test_los_nombres_de_red_son_servicios_que_existen(self):
        servicios = set(de_la_base("Service"))
        for clave, valor in variables(K8S / "base/centralita.env").items():
            for nombre in re.findall(r"http://([a-z]+):8000", valor):
                assert nombre in servicios | {"simulado"}, clave


class TestOverlays:
    def test_la_base_recoge_todos_sus_ficheros(self):
        suya = yaml.safe_load((K8S / "base/kustomization.yaml").read_text("utf-8"))
        hay = {fichero.name for fichero in (K8S / "base").glob("*.yaml")}
        assert {*suya["resources"], "kustomization.yaml"} == hay

    @pytest.fixture(params=["desarrollo", "produccion"])
    def overlay(self, request):
        return K8S / "overlays" / request.param

    def test_solo_cambia_variables_imagenes_y_despliegues_que_estan_en_la_base(self, overlay):
        suya = yaml.safe_load((overlay / "kustomization.yaml").read_text("utf-8"))
        assert all((overlay / recurso).exists() for recurso in suya["resources"])
        assert set(variables(overlay / "entorno.env")) <= set(variables(K8S / "base/centralita.env"))
        assert {imagen["name"] for imagen in suya.get("images", ())} <= imagenes()
        assert {replicas["name"] for replicas in suya.get("replicas", ())} <= set(de_la_base("Deployment"))

    @pytest.mark.skipif(not shutil.which("kubectl"), reason="sin kubectl")
    def test_lo_que_se_aplica_cumple_el_esquema_publicado(self, overlay):
        orden = ["kubectl", "kustomize", str(overlay)]
        salida = subprocess.run(orden, check=True, capture_output=True, text=True).stdout
        manifiestos = list(yaml.safe_load_all(salida))
        assert {m["kind"] for m in manifiestos} >= {"Namespace", "ConfigMap", "Deployment", "NetworkPolicy"}
        for manifiesto in manifiestos:
            kubernetes_validate.validate(manifiesto, VERSION_DE_LOS_ESQUEMAS, strict=True)


def imagenes() -> set[str]:
    compose = yaml.safe_load((RAIZ / "docker-compose.yml").read_text("utf-8"))["services"].values()
    return {servicio["image"] for servicio in compose if "build" in servicio}


def rutas_de_salud(servicio: str) -> set[str]:
    if servicio == "gateway":
        return {"/ping"}  # la de Traefik: gateway/traefik.yml la abre en la entrada `interno`
    contrato = RAIZ / f"contracts/openapi/{servicio}.yaml"
    if not contrato.exists():
        return {"/health/live", "/health/ready"}  # el portal y el simulador: las de `chasis.web`
    return {ruta for ruta in yaml.safe_load(contrato.read_text("utf-8"))["paths"] if "health" in ruta}
