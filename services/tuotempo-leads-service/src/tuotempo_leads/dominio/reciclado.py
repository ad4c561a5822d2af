"""Cuándo se vuelve a llamar a quien no contestó, según el código del resultado, y cuándo se deja de intentar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tuotempo_leads.dominio import estados
from tuotempo_leads.dominio.ventanas import Pais, pais_de

AGOTADO = "agotado"
"""Motivo de cierre de un contacto al que se ha llamado ya las veces que se puede."""


class ReciclajeInvalido(ValueError):
    """La tabla no se entiende; el mensaje es para quien la configuró."""


@dataclass(frozen=True)
class Reglas:
    """`esperas` dice cuánto se espera tras cada código de «volver a llamar»; `maximo`, cuántas llamadas en total."""

    paises: tuple[Pais, ...]
    esperas: Mapping[str, timedelta]
    maximo: int

    def siguiente(self, codigo: str, telefono: str | None, ahora: datetime) -> datetime | None:
        """Cuándo toca llamar otra vez (UTC sin zona), dentro del horario legal; `None` si el código no se recicla."""
        espera = self.esperas.get(codigo)
        return None if espera is None else self.pais(telefono).desde(ahora + espera)

    def pais(self, telefono: str | None) -> Pais:
        return pais_de(telefono, self.paises)

    def agota(self, intentos: int) -> bool:
        return intentos >= self.maximo


def leer(texto: str) -> dict[str, timedelta]:
    """La espera de cada código de una línea como `buzon=240 interrupcion=15`, en minutos."""
    esperas = {}
    for trozo in texto.split():
        codigo, _, minutos = trozo.partition("=")
        if codigo not in estados.CODIGOS_VOLVER_A_LLAMAR or not minutos.isdecimal() or int(minutos) < 1:
            conocidos = ", ".join(estados.CODIGOS_VOLVER_A_LLAMAR)
            raise ReciclajeInvalido(f"no se entiende «{trozo}»: es codigo=minutos, con código {conocidos}")
        esperas[codigo] = timedelta(minutes=int(minutos))
    return esperas
