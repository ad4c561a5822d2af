"""El recibo de un pago en PDF; dice lo mismo que su página. Aparte porque fpdf2 ocupa 20 MB que casi nadie usa."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from espacio_clientes.api.recibos import datos, importe, numero
from espacio_clientes.dominio.libro import Linea
from espacio_clientes.dominio.pago import Estado
from espacio_clientes.infraestructura.pagos import Pago

_TINTA, _GRIS, _AZUL, _ROJO, _RAYA = (
    (28, 35, 51),
    (98, 108, 128),
    (37, 78, 168),
    (176, 32, 48),
    (222, 226, 234),
)
_ANCHOS = (38, 82, 25, 25)  # milímetros de cada columna; juntas, los 170 de una A4 con márgenes de 20


def en_pdf(pago: Pago, lineas: Sequence[Linea]) -> bytes:
    pdf = FPDF(format="A4")
    pdf.set_creation_date(pago.creado_en)
    pdf.set_title(f"Recibo {numero(pago)}")
    pdf.set_lang("es")
    pdf.set_margins(20, 20)
    pdf.set_auto_page_break(True, margin=20)
    pdf.add_page()
    _cabecera(pdf, pago)
    _tabla(pdf, lineas)
    _totales(pdf, pago)
    return bytes(pdf.output())


def _cabecera(pdf: FPDF, pago: Pago) -> None:
    _texto(pdf, 10, _GRIS, "ESPACIO CLIENTES")
    _texto(pdf, 20, _TINTA, f"Recibo {numero(pago)}", negrita=True, alto=11)
    if pago.estado is Estado.ANULADO:
        _texto(pdf, 12, _ROJO, f"ANULADO el {pago.cambiado_en:%d/%m/%Y}", negrita=True, alto=8)
    pdf.ln(4)
    for nombre, valor in datos(pago):
        pdf.set_font("Helvetica", size=10)
        pdf.set_text_color(*_GRIS)
        pdf.cell(38, 6, nombre)
        pdf.set_text_color(*_TINTA)
        pdf.multi_cell(0, 6, _imprimible(valor), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(6)


def _tabla(pdf: FPDF, lineas: Sequence[Linea]) -> None:
    pdf.set_font("Helvetica", size=10)
    pdf.set_draw_color(*_RAYA)
    titulos = FontFace(emphasis="BOLD", color=_GRIS)
    with pdf.table(
        col_widths=_ANCHOS,
        text_align=("LEFT", "LEFT", "RIGHT", "RIGHT"),
        borders_layout="HORIZONTAL_LINES",
        line_height=7,
        headings_style=titulos,
    ) as tabla:
        tabla.row(("Movimiento", "Concepto", "Importe", "Comisión"))
        for linea in lineas:
            concepto = _imprimible(linea.descripcion)
            tabla.row(
                (_imprimible(linea.codmovimiento), concepto, importe(linea.importe), importe(linea.comision))
            )
    pdf.ln(4)


def _totales(pdf: FPDF, pago: Pago) -> None:
    for nombre, valor in (("Subtotal", pago.total - pago.comision), ("Comisión", pago.comision)):
        _par(pdf, 10, _GRIS, nombre, importe(valor))
    _par(pdf, 13, _AZUL, "Total", importe(pago.total), negrita=True)


def _par(
    pdf: FPDF, cuerpo: int, color: tuple[int, int, int], nombre: str, valor: str, *, negrita: bool = False
) -> None:
    pdf.set_font("Helvetica", style="B" if negrita else "", size=cuerpo)
    pdf.set_text_color(*color)
    pdf.cell(130, 8, nombre, align="R")
    pdf.cell(40, 8, valor, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _texto(
    pdf: FPDF, cuerpo: int, color: tuple[int, int, int], texto: str, *, negrita: bool = False, alto: int = 6
) -> None:
    pdf.set_font("Helvetica", style="B" if negrita else "", size=cuerpo)
    pdf.set_text_color(*color)
    pdf.cell(0, alto, texto, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _imprimible(texto: str) -> str:
    """Las letras que trae todo lector de PDF llegan hasta Europa occidental; lo demás se cambia por «?»."""
    return texto.encode("latin-1", "replace").decode("latin-1")
