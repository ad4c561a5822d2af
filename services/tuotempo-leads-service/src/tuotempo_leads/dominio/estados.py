"""Los estados de un contacto, con sus textos exactos: los paneles y las estadísticas agrupan por ellos."""

from __future__ import annotations

from collections.abc import Mapping

from tuotempo_leads.dominio.textos import plegar

CITA_AGENDADA, NO_INTERESADO, VOLVER_A_LLAMAR = "Cita Agendada", "No Interesado", "Volver a llamar"
CON_PACK, SIN_PACK = "Con Pack", "Sin Pack"

Niveles = tuple[str, str]
CODIGOS_NO_INTERES: Mapping[str, Niveles] = {
    "no disponibilidad": (NO_INTERESADO, "no disponibilidad cliente"),
    "descontento": (NO_INTERESADO, "Descontento con Adeslas"),
    "bajaProxima": (NO_INTERESADO, "Próxima baja"),
    "otros": (NO_INTERESADO, "No da motivos"),
}
CODIGOS_VOLVER_A_LLAMAR: Mapping[str, Niveles] = {
    "buzon": (VOLVER_A_LLAMAR, "buzón"),
    "interrupcion": (VOLVER_A_LLAMAR, "no disponible cliente"),
    "proble_tecnico": (VOLVER_A_LLAMAR, "Interesado. Problema técnico"),
}
# Los que salen siempre en las estadísticas, aunque nadie los tenga; lo demás va a «Otros».
SUBESTADOS: Mapping[str, tuple[str, ...]] = {
    VOLVER_A_LLAMAR: ("buzón", "no disponible cliente", "Interesado. Problema técnico", "cortado"),
    NO_INTERESADO: (
        "no disponibilidad cliente",
        "a corto plazo (vac. Trab...)..)",
        "Descontento con Adeslas",
        "No da motivos",
        "Próxima baja",
    ),
}
# No son estados sino maneras de filtrarlos; en minúsculas, que ningún estado lo es.
OTROS, SIN_LLAMAR, CONTACTADO = "otros", "sin-llamar", "contactado"
RESULTADOS = ("volver a marcar", "no interesado", "cita sin pack", "cita con pack")

_CONOCIDOS = {
    plegar(texto): texto
    for texto in (
        *(CITA_AGENDADA, CON_PACK, SIN_PACK),
        *(
            texto
            for niveles in (*CODIGOS_NO_INTERES.values(), *CODIGOS_VOLVER_A_LLAMAR.values())
            for texto in niveles
        ),
    )
}


def canonico(estado: str) -> str:
    """El estado con su texto exacto si es uno conocido escrito de otra manera; si no, tal cual."""
    return _CONOCIDOS.get(plegar(estado), estado.strip())


def nombre_del_codigo(codigo: str, codigos: Mapping[str, Niveles]) -> str | None:
    """El código con su nombre exacto, venga escrito como venga; `None` si no existe."""
    buscado = plegar(codigo.replace("_", " "))
    return next((nombre for nombre in codigos if plegar(nombre.replace("_", " ")) == buscado), None)


def codigo_de(nivel_1: str | None, nivel_2: str | None) -> str | None:
    """El código de «volver a llamar» que deja esos dos niveles, si alguno."""
    return next(
        (codigo for codigo, niveles in CODIGOS_VOLVER_A_LLAMAR.items() if niveles == (nivel_1, nivel_2)), None
    )


def resultado(nivel_1: str | None, con_pack: bool) -> str | None:
    """El valor de `resultado_llamada` que corresponde a un estado, o `None` si el estado no es de los conocidos."""
    return {
        NO_INTERESADO: "no interesado",
        VOLVER_A_LLAMAR: "volver a marcar",
        CITA_AGENDADA: "cita con pack" if con_pack else "cita sin pack",
    }.get(nivel_1 or "")
