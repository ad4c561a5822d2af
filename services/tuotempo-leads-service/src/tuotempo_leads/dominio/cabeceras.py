"""Qué columna del lead es cada cabecera de una hoja de cálculo.

Se comparan sin tildes, mayúsculas, espacios ni signos («TELÉFONO 1» es `telefono1`) y siempre enteras: `TLF_CLINICA`
y `FECHA_ALTA_EFECTO` se parecen a un teléfono y a una cita, y no lo son.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tuotempo_leads.dominio import textos
from tuotempo_leads.dominio.celdas import FilaRechazada

Tipo = Literal["texto", "telefono", "cp", "fecha", "momento", "booleano", "entero", "estado", "resultado"]


@dataclass(frozen=True)
class Columna:
    """Una columna importable: su nombre en la base, cómo se lee y con qué otros nombres puede llegar.

    `maximo` son caracteres (0, sin límite) o el mayor valor de un entero. `solo_al_crear` marca lo que dice una
    llamada: en un lead que ya existe, una importación nunca lo toca.
    """

    nombre: str
    tipo: Tipo = "texto"
    maximo: int = 255
    alias: str = ""
    solo_al_crear: bool = False


COLUMNAS = (
    Columna(
        "telefono",
        "telefono",
        20,
        "telefono1 tlf tlf1 tel tel1 phone phone1 phonenumber mobile movil movil1 telefonomovil celular numero "
        "numerotelefono numerodetelefono telefonoprincipal",
    ),
    Columna(
        "telefono2",
        "telefono",
        20,
        "tlf2 tel2 phone2 mobile2 movil2 numero2 telefonosecundario segundotelefono telefonoalternativo",
    ),
    Columna("nombre", maximo=100, alias="name firstname"),
    Columna("apellidos", maximo=150, alias="apellido surname lastname"),
    Columna("nombre_clinica", alias="clinica clinic clinicname"),
    Columna("direccion_clinica", alias="direccion address clinicaddress"),
    Columna("codigo_postal", "cp", 10, "cp postalcode zipcode zip"),
    Columna("ciudad", maximo=100, alias="city poblacion localidad"),
    Columna("email", alias="correoelectronico correo mail"),
    Columna("nif", maximo=20, alias="dni nie documento"),
    Columna("sexo", maximo=50, alias="gender genero"),
    Columna("fecha_nacimiento", "fecha", alias="fechadenacimiento birthdate birthday dateofbirth"),
    Columna("area_id", maximo=100, alias="areaid"),
    Columna("match_source", maximo=50),
    Columna("match_confidence", "entero", 100),
    Columna("certificado", alias="certificate"),
    Columna("clinica_id", alias="clinicid idclinica"),
    Columna("delegacion"),
    Columna("poliza", alias="policy"),
    Columna("segmento", alias="segment"),
    Columna("orden", "entero", 2**31 - 1, "order id"),
    Columna("cita", "momento", alias="fechacita appointmentdate fecha date", solo_al_crear=True),
    Columna("conPack", "booleano", alias="pack", solo_al_crear=True),
    Columna("ultimo_estado", "estado", alias="estado status", solo_al_crear=True),
    Columna("resultado_llamada", "resultado", solo_al_crear=True),
    Columna("status_level_1", maximo=100, solo_al_crear=True),
    Columna("status_level_2", solo_al_crear=True),
    Columna("error_tecnico", "booleano", solo_al_crear=True),
    Columna("razon_vuelta_a_llamar", maximo=0, solo_al_crear=True),
    Columna("razon_no_interes", maximo=0, solo_al_crear=True),
)
COLUMNA = {columna.nombre: columna for columna in COLUMNAS}
IMPRESCINDIBLE = "telefono"
SIN_TELEFONO = (
    "Ninguna columna es un teléfono: la primera fila debe tener las cabeceras y una de ellas llamarse TELEFONO o "
    "TELEFONO1. Cabeceras encontradas: {}"
)
SIN_ELEGIR = "Elige qué columna es el teléfono: sin él no se puede importar ninguna fila."


@dataclass(frozen=True)
class Encabezado:
    """Qué hay en cada posición de la hoja: `columnas` son pares (posición, columna); el resto se ignora."""

    titulos: tuple[str, ...]
    columnas: tuple[tuple[int, Columna], ...]
    ignoradas: tuple[str, ...]

    @property
    def nombres(self) -> list[str]:
        return [columna.nombre for _, columna in self.columnas]


def plegar(cabecera: object) -> str:
    """«Teléfono  1», `TELEFONO_1` y `telefono1` son la misma cabecera."""
    return re.sub(r"[^a-z0-9]", "", textos.plegar(str(cabecera if cabecera is not None else "")))


def reconocer(fila: Sequence[object], campos: Sequence[str] | None = None) -> Encabezado:
    """Lee la fila de cabeceras; con `campos` (uno por posición; `""`, ninguno), las columnas son las elegidas.

    Lanza `FilaRechazada` si no hay ninguna columna de teléfono o se ha elegido dos veces la misma.
    """
    titulos = tuple(str(celda if celda is not None else "").strip() for celda in fila)
    elegidos = list(proponer(titulos) if campos is None else campos)
    if campos is not None:
        _exigir_distintos(titulos, campos)
    if IMPRESCINDIBLE not in elegidos:
        encontradas = ", ".join(titulo for titulo in titulos if titulo)[:300] or "ninguna"
        raise FilaRechazada(SIN_TELEFONO.format(encontradas) if campos is None else SIN_ELEGIR)
    columnas = tuple((posicion, COLUMNA[campo]) for posicion, campo in enumerate(elegidos) if campo)
    return Encabezado(
        titulos, columnas, tuple(t for t, campo in zip(titulos, elegidos, strict=False) if t and not campo)
    )


def proponer(titulos: Sequence[str]) -> list[str]:
    """El campo de cada posición por su cabecera; si dos valen para el mismo, gana la de nombre más propio."""
    posiciones: dict[str, int] = {}
    for posicion, titulo in enumerate(titulos):
        posiciones.setdefault(plegar(titulo), posicion)
    campos = [""] * len(titulos)
    for columna in COLUMNAS:
        for nombre in (plegar(columna.nombre), *columna.alias.split()):
            if nombre in posiciones and not campos[posiciones[nombre]]:
                campos[posiciones[nombre]] = columna.nombre
                break
    return campos


def huella(titulos: Sequence[str]) -> str:
    """La misma para dos hojas con las mismas cabeceras en el mismo orden: SHA-256 en hexadecimal."""
    return hashlib.sha256("\n".join(map(plegar, titulos)).encode()).hexdigest()


def _exigir_distintos(titulos: Sequence[str], campos: Sequence[str]) -> None:
    if len(campos) != len(titulos) or not set(campos) <= {"", *COLUMNA}:
        raise FilaRechazada("Las columnas elegidas no son las de esta hoja: vuelve a elegirlas.")
    de_quien: dict[str, str] = {}
    for titulo, campo in zip(titulos, campos, strict=True):
        if campo and campo in de_quien:
            raise FilaRechazada(
                f"«{de_quien[campo]}» y «{titulo}» van las dos a «{campo}»: deja solo una de ellas."
            )
        de_quien[campo] = titulo
