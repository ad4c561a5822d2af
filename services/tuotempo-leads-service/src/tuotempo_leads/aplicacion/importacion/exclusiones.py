"""De las filas de un fichero a la lista de exclusión: solo se añaden números, todos o ninguno.

Una fila con otra cosa mal también se excluye: ante la duda, no se llama.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from tuotempo_leads.aplicacion.importacion.volcado import Recuento
from tuotempo_leads.infraestructura import exclusiones
from tuotempo_leads.infraestructura.hojas.lectura import Lectura

EXCLUIR = "excluir"
_POR_TANDA = 1000


class VolcadoDeExclusiones:
    """Como `Volcado`: `creadas` son números nuevos; `sin_cambios`, los que ya estaban; `eliminadas`, sus rellamadas.

    `comunes` es el resto de las columnas de `exclusiones`.
    """

    def __init__(self, conexion: Connection, comunes: Mapping[str, Any]) -> None:
        self._conexion, self._comunes = conexion, comunes
        self.recuento = Recuento()

    def hacer(self, lectura: Lectura, seguir: Callable[[], None]) -> Recuento:
        """`seguir` se llama entre tandas y puede lanzar para interrumpir."""
        self.recuento.total = lectura.total
        self.recuento.erroneas = sum(1 for _ in self.rechazos(lectura))
        telefonos = list(dict.fromkeys(_numeros(lectura)))
        for desde in range(0, len(telefonos), _POR_TANDA):
            seguir()
            tanda = telefonos[desde : desde + _POR_TANDA]
            self.recuento.creadas += exclusiones.anadir(self._conexion, tanda, self._comunes)
            canceladas = exclusiones.cancelar_rellamadas(self._conexion, tanda, self._comunes["fecha"])
            self.recuento.eliminadas += canceladas
        self.recuento.sin_cambios = lectura.total - self.recuento.erroneas - self.recuento.creadas
        return self.recuento

    def rechazos(self, lectura: Lectura) -> Iterator[dict[str, Any]]:
        """Las filas que no traen ningún número."""
        return (mala for mala in lectura.malas() if not mala["telefono"])


def _numeros(lectura: Lectura) -> Iterator[str]:
    for tanda in lectura.buenas():
        yield from (lead["telefono_norm"] for _, lead in tanda)
    yield from filter(None, (mala["telefono"] for mala in lectura.malas()))
