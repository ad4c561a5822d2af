"""Cada pago confirmado está cobrado una vez, con sus deudas tomadas, y el libro suma lo mismo que los pagos."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.caos.comprobador import Hechos
    from tests.caos.estado import Estado


def confirmados(hechos: Hechos, estado: Estado) -> Iterator[str]:
    pagos = dict(map(tuple, estado.filas("espacio", "SELECT cod_transaccion, estado FROM pagos")))
    lineas = defaultdict(set)
    for cod, movimiento in estado.filas("espacio", "SELECT cod_transaccion, codmovimiento FROM lineas_pago"):
        lineas[cod].add(movimiento)
    for pasos in hechos["espacio"].values():
        anulados = {p["cod"] for h, p in pasos.items() if h.startswith("anulacion")}
        for pago in (p for h, p in pasos.items() if h.startswith("pago")):
            cod, estado_final = pago["cod"], pagos.get(pago["cod"])
            admite = ("ANULADO",) if cod in anulados else ("APROBADO", "ANULADO")
            if estado_final not in admite:
                yield f"el pago {cod} se confirmó y está «{estado_final}»"
            if lineas[cod] != set(pago["deudas"]):
                yield f"el pago {cod} tiene {sorted(lineas[cod])} y se confirmó {sorted(pago['deudas'])}"


def cuadra(estado: Estado) -> Iterator[str]:
    pagos = estado.filas("espacio", "SELECT cod_transaccion, estado, total, comision, recibo FROM pagos")
    yield from _lineas(estado, pagos)
    yield from _libro(estado, pagos)
    recibos = Counter(pago.recibo for pago in pagos if pago.recibo is not None)
    yield from (f"el recibo {numero} es de {veces} pagos" for numero, veces in recibos.items() if veces > 1)
    for pago in pagos:
        if pago.estado in ("INICIADO", "DESCONOCIDO"):
            yield f"el pago {pago.cod_transaccion} sigue «{pago.estado}»"
        if (pago.recibo is not None) != (pago.estado in ("APROBADO", "ANULADO")):
            yield f"el pago {pago.cod_transaccion} está «{pago.estado}» y su recibo es {pago.recibo}"


def _lineas(estado: Estado, pagos: list[Any]) -> Iterator[str]:
    """Cada pago suma sus líneas, que son deudas por lo que se debía; una deuda la ocupa un pago como mucho."""
    deudas = dict(map(tuple, estado.filas("espacio", "SELECT codmovimiento, impo_tota FROM deudas")))
    suyas = defaultdict(list)
    ocupadas: Counter[str] = Counter()
    consulta = "SELECT cod_transaccion, codmovimiento, importe, comision, ocupa FROM lineas_pago"
    for linea in estado.filas("espacio", consulta):
        suyas[linea.cod_transaccion].append(linea)
        ocupadas[linea.ocupa] += linea.ocupa is not None
    yield from (
        f"la deuda {deuda} está pagada {veces} veces" for deuda, veces in ocupadas.items() if veces > 1
    )
    for pago in pagos:
        lineas = suyas.pop(pago.cod_transaccion, [])
        if not lineas or pago.total != sum(linea.importe + linea.comision for linea in lineas):
            yield f"el pago {pago.cod_transaccion} no suma sus {len(lineas)} líneas"
        for linea in lineas:
            debe = linea.codmovimiento if pago.estado == "APROBADO" else None
            if linea.ocupa != debe:
                yield f"{pago.cod_transaccion} está «{pago.estado}» y {linea.codmovimiento} ocupa {linea.ocupa}"
            if linea.importe != deudas.get(linea.codmovimiento):
                yield f"{pago.cod_transaccion} paga {linea.importe} por {linea.codmovimiento}"
    yield from (f"hay líneas del pago {cod}, que no existe" for cod in suyas)


def _libro(estado: Estado, pagos: list[Any]) -> Iterator[str]:
    asientos = estado.filas(
        "espacio", "SELECT numero, cod_transaccion, despues, importe FROM movimientos_pago ORDER BY numero"
    )
    if [asiento.numero for asiento in asientos] != list(range(1, len(asientos) + 1)):
        yield "los asientos del libro tienen huecos"
    cuenta = estado.uno("espacio", "SELECT asientos FROM libro")
    if cuenta != len(asientos):
        yield f"el libro dice {cuenta} asientos y hay {len(asientos)}"
    cobros = Counter((a.cod_transaccion, a.despues) for a in asientos if a.despues in ("APROBADO", "ANULADO"))
    yield from (
        f"{cod} pasó {veces} veces a {estado}" for (cod, estado), veces in cobros.items() if veces > 1
    )
    entro = sum(asiento.importe for asiento in asientos)
    debe = sum(pago.total for pago in pagos if pago.estado == "APROBADO")
    if entro != debe:
        yield f"el libro suma {entro} y los pagos aprobados {debe}"
