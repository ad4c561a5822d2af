"""Trazas: un tramo por petición, llamada, sentencia y evento, con la identidad que ya lleva `contexto`.

Sin `OTEL_EXPORTER_OTLP_ENDPOINT` no se importa OpenTelemetry ni se crea nada; con ella, `chasis.telemetria`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from chasis.telemetria import Trazador

Clase = Literal["SERVER", "CLIENT", "PRODUCER", "CONSUMER"]
_NINGUNO = nullcontext()
# Las primeras se preguntan sin parar. `/eventos` solo es el cartero: cada evento trae la traza de quien lo causó.
_SIN_TRAZA = ("/health", "/metrics", "/eventos")
_trazador: Trazador | None = None


def configurar(servicio: str, url: str) -> None:
    """Una vez por proceso y después de su `fork`: el hilo que envía no lo sobreviviría."""
    global _trazador  # noqa: PLW0603 — como los registros, uno por proceso
    if url and _trazador is None:
        from chasis.telemetria import Trazador  # cuesta memoria y arranque: los paga quien traza

        _trazador = Trazador(servicio, url.rstrip("/"))


def tramo(nombre: str, clase: Clase, **atributos: Any) -> AbstractContextManager[Any]:
    """El tramo de lo que ocurra dentro, o `None` si no se traza; ningún atributo lleva datos de personas."""
    return _trazador.tramo(nombre, clase, atributos) if _trazador else _NINGUNO


def peticion(direccion: str) -> AbstractContextManager[Any]:
    """El tramo de una petición recibida; su nombre llega con `contestada`."""
    return _NINGUNO if direccion.startswith(_SIN_TRAZA) else tramo("(petición)", "SERVER")


def contestada(tramo: Any, metodo: str, ruta: str, estado: int) -> None:
    """`ruta` es la regla (`/clientes/<id>`), nunca la dirección recibida."""
    if tramo:
        from opentelemetry.trace import StatusCode  # ya cargado: hay un tramo

        datos = {"http.request.method": metodo, "http.route": ruta, "http.response.status_code": estado}
        tramo.update_name(f"{metodo} {ruta}")
        tramo.set_attributes(datos)
        tramo.set_status(StatusCode.ERROR if estado >= 500 else StatusCode.UNSET)
