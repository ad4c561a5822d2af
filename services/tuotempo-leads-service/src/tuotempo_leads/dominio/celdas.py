"""De lo que hay en una celda a lo que se guarda de un lead.

Cada función recibe el valor tal como lo da la hoja (texto, número, fecha o nada), devuelve `None` si está vacía y
lanza `FilaRechazada` con un motivo que se pueda leer junto al nombre de la columna.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tuotempo_leads.dominio import fechas
from tuotempo_leads.dominio.estados import RESULTADOS

_CIFRAS_MINIMAS, _CIFRAS_MAXIMAS = 9, 15  # un número español; el más largo de E.164
_VACIOS = frozenset({"", "nan", "none", "null", "nat", "<na>"})
_ERRORES = frozenset(
    (
        *("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!"),
        *("#n/d", "#¡ref!", "#¡valor!", "#¡div/0!", "#¿nombre?", "#¡nulo!", "#¡num!"),
    )
)
_NEUTRALIZADO = re.compile(r"'+[=+\-@\t\r]")
_EXPONENTE = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}")
_DECIMALES = re.compile(r"(\d+)[.,]0+")
_NUMERO = re.compile(r"[0-9]{1,8}(\.[0-9]+)?")
_CP_EN_DIRECCION = re.compile(r"(?<!\d)\d{5}(?!\d)")
_UTC = ZoneInfo("UTC")
_DIA_CERO = datetime(1899, 12, 30)  # noqa: DTZ001 — el origen de los días de Excel, que no tienen zona
_ULTIMO_DIA_DE_EXCEL = 73_050  # 31 de diciembre de 2099
_SI = frozenset(["1", "true", "verdadero", "v", "si", "sí", "s", "yes", "y", "x"])
_NO = frozenset(["0", "false", "falso", "f", "no", "n"])
_ESTADOS = (
    ("busy", re.compile(r"busy|ocupad|comunica")),
    ("completed", re.compile(r"complet|finaliz")),
    ("no answer", re.compile(r"\bno\b|no ?answer")),
)


class FilaRechazada(ValueError):
    """Lo leído no vale; el texto dice por qué y qué se esperaba."""


def texto(valor: object) -> str | None:
    """Texto en una línea, sin espacios de sobra, caracteres invisibles ni el `.0` que Excel pone a los números."""
    crudo = valor if type(valor) is str else como_texto(valor)
    limpio = " ".join(crudo.split())
    if not limpio.isascii():
        limpio = unicodedata.normalize("NFC", limpio)
    if not limpio.isprintable():
        limpio = " ".join("".join(c if c.isprintable() else " " for c in limpio).split())
    if len(limpio) < 5 and limpio.lower() in _VACIOS:
        return None
    if limpio[:1] == "#" and limpio.lower() in _ERRORES:
        raise FilaRechazada("la celda contiene un error de Excel: corrige su fórmula")
    return limpio


def sin_apostrofo(valor: object) -> object:
    """Quita el apóstrofo que puso la exportación para que nadie tome un texto por una fórmula."""
    return valor[1:] if isinstance(valor, str) and _NEUTRALIZADO.match(valor) else valor


def telefono(valor: object) -> str | None:
    """Solo cifras: las nueve de un número español, o el número extranjero con su prefijo (`+33612345678`)."""
    crudo = texto(valor)
    if crudo is None:
        return None
    if _EXPONENTE.fullmatch(crudo):
        crudo = _desde_exponente(crudo)
    elif entero := _DECIMALES.fullmatch(crudo):
        crudo = entero[1]
    if re.search(r"[^\W\d_]", crudo):
        raise FilaRechazada("el teléfono lleva letras: deja solo el número")
    cifras = re.sub(r"[^0-9]", "", crudo)
    con_prefijo = crudo.startswith("+") or cifras.startswith("00")
    cifras = cifras.removeprefix("00")
    if len(cifras) == _CIFRAS_MINIMAS + 2 and cifras.startswith("34"):
        return cifras[2:]
    if len(cifras) < _CIFRAS_MINIMAS:
        raise FilaRechazada(f"un teléfono tiene al menos {_CIFRAS_MINIMAS} cifras y este tiene {len(cifras)}")
    if len(cifras) > _CIFRAS_MAXIMAS:
        raise FilaRechazada("son demasiadas cifras para un teléfono: deja uno solo en cada celda")
    return f"+{cifras}" if con_prefijo and len(cifras) > _CIFRAS_MINIMAS else cifras


def codigo_postal(valor: object) -> str | None:
    """Cinco cifras, con los ceros que Excel se come: 4700 es `04700`. Uno extranjero se deja como viene."""
    crudo = texto(valor)
    if crudo is None:
        return None
    if entero := _DECIMALES.fullmatch(crudo):
        crudo = entero[1]
    return crudo.zfill(5) if crudo.isdecimal() else crudo


def codigo_postal_en(direccion: str | None) -> str | None:
    """El primer grupo de cinco cifras de una dirección."""
    hallado = _CP_EN_DIRECCION.search(direccion or "")
    return hallado[0] if hallado else None


def fecha(valor: object) -> date | None:
    """Celda de fecha, `AAAAMMDD`, `DD/MM/AAAA`, ISO 8601 o los días que cuenta Excel; entre 1900 y hoy."""
    cuando = momento(valor)
    if cuando is None:
        return None
    if cuando.year < fechas.PRIMER_ANO or cuando.date() > datetime.now(UTC).date():
        raise FilaRechazada(f"la fecha debe estar entre {fechas.PRIMER_ANO} y hoy")
    return cuando.date()


def momento(valor: object, zona: ZoneInfo = _UTC) -> datetime | None:
    """Hora de reloj en `zona`: como `fecha`, con hora, sin límites y en las formas de `dominio.fechas`."""
    if isinstance(valor, datetime):
        return valor.replace(microsecond=0, tzinfo=None)
    if isinstance(valor, date):
        return datetime.combine(valor, time())
    crudo = texto(valor)
    if crudo is None:
        return None
    try:
        return _de_numero(float(crudo)) if _NUMERO.fullmatch(crudo) else fechas.leer(crudo, zona)
    except ValueError:
        raise FilaRechazada("no es una fecha: se espera DD/MM/AAAA, AAAA-MM-DD o AAAAMMDD") from None


def booleano(valor: object) -> bool | None:
    """`1`, `true`, `verdadero`, `v`, `sí`, `s`, `yes`, `y`, `x`, y sus contrarios."""
    if isinstance(valor, bool):
        return valor
    crudo = texto(valor)
    if crudo is None:
        return None
    plegado = crudo.lower().removesuffix(".0")
    if plegado in _SI or plegado in _NO:
        return plegado in _SI
    raise FilaRechazada("se espera sí o no")


def entero(valor: object) -> int | None:
    crudo = texto(valor)
    if crudo is None:
        return None
    if sin_decimales := _DECIMALES.fullmatch(crudo):
        crudo = sin_decimales[1]
    if not re.fullmatch(r"[0-9]{1,18}", crudo):
        raise FilaRechazada("se espera un número entero")
    return int(crudo)


def estado(valor: object) -> str | None:
    """`no answer`, `busy` o `completed`, también dichos en español."""
    crudo = texto(valor)
    if crudo is None:
        return None
    for nombre, patron in _ESTADOS:
        if patron.search(crudo.lower()):
            return nombre
    raise FilaRechazada("se espera no answer, busy o completed")


def resultado(valor: object) -> str | None:
    crudo = texto(valor)
    if crudo is not None and crudo.lower() not in RESULTADOS:
        raise FilaRechazada(f"se espera {', '.join(RESULTADOS)}")
    return crudo and crudo.lower()


def como_texto(valor: object) -> str:
    if valor is None:
        return ""
    if isinstance(valor, bool):
        return "1" if valor else "0"
    if isinstance(valor, float):
        return str(int(valor)) if valor.is_integer() else format(Decimal(repr(valor)), "f")
    if isinstance(valor, datetime) and valor.time() != time():
        return valor.isoformat(" ", "seconds")
    return f"{valor:%d/%m/%Y}" if isinstance(valor, date) else str(valor)


def _desde_exponente(crudo: str) -> str:
    """`6.00123456E8` es exacto; `6.00E+08` perdió por el camino las cifras que no enseña."""
    mantisa, exponente = re.split("[eE]", crudo.replace(",", "."))
    if len(mantisa.replace(".", "")) <= int(exponente):
        raise FilaRechazada(
            "Excel lo convirtió a notación científica y perdió cifras: da formato de texto a la columna"
        )
    return format(Decimal(f"{mantisa}E{exponente}"), "f").removesuffix(".0")


def _de_numero(numero: float) -> datetime:
    if numero.is_integer() and 1800_00_00 <= numero <= 2200_12_31:
        return datetime.strptime(str(int(numero)), "%Y%m%d")
    if 1 <= numero <= _ULTIMO_DIA_DE_EXCEL:
        return _DIA_CERO + timedelta(seconds=round(numero * 86_400))
    raise ValueError(numero)
