"""El resultado de una llamada y lo que cambia en el contacto."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from tuotempo_leads.dominio import estados


@dataclass(frozen=True)
class Resultado:
    """Lo que se contó de una llamada, ya leído: `None` es que no se dijo. Las horas son de reloj."""

    nivel_1: str | None = None
    nivel_2: str | None = None
    con_pack: bool | None = None
    cita: datetime | None = None
    hora_rellamada: datetime | None = None
    error_tecnico: bool | None = None
    razon_vuelta_a_llamar: str | None = None
    razon_no_interes: str | None = None
    codigo_no_interes: str | None = None
    codigo_volver_llamar: str | None = None
    no_interesado: bool = False

    @property
    def vacio(self) -> bool:
        return not self.no_interesado and all(
            getattr(self, campo.name) is None for campo in fields(self) if campo.name != "no_interesado"
        )

    def niveles(self, con_pack_actual: bool) -> tuple[str | None, str | None]:
        """Los dos niveles de estado que quedan dichos; gana lo último de esta lista.

        Estado explícito, `codigoNoInteres`, `codigoVolverLlamar` y `noInteresado` (solo el primer nivel). Una cita
        sin estado ni código es «Cita Agendada», con o sin pack según lo dicho ahora o lo que ya se sabía.
        """
        uno, dos = self.nivel_1, self.nivel_2
        for codigo, codigos in (
            (self.codigo_no_interes, estados.CODIGOS_NO_INTERES),
            (self.codigo_volver_llamar, estados.CODIGOS_VOLVER_A_LLAMAR),
        ):
            if codigo:
                uno, dos = codigos[codigo]
        if self.no_interesado:
            uno = estados.NO_INTERESADO
        if self.cita and uno is None and dos is None:
            con_pack = con_pack_actual if self.con_pack is None else self.con_pack
            uno, dos = estados.CITA_AGENDADA, estados.CON_PACK if con_pack else estados.SIN_PACK
        return uno, dos

    @property
    def dichos(self) -> dict[str, object]:
        """Columnas del contacto que cambian sin depender de cómo estaba; nunca un `None`."""
        valores = {
            "conPack": self.con_pack,
            "cita": self.cita,
            "hora_rellamada": self.hora_rellamada,
            "error_tecnico": self.error_tecnico,
            "razon_vuelta_a_llamar": self.razon_vuelta_a_llamar,
            "razon_no_interes": self.razon_no_interes,
        }
        return {columna: valor for columna, valor in valores.items() if valor is not None}


def es_final(nivel_1: str | None) -> bool:
    """Con una cita o un «no» ya no hay que volver a llamar."""
    return nivel_1 in (estados.CITA_AGENDADA, estados.NO_INTERESADO)
