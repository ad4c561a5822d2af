"""Las deudas detrás de un paquete PL/SQL: lo que suele haber cuando Oracle es el sistema central de otra casa.

Es el ejemplo de la costura: `DEUDAS_PLSQL=PKG_ESPACIO` y el paquete de `deploy/oracle/paquete_deudas.sql`. Nuestras
tablas `clientes` y `deudas` dejan de usarse; carritos, pagos y libro siguen aquí, en la misma transacción.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import oracledb
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from chasis.errores import Conflicto
from espacio_clientes.dominio.pago import Estado
from espacio_clientes.puertos import Cuenta, Deuda

NO_ADMITIDO = 20409  # el `raise_application_error` con el que el paquete rechaza un cambio


class DeudasPlsql:
    """Llama a `consulta_deuda`, `busca_deuda`, `nombre_cliente` y `cambia_estado` del paquete."""

    def __init__(self, paquete: str) -> None:
        self._paquete = paquete

    def consultar(self, conexion: Connection, documento: str, moneda: int) -> Cuenta | None:
        with _cursor(conexion) as cursor:
            nombre = cursor.callfunc(f"{self._paquete}.nombre_cliente", str, [documento])
        if not nombre:
            return None
        return Cuenta(
            nombre, [Deuda(*fila) for fila in self._filas(conexion, "consulta_deuda", documento, moneda)]
        )

    def buscar(
        self, conexion: Connection, documento: str, moneda: int, codmovimiento: str
    ) -> tuple[Deuda, bool] | None:
        filas = self._filas(conexion, "busca_deuda", documento, moneda, codmovimiento)
        return (Deuda(*filas[0][:8]), filas[0][8] == "S") if filas else None

    def avisar(
        self, conexion: Connection, cod_transaccion: str, codmovimientos: Sequence[str], estado: Estado
    ) -> None:
        with _cursor(conexion) as cursor:
            try:
                cursor.callproc(
                    f"{self._paquete}.cambia_estado",
                    [cod_transaccion, ",".join(codmovimientos), estado.value],
                )
            except oracledb.DatabaseError as fallo:
                if getattr(fallo.args[0], "code", None) == NO_ADMITIDO:
                    raise Conflicto("Deuda ya pagada o en proceso") from fallo
                raise DBAPIError.instance(None, None, fallo, oracledb.Error) from fallo

    def _filas(self, conexion: Connection, funcion: str, *argumentos: object) -> list[Any]:
        with _cursor(conexion) as cursor:
            resultado = cursor.callfunc(f"{self._paquete}.{funcion}", oracledb.CURSOR, list(argumentos))
            return [(*fila[:5], fila[5].date(), *fila[6:]) for fila in resultado.fetchmany(1000)]


def _cursor(conexion: Connection) -> Any:
    controlador: Any = conexion.connection.dbapi_connection
    return controlador.cursor()
