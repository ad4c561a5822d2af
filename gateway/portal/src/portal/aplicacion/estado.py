"""Qué tal está cada servicio, según lo que contestan sus réplicas a `/health/ready`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from portal.aplicacion import retraso
from portal.infraestructura.vecinos import Respuesta, Vecinos
from portal.servicios import Servicio

RUTA = "/health/ready"
Situacion = Literal["operativo", "con_problemas", "caido"]


@dataclass(frozen=True)
class Estado:
    """El estado de un servicio; si está caído no se sabe su versión ni su latencia."""

    nombre: str
    titulo: str
    estado: Situacion
    version: str | None
    latencia_ms: int | None
    motivos: tuple[str, ...] = ()
    eventos: retraso.Retraso | None = None


@dataclass(frozen=True)
class Parte:
    """El estado de todos y cuándo se preguntó."""

    servicios: tuple[Estado, ...]
    consultado_en: datetime

    def como_json(self) -> dict[str, Any]:
        servicios = [asdict(estado) for estado in self.servicios]
        return {
            "servicios": servicios,
            "consultado_en": self.consultado_en.isoformat(timespec="milliseconds"),
        }


def consultar(vecinos: Vecinos, servicios: Sequence[Servicio]) -> Parte:
    """Pregunta a todos los servicios y juzga sus respuestas."""
    respuestas = vecinos.preguntar(RUTA)
    estados = tuple(juzgar(servicio, respuestas[servicio.nombre]) for servicio in servicios)
    return Parte(estados, datetime.now(UTC))


def juzgar(servicio: Servicio, replicas: Sequence[Respuesta]) -> Estado:
    """Operativo si todas sus réplicas están listas; caído si ninguna contesta."""
    contestaron = [replica for replica in replicas if replica.codigo]
    if not contestaron:
        return Estado(servicio.nombre, servicio.titulo, "caido", None, None, (replicas[0].fallo,))
    motivos = dict.fromkeys(motivo for replica in contestaron for motivo in _motivos(replica))
    if faltan := len(replicas) - len(contestaron):
        motivos[f"{faltan} de {len(replicas)} réplicas no contestan"] = None
    return Estado(
        servicio.nombre,
        servicio.titulo,
        "con_problemas" if motivos else "operativo",
        _version(contestaron),
        max(replica.ms or 0 for replica in contestaron),
        tuple(motivos),
        retraso.de(contestaron),
    )


def _motivos(respuesta: Respuesta) -> list[str]:
    """Las comprobaciones que fallan; ninguna si el servicio está listo."""
    cuerpo = respuesta.cuerpo if isinstance(respuesta.cuerpo, Mapping) else {}
    if respuesta.codigo == 200 and cuerpo.get("status") == "ready":
        return []
    comprobaciones = cuerpo.get("comprobaciones")
    if isinstance(comprobaciones, Mapping):
        fallidas = [str(nombre) for nombre, detalle in comprobaciones.items() if not _va_bien(detalle)]
        if fallidas:
            return fallidas
    return [f"Respuesta inesperada (HTTP {respuesta.codigo})"]


def _va_bien(detalle: object) -> bool:
    return isinstance(detalle, Mapping) and detalle.get("ok") is True


def _version(respuestas: Sequence[Respuesta]) -> str | None:
    """La versión en marcha; durante un despliegue pueden ser varias."""
    versiones = {r.cuerpo.get("version") for r in respuestas if isinstance(r.cuerpo, dict)}
    return ", ".join(sorted(version for version in versiones if isinstance(version, str))) or None
