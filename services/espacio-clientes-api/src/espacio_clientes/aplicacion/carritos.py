"""Consultar deudas, que abre una sesión, y llenar su carrito. Reciben la conexión de su transacción."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection

from chasis import mascaras
from chasis.errores import Conflicto, NoEncontrado
from espacio_clientes.aplicacion.acceso import Prohibido
from espacio_clientes.aplicacion.reloj import ahora
from espacio_clientes.dominio import dinero
from espacio_clientes.dominio.libro import Linea
from espacio_clientes.infraestructura import carritos
from espacio_clientes.infraestructura.accesos import Quien
from espacio_clientes.infraestructura.carritos import Sesion
from espacio_clientes.puertos import Cuenta, Deudas

VIGENCIA = timedelta(minutes=30)
MAXIMO_DE_LINEAS = 100


@dataclass(frozen=True)
class Carrito:
    """Las líneas de una sesión y lo que suman; todas son de la misma moneda."""

    sesion: Sesion
    lineas: list[Linea]

    @property
    def subtotal(self) -> Decimal:
        return sum((linea.importe for linea in self.lineas), dinero.CERO)

    @property
    def comision(self) -> Decimal:
        return sum((linea.comision for linea in self.lineas), dinero.CERO)

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.comision


def consultar_deudas(
    conexion: Connection, deudas: Deudas, quien: Quien, documento: str, moneda: int
) -> tuple[Cuenta, int]:
    """Lo que debe un documento y el número de la sesión que se abre para pagarlo."""
    if not quien.es_operador and documento != quien.documento:
        raise Prohibido(
            "Solo puede consultar su propio documento",
            actor=quien.usuario,
            accion="consulta_ajena",
            detalle=mascaras.documento(documento),
        )
    cuenta = deudas.consultar(conexion, documento, moneda)
    if cuenta is None:
        raise NoEncontrado("Cliente no encontrado", campo="documento")
    idsession = carritos.abrir(
        conexion, quien.usuario, documento, nombre=cuenta.nombre, moneda=moneda, momento=ahora()
    )
    return cuenta, idsession


def abierto(conexion: Connection, quien: Quien, idsession: int) -> Carrito:
    """El carrito de una sesión vigente y propia; de una ajena se dice lo mismo que de una que no existe."""
    hallado = carritos.abierto(conexion, idsession)
    if hallado is None or hallado[0].usuario != quien.usuario:
        raise NoEncontrado("La sesión no existe", campo="idsession")
    if hallado[0].abierta_en + VIGENCIA <= ahora():
        raise Conflicto("La sesión ha caducado; consulte de nuevo sus deudas", campo="idsession")
    return Carrito(*hallado)


def cambiar(
    conexion: Connection,
    deudas: Deudas,
    quien: Quien,
    idsession: int,
    *,
    codmovimiento: str,
    indicador: Literal["S", "N"],
    porcentaje: Decimal,
) -> Carrito:
    """Agrega (`S`) o quita (`N`) una deuda; repetirlo deja el carrito igual. Los importes son los de la deuda."""
    carrito = abierto(conexion, quien, idsession)
    otras = [linea for linea in carrito.lineas if linea.codmovimiento != codmovimiento]
    if indicador == "N":
        carritos.quitar(conexion, idsession, codmovimiento)
        return Carrito(carrito.sesion, otras)
    linea = _linea_de(conexion, deudas, carrito.sesion, codmovimiento, porcentaje)
    if len(otras) == len(carrito.lineas):
        if len(otras) >= MAXIMO_DE_LINEAS:
            raise Conflicto(f"El carrito admite como máximo {MAXIMO_DE_LINEAS} deudas", campo="codmovimiento")
        carritos.poner(conexion, idsession, linea)
        return Carrito(carrito.sesion, [*otras, linea])
    return carrito


def _linea_de(
    conexion: Connection, deudas: Deudas, sesion: Sesion, codmovimiento: str, porcentaje: Decimal
) -> Linea:
    hallada = deudas.buscar(conexion, sesion.documento, sesion.moneda, codmovimiento)
    if hallada is None:
        raise NoEncontrado("El movimiento no existe", campo="codmovimiento")
    deuda, pendiente = hallada
    if not pendiente:
        raise Conflicto("Deuda ya pagada o en proceso", campo="codmovimiento", codigo="DEUDA_EN_PROCESO")
    comision = dinero.comision(deuda.impo_maxi, porcentaje)
    return Linea(deuda.codmovimiento, deuda.descripcion, deuda.impo_tota, comision)
