"""El recibo de un pago: su número, lo que dice y su página para imprimir. El PDF está en `recibos_en_pdf`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from chasis.errores import Conflicto
from espacio_clientes.aplicacion import eventos
from espacio_clientes.dominio.libro import Linea
from espacio_clientes.dominio.pago import Estado
from espacio_clientes.infraestructura.pagos import Pago

_PAGINAS = Environment(loader=FileSystemLoader(Path(__file__).parents[1] / "plantillas"), autoescape=True)


def numero(pago: Pago) -> str:
    """Número de recibo; `Conflicto` si el pago no llegó a aprobarse."""
    if pago.recibo is None:
        raise Conflicto(f"El pago está {pago.estado} y no tiene recibo")
    return eventos.recibo(pago.recibo)


def importe(valor: Decimal) -> str:
    """Con puntos de millar y coma decimal: 1.234,50."""
    return f"{valor:,.2f}".translate(str.maketrans(",.", ".,"))


def datos(pago: Pago) -> list[tuple[str, str]]:
    """Lo que identifica el pago; del documento, solo el final."""
    return [
        ("Cliente", pago.nombre),
        ("Documento", "***" + pago.documento[-3:]),
        ("Transacción", pago.cod_transaccion),
        ("Fecha", f"{pago.creado_en:%d/%m/%Y %H:%M} UTC"),
        ("Moneda", str(pago.moneda)),
    ]


def en_html(pago: Pago, lineas: Sequence[Linea]) -> str:
    return _PAGINAS.get_template("recibo.html").render(
        numero=numero(pago), pago=pago, lineas=lineas, datos=datos(pago), importe=importe,
        anulado=pago.estado is Estado.ANULADO,
    )  # fmt: skip
