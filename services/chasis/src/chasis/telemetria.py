"""OpenTelemetry, para `chasis.trazas`; el muestreo y los límites son los de sus variables `OTEL_*`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from chasis import contexto

try:
    from opentelemetry import trace
    from opentelemetry.context import Context
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider, export, id_generator
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
except ImportError as falta:
    ayuda = "pip install 'centralita-chasis[trazas]'"
    raise SystemExit(f"OTEL_EXPORTER_OTLP_ENDPOINT pide trazas y falta {falta.name}: {ayuda}") from None

PLAZO = 3  # segundos: al parar, es lo más que se espera a un recolector que no contesta


class _Identidad(id_generator.RandomIdGenerator):
    """La traza que empieza aquí es la que `contexto` ya dio a los registros."""

    def generate_trace_id(self) -> int:
        return int(contexto.traza.get()[3:35], 16)


class Trazador:
    def __init__(self, servicio: str, url: str) -> None:
        recurso = Resource.create({"service.name": servicio})
        envio = OTLPSpanExporter(f"{url}/v1/traces", timeout=PLAZO)
        proveedor = TracerProvider(resource=recurso, id_generator=_Identidad())
        proveedor.add_span_processor(export.BatchSpanProcessor(envio))
        self._empezar = proveedor.get_tracer("chasis").start_as_current_span
        for operacion in ("do_execute", "do_execute_no_params", "do_executemany"):
            self._vigilar_sentencias(operacion)

    @contextmanager
    def tramo(self, nombre: str, clase: str, atributos: Mapping[str, Any]) -> Iterator[trace.Span | None]:
        anterior, padre = contexto.traza.get(), None
        if clase in ("SERVER", "CONSUMER"):
            padre = TraceContextTextMapPropagator().extract({"traceparent": contexto.padre.get()}, Context())
            atributos = {"centralita.peticion": contexto.peticion_id.get(), **atributos}
        elif not trace.get_current_span().get_span_context().is_valid:
            yield None  # el relay y las tareas periódicas no son de ninguna petición
            return
        # El texto de una excepción trae datos de personas: de ella solo sale el tipo.
        callada: dict[str, Any] = {"record_exception": False, "set_status_on_exception": False}
        with self._empezar(nombre, padre, trace.SpanKind[clase], atributos, **callada) as tramo:
            suyo = tramo.get_span_context()
            contexto.traza.set(f"00-{suyo.trace_id:032x}-{suyo.span_id:016x}-{suyo.trace_flags:02x}")
            try:
                yield tramo
            except Exception as fallo:
                tramo.set_status(trace.StatusCode.ERROR, type(fallo).__name__)
                raise
            finally:
                contexto.traza.set(anterior)

    def _vigilar_sentencias(self, operacion: str) -> None:
        """Hace las veces de `dialecto.operacion` en todos los motores; una sentencia no lleva sus valores."""

        def ejecutar(cursor: Any, sentencia: str, *resto: Any) -> bool:
            # Cada tramo cuesta unos 80 µs: este no espera a nadie (`BEGIN IMMEDIATE`, que toma el turno, sí).
            if sentencia == "BEGIN":
                return False
            dialecto = resto[-1].dialect
            datos = {"db.system.name": dialecto.name, "db.query.text": sentencia[:1000]}
            with self.tramo(sentencia.split(None, 1)[0], "CLIENT", datos):
                getattr(dialecto, operacion)(cursor, sentencia, *resto)
            return True

        event.listen(Engine, operacion, ejecutar)
