"""Demuestra que el libro cuadra: todo lo guardado se deduce de los movimientos, y nadie los ha tocado."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Connection

from espacio_clientes.dominio.dinero import CERO
from espacio_clientes.dominio.libro import Asiento, Linea, huella_inicial, importe_movido
from espacio_clientes.dominio.pago import OCUPAN, TRANSICIONES, Estado
from espacio_clientes.infraestructura import verificacion
from espacio_clientes.infraestructura.pagos import Pago


@dataclass
class Informe:
    """Lo recorrido, lo que suma por moneda y los fallos, uno por línea."""

    pagos: int = 0
    asientos: int = 0
    cobrado: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: CERO))
    anulado: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: CERO))
    vigente: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: CERO))
    fallos: list[str] = field(default_factory=list)

    def lineas(self) -> Iterator[str]:
        """El informe tal como se enseña."""
        yield f"{self.pagos} pagos y {self.asientos} movimientos comprobados."
        for moneda in sorted(self.cobrado.keys() | self.vigente.keys()):
            cobrado, anulado = self.cobrado[moneda], self.anulado[moneda]
            yield f"Moneda {moneda}: cobrado {cobrado} - anulado {anulado} = {cobrado - anulado} en el libro."
        yield from self.fallos
        yield "El libro cuadra." if not self.fallos else f"El libro NO cuadra: {len(self.fallos)} fallos."


def verificar(conexion: Connection) -> Informe:
    """Recorre todo en una sola instantánea; la memoria no crece con el libro."""
    informe = Informe()
    for pago, lineas, asientos in verificacion.todos(conexion):
        informe.pagos += 1
        informe.asientos += len(asientos)
        informe.fallos += [
            f"{pago.cod_transaccion}: {fallo}" for fallo in _de_un_pago(pago, lineas, asientos)
        ]
        _sumar(informe, pago, asientos)
    informe.fallos += _de_la_numeracion(verificacion.numeracion(conexion))
    for moneda in informe.cobrado.keys() | informe.vigente.keys():
        en_libro = informe.cobrado[moneda] - informe.anulado[moneda]
        if en_libro != informe.vigente[moneda]:
            informe.fallos.append(
                f"moneda {moneda}: el libro suma {en_libro} y los pagos {informe.vigente[moneda]}"
            )
    return informe


def _de_un_pago(
    pago: Pago, lineas: list[tuple[Linea, str | None]], asientos: list[tuple[Asiento, str]]
) -> Iterator[str]:
    solo_lineas = [linea for linea, _ in lineas]
    total = sum((linea.importe + linea.comision for linea in solo_lineas), CERO)
    if pago.total != total or pago.comision != sum((linea.comision for linea in solo_lineas), CERO):
        yield f"su total es {pago.total} y sus líneas suman {total}"
    inicial = huella_inicial(
        pago.cod_transaccion,
        pago.idsession,
        usuario=pago.usuario,
        documento=pago.documento,
        moneda=pago.moneda,
        lineas=solo_lineas,
    )
    yield from _de_la_cadena(inicial, pago, asientos)
    tomada = pago.estado in OCUPAN
    for linea, ocupa in lineas:
        if ocupa != (linea.codmovimiento if tomada else None):
            yield f"está {pago.estado} y su deuda {linea.codmovimiento} figura {'tomada' if ocupa else 'libre'}"
    if (pago.recibo is not None) != any(a.despues is Estado.APROBADO for a, _ in asientos):
        yield "tiene recibo sin haberse aprobado, o al revés"


def _de_la_cadena(inicial: str, pago: Pago, asientos: list[tuple[Asiento, str]]) -> Iterator[str]:
    estado: Estado | None = None
    previa = inicial
    for orden, (asiento, guardada) in enumerate(asientos, start=1):
        legal = asiento.despues in TRANSICIONES[estado] if estado else asiento.despues is Estado.INICIADO
        if asiento.orden != orden or asiento.antes != estado or not legal:
            yield f"el movimiento {asiento.numero} no puede seguir a {estado}"
        if asiento.previa != previa or asiento.huella != guardada:
            yield f"la huella del movimiento {asiento.numero} no es la suya: se ha cambiado algo"
        if asiento.importe != importe_movido(asiento.despues, pago.total) or asiento.moneda != pago.moneda:
            yield f"el movimiento {asiento.numero} mueve {asiento.importe} y el pago es de {pago.total}"
        estado, previa = asiento.despues, guardada
    if (pago.estado, pago.orden, pago.huella) != (estado, len(asientos), previa):
        yield f"dice estar {pago.estado} y su último movimiento es {estado}"


def _de_la_numeracion(numeracion: dict[str, tuple[int, int, int]]) -> Iterator[str]:
    for que, (segun_libro, hay, mayor) in numeracion.items():
        if not segun_libro == hay == mayor:
            yield f"{que}: el libro dice {segun_libro}, hay {hay} y el mayor es el {mayor}"


def _sumar(informe: Informe, pago: Pago, asientos: list[tuple[Asiento, str]]) -> None:
    for asiento, _ in asientos:
        destino = informe.cobrado if asiento.importe > 0 else informe.anulado
        destino[asiento.moneda] += abs(asiento.importe)
    if pago.estado is Estado.APROBADO:
        informe.vigente[pago.moneda] += pago.total
