"""Los manifiestos de Kubernetes, derivados de docker-compose.yml: `make manifiestos` los deja en deploy/k8s.

Un fichero por servicio (web, trabajador, Service, HPA y PDB) y `centralita.env`, lo que todos leen del entorno.
"""

from __future__ import annotations

from typing import Any

import yaml
from compose import RAIZ, Pieza, piezas, valor
from contenedor import PUERTO, contenedor, etiquetas, plantilla

CARPETA = RAIZ / "deploy/k8s"
_CABECERA = """\
# Se genera con `make manifiestos`: no se edita a mano. Lo propio de cada sitio va en deploy/k8s/overlays.
"""
_CABECERA_DE_SECRETOS = """\
# Se genera con `make manifiestos`. Cópialo fuera del repositorio, rellena los valores y aplícalo antes que lo demás
# (o créalos con el gestor de secretos del clúster): son las variables de cada servicio, que las lee de /run/secrets.
"""
_PARA_DESARROLLAR = ("simulado",)  # no es de la plataforma: ocupa el lugar de TuoTempo
_NO_ES_COMUN = ("TRABAJADOR_PORT", "WEB_PROCESOS", "WEB_HILOS")  # distinto en unos y en otros
_MAXIMO = 10


def ficheros() -> dict[str, str]:
    """Contenido de cada fichero, por su ruta dentro de deploy/k8s."""
    todas = piezas()
    comun = _comun(todas)
    hechos = {"base/centralita.env": "".join(f"{clave}={dicho}\n" for clave, dicho in sorted(comun.items()))}
    for pieza in todas:
        sitio = "overlays/desarrollo" if pieza.nombre in _PARA_DESARROLLAR else "base"
        ruta = f"{sitio}/{pieza.servicio}.yaml"
        manifiestos = _tarea(pieza, comun) if pieza.nombre == "temas" else _manifiestos(pieza, comun)
        hechos[ruta] = hechos.get(ruta, _CABECERA) + "".join(map(_documento, manifiestos))
    return hechos | {
        "secretos.ejemplo.yaml": _CABECERA_DE_SECRETOS + "".join(map(_documento, _secretos(todas))),
    }


def _secretos(todas: list[Pieza]) -> list[dict[str, Any]]:
    """Qué Secret hace falta para cada servicio y con qué claves; los valores no se guardan en ningún repositorio."""
    con_secretos = [pieza for pieza in todas if pieza.secretos and not pieza.de_fondo]
    return [
        {
            "apiVersion": "v1", "kind": "Secret",
            "metadata": {"name": pieza.servicio, "labels": {"app.kubernetes.io/part-of": "centralita"}},
            "type": "Opaque", "stringData": {secreto["target"]: "" for secreto in pieza.secretos},
        }
        for pieza in con_secretos
    ]  # fmt: skip


def _comun(todas: list[Pieza]) -> dict[str, str]:
    """Las variables de todos, juntas: ninguna significa una cosa aquí y otra allí."""
    juntas: dict[str, str] = {}
    for pieza in todas:
        for clave, dicho in pieza.entorno.items():
            if clave not in _NO_ES_COMUN and juntas.setdefault(clave, valor(dicho)) != valor(dicho):
                raise SystemExit(
                    f"{pieza.nombre}: {clave} vale {dicho!r} y en otro servicio, {juntas[clave]!r}"
                )
    # El aviso de que una réplica se va tarda más en llegar a todos los nodos que al gateway de compose.
    return {**juntas, "RETIRADA": "10", "PULSAR_ADMIN_URL": ""}


def _manifiestos(pieza: Pieza, comun: dict[str, str]) -> list[dict[str, Any]]:
    web = not pieza.de_fondo
    con_varias = web and pieza.nombre not in _PARA_DESARROLLAR
    hechos = [_despliegue(pieza, comun, 2 if con_varias else 1)]
    if web:
        hechos.append(_servicio(pieza))
    if con_varias:
        hechos.append(_escalado(pieza))
    if pieza.nombre not in _PARA_DESARROLLAR:
        hechos.append(_interrupciones(pieza))
    if pieza.volumenes and web:
        hechos.append(_disco(pieza))
    return hechos


