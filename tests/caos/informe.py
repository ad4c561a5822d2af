"""Lo que se cuenta de una pasada: cada avería con lo que tardó todo en volver, los totales y lo comprobado."""

from __future__ import annotations

import os
import platform
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.caos.diario import Diario
from tests.caos.guion import Suceso


@dataclass
class Pasada:
    """Todo lo que hay que contar de una vez que se ejecutó."""

    orden: str
    semilla: str
    minutos: float
    sucesos: list[Suceso] = field(default_factory=list)
    imposibles: Mapping[str, str] = field(default_factory=dict)
    peticiones: int = 0
    fallos: dict[str, list[str]] = field(default_factory=dict)

    @property
    def bien(self) -> bool:
        return not any(self.fallos.values())


def linea(suceso: Suceso) -> str:
    vuelta = (
        "NO SE RECUPERÓ" if suceso.recuperacion is None else f"todo vuelve en {suceso.recuperacion:5.1f} s"
    )
    cuales = ", ".join(f"{veces} × {motivo}" for motivo, veces in suceso.fallidas.most_common(4))
    fallidas = f"{suceso.fallidas.total()} fallidas{f' ({cuales})' if cuales else ''}"
    return f"{suceso.averia:<62} {vuelta} ({suceso.ultimo or '–'}); {fallidas}"


def en_markdown(pasada: Pasada, diario: Diario) -> str:
    return "\n".join(
        [*_cabecera(pasada, diario), *_averias(pasada), *_comprobado(pasada), *_respuestas(diario)]
    )


def _cabecera(pasada: Pasada, diario: Diario) -> list[str]:
    flujos = ", ".join(f"{veces} de {flujo}" for flujo, veces in diario.confirmadas.most_common())
    maquina = f"{os.cpu_count()} núcleos, {platform.system()} {platform.machine()}"
    cuando = f"{datetime.now(UTC):%d/%m/%Y %H:%M} UTC"
    return [
        "# Una pasada de `make caos`",
        "",
        f"`{pasada.orden} SEMILLA={pasada.semilla}`, {cuando}. Máquina: {maquina}.",
        "",
        f"Averías: {len(pasada.sucesos)}. Llamadas: {pasada.peticiones}. Intentos fallidos: {diario.fallos.total()}.",
        f"Escrituras confirmadas: {diario.confirmadas.total()} ({flujos}).",
        "",
    ]


def _averias(pasada: Pasada) -> list[str]:
    """Una línea por avería distinta; si hubo varias iguales, la peor."""
    iguales: dict[str, list[Suceso]] = defaultdict(list)
    for suceso in pasada.sucesos:
        iguales[suceso.averia].append(suceso)
    lineas = [
        "| avería | veces | segundos hasta que todo vuelve | el último en volver | intentos fallidos |",
        "| --- | --- | --- | --- | --- |",
    ]
    for nombre, suyos in sorted(iguales.items()):
        peor = max(suyos, key=lambda s: float("inf") if s.recuperacion is None else s.recuperacion)
        tardo = "no volvió" if peor.recuperacion is None else f"{peor.recuperacion:.1f}"
        motivos = sum((s.fallidas for s in suyos), Counter())
        cuales = ", ".join(f"{veces} × {motivo}" for motivo, veces in motivos.most_common(3)) or "ninguno"
        lineas.append(f"| {nombre} | {len(suyos)} | {tardo} | {peor.ultimo or '–'} | {cuales} |")
    lineas += [f"| {que} | – | no se pudo: {motivo} | – | – |" for que, motivo in pasada.imposibles.items()]
    return [*lineas, ""]


def _comprobado(pasada: Pasada) -> list[str]:
    lineas = ["| comprobación | fallos |", "| --- | --- |"]
    lineas += [f"| {nombre} | {len(fallos)} |" for nombre, fallos in pasada.fallos.items()]
    hallados = [f"- {nombre}: {fallo}" for nombre, fallos in pasada.fallos.items() for fallo in fallos[:20]]
    return [*lineas, "", *hallados, *([""] if hallados else [])]


def _respuestas(diario: Diario) -> list[str]:
    por_flujo: dict[str, Counter[str]] = defaultdict(Counter)
    for (flujo, motivo), veces in diario.fallos.items():
        por_flujo[flujo][motivo] += veces
    lineas = ["Qué se contestó a los intentos fallidos:", ""]
    lineas += [
        f"- {flujo}: " + ", ".join(f"{veces} × {motivo}" for motivo, veces in motivos.most_common())
        for flujo, motivos in sorted(por_flujo.items())
    ]
    return [*lineas, ""]
