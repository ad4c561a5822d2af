"""Prepara un clúster de Pulsar para Centralita: tenant, namespace, retención, temas con sus particiones,
suscripciones y colas de muertas, según `contracts/`. Puede repetirse: lo que ya está se deja como está.

    python temas.py http://broker:8080

`PULSAR_NAMESPACE` (public/default) dice dónde; `PULSAR_PARTICIONES` (4), en cuántas partes se crea cada tema;
`PULSAR_TOKEN` (o el fichero /run/secrets/PULSAR_TOKEN), con qué permiso, y `PULSAR_TLS_CA`, quién avala al broker.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import requests
import yaml

RETENCION = {
    "retentionTimeInMinutes": 3 * 24 * 60,
    "retentionSizeInMB": 1024,
}  # de lo ya consumido, para investigar
DESDE_EL_PRINCIPIO = {"ledgerId": -1, "entryId": -1, "partitionIndex": -1}
LECTOR_DE_MUERTAS = "operaciones"  # nadie la consume sola: lo que llega a una cola de muertas se queda
YA_ESTA = 409
SECRETO = Path("/run/secrets/PULSAR_TOKEN")
_AQUI = Path(__file__).parent


class Administracion:
    """Los verbos de la API de administración que hacen falta; todo lo que ya existe cuenta como hecho."""

    def __init__(self, raiz: str) -> None:
        self._raiz, self._sesion = f"{raiz.rstrip('/')}/admin/v2", requests.Session()
        if token := os.environ.get("PULSAR_TOKEN") or _secreto():
            self._sesion.headers["Authorization"] = f"Bearer {token}"
        self._sesion.verify = os.environ.get("PULSAR_TLS_CA") or True

    def leer(self, ruta: str) -> Any:
        respuesta = self._sesion.get(f"{self._raiz}/{ruta}", timeout=30)
        respuesta.raise_for_status()
        return respuesta.json()

    def poner(self, ruta: str, cuerpo: Any = None, metodo: str = "PUT") -> bool:
        """Falso si ya estaba; lanza una excepción con lo que contestó el broker si no se pudo."""
        respuesta = self._sesion.request(metodo, f"{self._raiz}/{ruta}", json=cuerpo, timeout=30)
        if respuesta.status_code == YA_ESTA:
            return False
        if not respuesta.ok:
            raise SystemExit(f"{metodo} {ruta}: {respuesta.status_code} {respuesta.text}")
        return True


def _secreto() -> str:
    return SECRETO.read_text("utf-8").strip() if SECRETO.is_file() else ""


def _particiones() -> int:
    dichas = os.environ.get("PULSAR_PARTICIONES") or "4"
    if not dichas.isdecimal():
        raise SystemExit(f"PULSAR_PARTICIONES debe ser un número, y vale {dichas!r}.")
    return int(dichas)


def preparar(pulsar: Administracion, espacio: str, particiones: int, contratos: Path) -> None:
    temas = yaml.safe_load((contratos / "asyncapi.yaml").read_text("utf-8"))["channels"]
    suscriptores = json.loads((contratos / "suscripciones.json").read_text("utf-8"))
    _espacio(pulsar, espacio)
    for tema in temas:
        _tema(pulsar, f"persistent/{espacio}/{tema}", particiones, suscriptores.get(tema, ()))
        if tema in suscriptores:
            _tema(pulsar, f"persistent/{espacio}/{tema}-dlq", 0, (LECTOR_DE_MUERTAS,))


def _espacio(pulsar: Administracion, espacio: str) -> None:
    pulsar.poner(f"tenants/{espacio.split('/', maxsplit=1)[0]}", {"allowedClusters": pulsar.leer("clusters")})
    pulsar.poner(f"namespaces/{espacio}")
    pulsar.poner(f"namespaces/{espacio}/retention", RETENCION, "POST")


def _tema(pulsar: Administracion, tema: str, particiones: int, suscriptores: Any) -> None:
    if particiones:
        nuevo = pulsar.poner(f"{tema}/partitions", particiones)
        if not nuevo and (hay := pulsar.leer(f"{tema}/partitions")["partitions"]) != particiones:
            # Cambiarlas con eventos en camino los desordena: cada clave pasaría a otra partición.
            print(f"{tema}: tiene {hay} particiones y no {particiones}; se deja como está")
    else:
        nuevo = pulsar.poner(tema)
    for suscriptor in suscriptores:
        pulsar.poner(f"{tema}/subscription/{suscriptor}", DESDE_EL_PRINCIPIO)
    print(f"{tema}: {'creado' if nuevo else 'ya estaba'}; suscritos: {', '.join(suscriptores) or 'ninguno'}")


if __name__ == "__main__":
    preparar(
        Administracion(sys.argv[1]),
        os.environ.get("PULSAR_NAMESPACE") or "public/default",
        _particiones(),
        Path(os.environ.get("CONTRATOS_DIR") or _AQUI.parents[1] / "contracts"),
    )
