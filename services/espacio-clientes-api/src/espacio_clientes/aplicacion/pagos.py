"""Pagar y anular sin cobrar dos veces ni perder nada.

Un pago son dos transacciones con la llamada a quien cobra en medio: la primera anota el pago y toma sus deudas; la
segunda escribe el veredicto. Si el proceso muere entre las dos, `conciliacion` lo termina preguntando por la misma
clave. Una anulación hace lo mismo: primero se anota que se pidió y después se devuelve el dinero.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection

from chasis.bd import BaseDeDatos
from chasis.errores import Conflicto, NoEncontrado
from chasis.eventos import emitir
from espacio_clientes.aplicacion import carritos as casos_de_carrito, eventos
from espacio_clientes.aplicacion.acceso import Prohibido
from espacio_clientes.aplicacion.reloj import autoria
from espacio_clientes.dominio.pago import Estado, exigir
from espacio_clientes.infraestructura import carritos, pagos, pagos_pendientes
from espacio_clientes.infraestructura.accesos import Quien
from espacio_clientes.infraestructura.pagos import Adelantado, Pago, YaExiste
from espacio_clientes.puertos import Cobro, Deudas, Procesador, SinRespuesta, Veredicto

MIRADA = 0.02  # segundos entre dos miradas a un pago que está cobrando otra petición
ESTADO_DE: dict[Veredicto, Estado] = {"aprobado": Estado.APROBADO, "rechazado": Estado.RECHAZADO}


@dataclass(frozen=True)
class Pagos:
    """Los casos de uso de un pago. `clave` firma las referencias al documento; `plazo` es el de quien cobra."""

    bd: BaseDeDatos
    deudas: Deudas
    procesador: Procesador
    clave: bytes
    plazo: float

    def pagar(self, quien: Quien, idsession: int, cod_transaccion: str) -> Pago:
        """Paga el carrito de la sesión; el mismo código otra vez da el mismo pago, aunque aún se esté cobrando."""
        pago, nuevo = self._iniciar(quien, idsession, cod_transaccion)
        if nuevo:
            pago = self.cambiar(pago, self._cobrar(pago), quien.usuario)
        elif (pago.usuario, pago.idsession) == (quien.usuario, idsession):
            pago = self._esperar(pago)
        else:
            raise Conflicto("El código de transacción ya se usó con otra sesión", campo="cod_transaccion")
        if pago.estado is Estado.ANULADO:  # decir «procesado» de algo anulado engañaría
            exigir(pago.estado, Estado.APROBADO)
        return pago

    def anular(self, quien: Quien, cod_transaccion: str) -> Pago:
        """Devuelve el dinero y deja las deudas pendientes; otra vez da el mismo resultado.

        Si quien cobra no contesta, el pago sigue `APROBADO` con la anulación pedida y `conciliacion` la termina.
        """
        with self.bd.escritura() as conexion:
            pago = propio(conexion, quien, cod_transaccion)
            if pago.estado is Estado.ANULADO:
                return pago
            exigir(pago.estado, Estado.ANULADO)
            pagos_pendientes.pedir_anulacion(conexion, cod_transaccion, quien.usuario)
        return self.terminar_anulacion(pago, quien.usuario)

    def terminar_anulacion(self, pago: Pago, actor: str) -> Pago:
        try:
            self.procesador.devolver(pago.cod_transaccion)
        except SinRespuesta:
            return pago
        return self.cambiar(pago, Estado.ANULADO, actor)

    def cambiar(self, pago: Pago, nuevo: Estado, actor: str) -> Pago:
        """Segunda transacción de un pago o de una anulación; si otro se adelantó, vale lo que escribió el otro."""
        try:
            with self.bd.escritura() as conexion:
                cambiado = pagos.cambiar(conexion, pago, nuevo, autoria(actor))
                if nuevo is not Estado.DESCONOCIDO:
                    self._consecuencias(conexion, cambiado)
                return cambiado
        except Adelantado:
            return self._releer(pago.cod_transaccion)

    def _iniciar(self, quien: Quien, idsession: int, cod_transaccion: str) -> tuple[Pago, bool]:
        """El pago y si es nuevo."""
        try:
            with self.bd.escritura() as conexion:
                if pago := pagos.uno(conexion, cod_transaccion):
                    return pago, False
                carrito = casos_de_carrito.abierto(conexion, quien, idsession)
                if not carrito.lineas:
                    raise Conflicto("El carrito está vacío", codigo="CARRITO_VACIO")
                pago = pagos.iniciar(
                    conexion, cod_transaccion, carrito.sesion, carrito.lineas, autoria(quien.usuario)
                )
                movimientos = [linea.codmovimiento for linea in carrito.lineas]
                self.deudas.avisar(conexion, cod_transaccion, movimientos, Estado.INICIADO)
                return pago, True
        except YaExiste:
            return self._releer(cod_transaccion), False

    def _cobrar(self, pago: Pago) -> Estado:
        try:
            return ESTADO_DE[self.procesador.cobrar(Cobro(pago.cod_transaccion, pago.total, pago.moneda))]
        except SinRespuesta:
            return Estado.DESCONOCIDO

    def _esperar(self, pago: Pago) -> Pago:
        """Mientras la petición que lo inició siga cobrando, espera su veredicto sin retener ninguna conexión."""
        limite = time.monotonic() + self.plazo
        while pago.estado is Estado.INICIADO and time.monotonic() < limite:
            time.sleep(MIRADA)
            pago = self._releer(pago.cod_transaccion)
        return pago

    def _consecuencias(self, conexion: Connection, pago: Pago) -> None:
        movimientos = [linea.codmovimiento for linea in pagos.lineas(conexion, pago.cod_transaccion)]
        self.deudas.avisar(conexion, pago.cod_transaccion, movimientos, pago.estado)
        referencia = eventos.referencia(self.clave, pago.documento)
        if pago.estado is Estado.APROBADO:
            carritos.vaciar(conexion, pago.idsession)
            suceso: object = eventos.PagoProcesado(
                pago.cod_transaccion, referencia, pago.nombre, pago.moneda, str(pago.total), str(pago.comision),
                movimientos, eventos.recibo(pago.recibo or 0),
            )  # fmt: skip
        elif pago.estado is Estado.ANULADO:
            suceso = eventos.PagoAnulado(pago.cod_transaccion, referencia, movimientos)
        else:
            return
        emitir(conexion, eventos.TEMA, suceso, clave=pago.cod_transaccion, secuencia=pago.orden)

    def _releer(self, cod_transaccion: str) -> Pago:
        with self.bd.lectura() as conexion:
            return existente(conexion, cod_transaccion)


def propio(conexion: Connection, quien: Quien, cod_transaccion: str) -> Pago:
    """El pago, si es de quien lo pide o quien lo pide es operador."""
    pago = existente(conexion, cod_transaccion)
    if not quien.es_operador and pago.documento != quien.documento:
        raise Prohibido(
            "El pago es de otro cliente", actor=quien.usuario, accion="pago_ajeno", detalle=cod_transaccion
        )
    return pago


def existente(conexion: Connection, cod_transaccion: str) -> Pago:
    pago = pagos.uno(conexion, cod_transaccion)
    if pago is None:
        raise NoEncontrado("El pago no existe", campo="cod_transaccion")
    return pago
