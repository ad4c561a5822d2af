"""Los clientes de TuoTempo del servicio: uno por idioma y entorno, todos sobre las mismas conexiones."""

from __future__ import annotations

from collections.abc import Mapping

from chasis.errores import PeticionInvalida
from tuotempo_leads.infraestructura.tuotempo import Transporte, TuoTempoAPI

CONEXIONES = 32  # cada petición lenta ocupa una durante segundos


class Proveedor:
    """`llaves` es la de reservas de cada entorno, `PRE` y `PRO`; vacía si no la hay."""

    def __init__(self, url: str, instancia: str, llaves: Mapping[str, str], plazo: float) -> None:
        self._url, self._instancia, self._llaves = url, instancia, llaves
        self._transporte = Transporte(plazo, conexiones=CONEXIONES)
        self._clientes: dict[tuple[str, str], TuoTempoAPI] = {}

    def cliente(self, idioma: str, entorno: str) -> TuoTempoAPI:
        if (idioma, entorno) not in self._clientes:
            self._clientes[idioma, entorno] = TuoTempoAPI(
                self._instancia,
                idioma,
                self._llaves[entorno],
                entorno,
                base_url=self._url,
                transporte=self._transporte,
            )
        return self._clientes[idioma, entorno]

    def exigir_llave(self, entorno: str) -> None:
        """Sin llave no se puede reservar en ese entorno: mejor decirlo antes de empezar."""
        if not self._llaves[entorno]:
            raise PeticionInvalida(f"No hay llave de TuoTempo para el entorno {entorno}", campo="environment")
