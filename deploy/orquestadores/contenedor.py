"""El pod de cada pieza en Kubernetes: qué ejecuta, cómo se sabe que vive, qué puede gastar y qué no puede hacer."""

from __future__ import annotations

from typing import Any

from compose import Pieza, valor

PUERTO, PUERTO_INTERNO = 8000, 8090
_USUARIO = 10001  # el de las imágenes
_AVISO = 5  # segundos que el gateway, que no sabe retirarse, sigue atendiendo mientras se le deja de llamar
_GRACIA = 45  # más que RETIRADA y lo que tarda en acabar lo que estuviera a medias
_MEBIBYTES = {"M": 1, "G": 1024}


def etiquetas(pieza: Pieza) -> dict[str, str]:
    parte = "trabajador" if pieza.de_fondo else "web"
    return {
        "app.kubernetes.io/name": pieza.nombre,
        "app.kubernetes.io/component": "tarea" if pieza.nombre == "temas" else parte,
        "app.kubernetes.io/part-of": "centralita",
        "centralita/servicio": pieza.servicio,
    }


def plantilla(pieza: Pieza, dentro: dict[str, Any]) -> dict[str, Any]:
    """El pod: repartido entre nodos y zonas, sin privilegios y sin llave de la API del clúster."""
    espec = {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,  # `CANALES_PORT` y compañía serían direcciones y no puertos
        "securityContext": {
            "runAsNonRoot": True, "runAsUser": _USUARIO, "runAsGroup": _USUARIO, "fsGroup": _USUARIO,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "terminationGracePeriodSeconds": _GRACIA,
        "topologySpreadConstraints": [
            {
                "maxSkew": 1, "topologyKey": clave, "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {"app.kubernetes.io/name": pieza.nombre}},
            }
            for clave in ("kubernetes.io/hostname", "topology.kubernetes.io/zone")
        ],
        "containers": [dentro],
        "volumes": _volumenes(pieza),
    }  # fmt: skip
    return {"metadata": {"labels": etiquetas(pieza)}, "spec": espec}


def contenedor(pieza: Pieza, comun: dict[str, str]) -> dict[str, Any]:
    suyas = {clave: valor(dicho) for clave, dicho in pieza.entorno.items() if clave not in comun}
    campos = {
        "name": pieza.nombre,
        "image": pieza.imagen,
        "args": pieza.orden,
        "envFrom": [{"configMapRef": {"name": "centralita"}}],
        "env": [{"name": clave, "value": dicho} for clave, dicho in suyas.items() if dicho],
        "ports": _puertos(pieza),
        **_sondas(pieza),
        "lifecycle": {"preStop": {"sleep": {"seconds": _AVISO}}} if pieza.nombre == "gateway" else {},
        "resources": _recursos(pieza),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": _montajes(pieza),
    }
    return {clave: dicho for clave, dicho in campos.items() if dicho}


def _puertos(pieza: Pieza) -> list[dict[str, Any]]:
    if pieza.nombre == "gateway":
        interno = {"name": "interno", "containerPort": PUERTO_INTERNO}
        return [{"name": "http", "containerPort": 8080}, interno]
    return [] if pieza.nombre == "temas" else [{"name": "http", "containerPort": PUERTO}]


def _sondas(pieza: Pieza) -> dict[str, Any]:
    """Todas preguntan por `/health/live`, que al irse contesta 503.

    `/health/ready` es para las alertas: si falta algo de lo que depende un servicio, quitarle todas las réplicas
    cambiaría un 503 que dice qué pasa por uno que no dice nada.
    """
    if pieza.nombre == "temas":
        return {}
    es_gateway = pieza.nombre == "gateway"
    donde = {"path": "/ping", "port": "interno"} if es_gateway else {"path": "/health/live", "port": "http"}
    return {
        "startupProbe": {"httpGet": donde, "periodSeconds": 1, "failureThreshold": 60},
        "readinessProbe": {"httpGet": donde, "periodSeconds": 2, "timeoutSeconds": 1, "failureThreshold": 2},
        "livenessProbe": {"httpGet": donde, "periodSeconds": 10, "timeoutSeconds": 3, "failureThreshold": 6},
    }


def _recursos(pieza: Pieza) -> dict[str, Any]:
    """El límite de memoria, el de compose; de CPU ninguno, que frenaría al que la encuentra libre."""
    maximo = int(pieza.memoria[:-1]) * _MEBIBYTES[pieza.memoria[-1]]
    return {
        "requests": {"cpu": "100m", "memory": f"{maximo // 2}Mi"},
        "limits": {"memory": f"{maximo}Mi"},
    }


def _volumenes(pieza: Pieza) -> list[dict[str, Any]]:
    de_datos = (
        {"persistentVolumeClaim": {"claimName": pieza.servicio}} if pieza.volumenes else {"emptyDir": {}}
    )
    volumenes: list[dict[str, Any]] = [{"name": "tmp", "emptyDir": {}}, {"name": "datos", **de_datos}]
    if pieza.secretos:
        partes = [{"key": s["target"], "path": s["target"]} for s in pieza.secretos]
        volumenes.append({"name": "secretos", "secret": {"secretName": pieza.servicio, "items": partes}})
    return volumenes


def _montajes(pieza: Pieza) -> list[dict[str, Any]]:
    montajes: list[dict[str, Any]] = [
        {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 — lo único en lo que se puede escribir
        {"name": "datos", "mountPath": "/datos"},
    ]
    if pieza.secretos:
        montajes.append({"name": "secretos", "mountPath": "/run/secrets", "readOnly": True})
    return montajes
