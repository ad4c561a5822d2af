"""De las filas comprobadas a la tabla `leads`: qué se crea, qué se actualiza y qué se deja como está.

Un lead se reconoce por su teléfono. Varias filas (o varios leads) con el mismo se emparejan por NIF o nombre y, lo
que quede, por orden: por eso volver a importar un fichero, o el que se exportó, no cambia nada. El resultado de una
llamada nunca se toca.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Literal

from sqlalchemy import Connection

from tuotempo_leads.dominio.filas import cambios, identidad
from tuotempo_leads.infraestructura import exclusiones, leads_importados as leads
from tuotempo_leads.infraestructura.hojas.lectura import Lectura

Modo = Literal["reemplazar", "anadir"]
Filas = list[tuple[int, dict[str, Any]]]
_POR_TANDA = 1000


@dataclass
class Recuento:
    """Los cinco de `sumandos` suman `total`; `eliminadas` son leads que ya no estaban en la hoja."""

    total: int = 0
    creadas: int = 0
    actualizadas: int = 0
    sin_cambios: int = 0
    omitidas: int = 0
    erroneas: int = 0
    eliminadas: int = 0

    @property
    def importables(self) -> int:
        return self.creadas + self.actualizadas + self.sin_cambios


class Volcado:
    """Un solo uso, dentro de una transacción; con `escribir=False` hace las mismas cuentas sin tocar nada."""

    def __init__(
        self, conexion: Connection, modo: Modo, archivo: str, ahora: datetime, *, escribir: bool
    ) -> None:
        self._conexion, self._modo, self._archivo = conexion, modo, archivo
        self._ahora, self._escribir = ahora, escribir
        self._intocables: set[str] = set()  # teléfonos de filas que la hoja trae y no se importan
        self._vistos: set[int] = set()
        self._ultimo = leads.ultimo_id(conexion)  # los que tengan un id mayor los habrá creado este volcado
        self.recuento = Recuento()
        self.omitidas: list[dict[str, Any]] = []

    def hacer(self, lectura: Lectura, seguir: Callable[[], None]) -> Recuento:
        """`seguir` se llama entre tandas y puede lanzar para interrumpir."""
        self.recuento.total = lectura.total
        for mala in lectura.malas():
            self.recuento.erroneas += 1
            self._intocables.add(mala["telefono"])
        for tanda in _juntar_iguales(lectura):
            seguir()
            self._volcar(self._sin_excluidos(tanda))
        if self._modo == "reemplazar" and self.recuento.importables:
            self._eliminar_ausentes()
        return self.recuento

    def rechazos(self, lectura: Lectura) -> Iterator[dict[str, Any]]:
        """Las filas que no se importan, por erróneas o por excluidas."""
        return chain(lectura.malas(), self.omitidas)

    def _volcar(self, filas: Filas) -> None:
        guardados = leads.guardados(self._conexion, {lead["telefono_norm"] for _, lead in filas})
        nuevos: list[dict[str, Any]] = []
        cambiados: list[tuple[int, dict[str, Any]]] = []
        for lead, guardado in _emparejar(filas, guardados):
            if guardado is None:
                nuevos.append(lead)
                continue
            self._vistos.add(guardado["id"])
            if diferencias := cambios(lead, guardado, vaciar=self._modo == "reemplazar"):
                cambiados.append((guardado["id"], diferencias))
            else:
                self.recuento.sin_cambios += 1
        self.recuento.creadas += len(nuevos)
        self.recuento.actualizadas += len(cambiados)
        if self._escribir:
            leads.crear(self._conexion, nuevos, self._archivo, self._ahora)
            leads.actualizar(self._conexion, cambiados, self._archivo, self._ahora)

    def _sin_excluidos(self, filas: Filas) -> Filas:
        excluidos = exclusiones.de_telefonos(self._conexion, {lead["telefono_norm"] for _, lead in filas})
        if not excluidos:
            return filas
        for fila, lead in filas:
            if origen := excluidos.get(lead["telefono_norm"]):
                motivo = f"el número está en la lista de exclusión ({origen}): no se puede llamar"
                fallos = [("telefono", lead["telefono"], motivo)]
                self.omitidas.append({"fila": fila, "fallos": fallos, "resultado": "omitida"})
                self._intocables.add(lead["telefono_norm"])
        self.recuento.omitidas = len(self.omitidas)
        return [(fila, lead) for fila, lead in filas if lead["telefono_norm"] not in excluidos]

    def _eliminar_ausentes(self) -> None:
        sobran = leads.ausentes(self._conexion, self._vistos, self._intocables, self._ultimo)
        self.recuento.eliminadas = len(sobran)
        if self._escribir:
            leads.eliminar(self._conexion, sobran)


def _juntar_iguales(lectura: Lectura) -> Iterator[Filas]:
    """Las filas por tandas, con todas las de un mismo teléfono en la misma."""
    cuantas = Counter(lead["telefono_norm"] for tanda in lectura.buenas() for _, lead in tanda)
    repetidos: dict[str, Filas] = {telefono: [] for telefono, veces in cuantas.items() if veces > 1}
    del cuantas
    for tanda in lectura.buenas():
        for fila, lead in tanda:
            if lead["telefono_norm"] in repetidos:
                repetidos[lead["telefono_norm"]].append((fila, lead))
        yield [(fila, lead) for fila, lead in tanda if lead["telefono_norm"] not in repetidos]
    junta: Filas = []
    for grupo in repetidos.values():
        junta += grupo
        if len(junta) >= _POR_TANDA:
            yield junta
            junta = []
    yield junta


def _emparejar(
    filas: Filas, guardados: dict[str, list[dict[str, Any]]]
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Cada fila con el lead guardado al que corresponde, o con nada si es nueva."""
    grupos: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _, lead in filas:
        grupos[lead["telefono_norm"]].append(lead)
    for telefono, suyas in grupos.items():
        libres = guardados.get(telefono, [])
        sueltas = []
        for lead in suyas:
            quien = identidad(lead)
            igual = next((guardado for guardado in libres if identidad(guardado) == quien), None)
            if igual is None:
                sueltas.append(lead)
                continue
            libres = [guardado for guardado in libres if guardado is not igual]
            yield lead, igual
        for posicion, lead in enumerate(sueltas):
            yield lead, libres[posicion] if posicion < len(libres) else None