def _despliegue(pieza: Pieza, comun: dict[str, str], replicas: int) -> dict[str, Any]:
    sola = pieza.nombre in _PARA_DESARROLLAR
    estrategia: dict[str, Any] = {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
    }
    return _objeto("apps/v1", "Deployment", pieza, {
        # Cuántas réplicas de la web hay lo decide su HPA: decirlo también aquí lo desharía en cada despliegue.
        **({} if not pieza.de_fondo and replicas > 1 else {"replicas": replicas}),
        "revisionHistoryLimit": 3,
        "selector": {"matchLabels": _selector(pieza)},
        "strategy": {"type": "Recreate"} if sola else estrategia,
        "template": plantilla(pieza, contenedor(pieza, comun)),
    })  # fmt: skip


def _servicio(pieza: Pieza) -> dict[str, Any]:
    puertos = [{"name": "http", "port": 8080 if pieza.nombre == "gateway" else PUERTO, "targetPort": "http"}]
    return _objeto("v1", "Service", pieza, {"selector": _selector(pieza), "ports": puertos})


def _escalado(pieza: Pieza) -> dict[str, Any]:
    cpu = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}
    return _objeto("autoscaling/v2", "HorizontalPodAutoscaler", pieza, {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": pieza.nombre},
        "minReplicas": 2,
        "maxReplicas": _MAXIMO,
        "metrics": [{"type": "Resource", "resource": cpu}],
        "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
    })  # fmt: skip


def _interrupciones(pieza: Pieza) -> dict[str, Any]:
    # De una en una, y nunca «todas en pie»: con una sola réplica impediría vaciar su nodo.
    presupuesto = {"maxUnavailable": 1, "selector": {"matchLabels": _selector(pieza)}}
    return _objeto("policy/v1", "PodDisruptionBudget", pieza, presupuesto)


def _disco(pieza: Pieza) -> dict[str, Any]:
    # Lo comparten las réplicas y el trabajador, estén en el nodo que estén.
    return _objeto("v1", "PersistentVolumeClaim", pieza, {
        "accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "5Gi"}},
    })  # fmt: skip


def _tarea(pieza: Pieza, comun: dict[str, str]) -> list[dict[str, Any]]:
    de_una_vez = {**contenedor(pieza, comun), "args": ["python", "temas.py", "$(PULSAR_ADMIN_URL)"]}
    molde = plantilla(pieza, de_una_vez)
    molde["spec"] |= {"restartPolicy": "OnFailure"}
    return [_objeto("batch/v1", "Job", pieza, {
        "backoffLimit": 10, "activeDeadlineSeconds": 600, "ttlSecondsAfterFinished": 600, "template": molde,
    })]  # fmt: skip


def _objeto(version: str, clase: str, pieza: Pieza, espec: dict[str, Any]) -> dict[str, Any]:
    metadatos = {"name": pieza.nombre, "labels": etiquetas(pieza)}
    return {"apiVersion": version, "kind": clase, "metadata": metadatos, "spec": espec}


def _selector(pieza: Pieza) -> dict[str, str]:
    return {"app.kubernetes.io/name": pieza.nombre}


def _documento(manifiesto: dict[str, Any]) -> str:
    return "---\n" + _SinAnclas.volcar(manifiesto)


class _SinAnclas(yaml.SafeDumper):
    def ignore_aliases(self, _: Any) -> bool:
        """Cada manifiesto se lee entero, sin saltar a otra línea."""
        return True

    @classmethod
    def volcar(cls, contenido: dict[str, Any]) -> str:
        return yaml.dump(contenido, Dumper=cls, sort_keys=False, allow_unicode=True, width=118)


if __name__ == "__main__":
    for ruta, texto in ficheros().items():
        fichero = CARPETA / ruta
        fichero.parent.mkdir(parents=True, exist_ok=True)
        fichero.write_text(texto, "utf-8")
        print(fichero.relative_to(RAIZ))
