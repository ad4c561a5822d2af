"""Los números a los que no se puede llamar. Se añaden, y nadie los quita; los de un fichero, en `importacion`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from chasis.errores import Conflicto, PeticionInvalida
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.dominio.telefonos import normalizar
from tuotempo_leads.infraestructura import exclusiones

ORIGENES = {"interna": "Lista propia", "robinson": "Lista Robinson", "rne": "RNE (Colombia)"}
MAYOR_MOTIVO = 255  # caracteres


@dataclass(frozen=True)
class Anadidas:
    """Cuántos números se dieron, cuántos no estaban aún y cuántas rellamadas se cancelaron por ellos."""

    dados: int
    nuevos: int
    canceladas: int


def anadir(
    conexion: Connection, telefonos: Sequence[str], origen: str, motivo: str, usuario_id: int | None
) -> Anadidas:
    """Apunta números, escritos de cualquier manera, y cancela las rellamadas que tuvieran pendientes."""
    exigir_lista(origen, motivo)
    normales = list(dict.fromkeys(_exigir_telefono(uno) for uno in telefonos))
    momento = ahora()
    comunes = {"origen": origen, "motivo": motivo or None, "fecha": momento, "usuario_id": usuario_id}
    nuevos = exclusiones.anadir(conexion, normales, comunes)
    return Anadidas(len(normales), nuevos, exclusiones.cancelar_rellamadas(conexion, normales, momento))


def exigir_lista(origen: str, motivo: str) -> None:
    """`PeticionInvalida` si no es una de las listas o el motivo no cabe."""
    if origen not in ORIGENES:
        raise PeticionInvalida(f"El origen debe ser {', '.join(ORIGENES)}", campo="origen")
    if len(motivo) > MAYOR_MOTIVO:
        raise PeticionInvalida(f"El motivo admite como máximo {MAYOR_MOTIVO} caracteres", campo="motivo")


def exigir_llamable(conexion: Connection, telefono: str) -> None:
    """`Conflicto` si el teléfono, ya normalizado, está excluido. Si no se puede saber, falla y no se llama."""
    if exclusion := exclusiones.de_uno(conexion, telefono):
        raise Conflicto(
            f"El número está en la lista de exclusión ({ORIGENES.get(exclusion.origen, exclusion.origen)}, "
            f"{exclusion.fecha:%d/%m/%Y}): no se puede llamar",
            codigo="EXCLUIDO",
            campo="telefono",
        )


def _exigir_telefono(escrito: str) -> str:
    if not (telefono := normalizar(escrito)):
        raise PeticionInvalida(f"El teléfono {escrito[:50]} no tiene nueve cifras", campo="telefono")
    return telefono
