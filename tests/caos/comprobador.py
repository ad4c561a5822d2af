"""Cada escritura confirmada está una vez y entera; cada evento se aplicó una vez a cada suscriptor; el dinero cuadra.

Cada función da los fallos que encuentra, uno por frase; si no da ninguno, todo está bien.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.caos import diario, dinero, sucesos
from tests.caos.estado import Estado
from tests.caos.llamadas import identidad

Hechos = dict[str, dict[str, dict[str, Any]]]
"""Lo confirmado: por flujo, por historia y por paso."""


def comprobar(ruta: Path, estado: Estado) -> dict[str, list[str]]:
    """Los fallos de cada comprobación, por su nombre; `ruta` es la del diario."""
    hechos = agrupar(ruta)
    escritas: dict[str, Callable[[Hechos, Estado], Iterator[str]]] = {
        "fichas de clientes": fichas,
        "clientes y mensajes de canales": canales,
        "partners e integraciones": partners,
        "llamadas": llamadas,
        "citas": citas,
        "pagos y anulaciones confirmados": dinero.confirmados,
    }
    del_estado: dict[str, Callable[[Estado], Iterator[str]]] = {
        "el dinero cuadra": dinero.cuadra,
        "cada evento, una vez a cada suscriptor": sucesos.aplicados_una_vez,
        "cada cambio dio su evento, y cada evento su efecto": sucesos.con_su_efecto,
        "nada a medias": nada_a_medias,
    }
    return {
        **{nombre: list(mirar(hechos, estado)) for nombre, mirar in escritas.items()},
        **{nombre: list(mirar(estado)) for nombre, mirar in del_estado.items()},
    }


def agrupar(ruta: Path) -> Hechos:
    hechos: Hechos = defaultdict(lambda: defaultdict(dict))
    for linea in diario.leer(ruta):
        hechos[linea["flujo"]][linea["historia"]][linea["hecho"]] = linea
    return hechos


def fichas(hechos: Hechos, estado: Estado) -> Iterator[str]:
    sanas, rotas = estado.fichas()
    yield from (f"el documento {nombre} está a medias" for nombre in rotas)
    for nombre, pasos in hechos["clientes"].items():
        ficha = sanas.get(nombre)
        if "borrado" in pasos:
            if ficha is not None:
                yield f"la ficha {nombre} se borró y sigue ahí"
            continue
        if ficha is None:
            yield f"falta la ficha {nombre}"
            continue
        tiene = Counter(servicio["descripcion"] for servicio in ficha["servicios"])
        confirmados = ["Fibra", *(p["servicio"] for h, p in pasos.items() if h.startswith("servicio"))]
        yield from (f"{nombre}: «{s}» está {tiene[s]} veces" for s in confirmados if tiene[s] != 1)
        yield from (
            f"{nombre}: «{s}» está {n} veces" for s, n in tiene.items() if n > 1 and s not in confirmados
        )
        if "contacto" in pasos and ficha["contacto"] != pasos["contacto"]["contacto"]:
            yield f"{nombre}: el contacto es {ficha['contacto']}"


def canales(hechos: Hechos, estado: Estado) -> Iterator[str]:
    clientes = Counter(map(tuple, estado.filas("canales", "SELECT nombre, tipo_servicio FROM clientes")))
    mensajes = Counter(map(tuple, estado.filas("canales", "SELECT contenido, tipo, cliente_id FROM canales")))
    for nombre, pasos in hechos["canales"].items():
        for hecho, dicho in pasos.items():
            if hecho == "cliente":
                veces = clientes[nombre, dicho["tipo_servicio"]]
            else:
                veces = mensajes[dicho["contenido"], dicho["tipo"], dicho["cliente_id"]]
            if veces != 1:
                yield f"{hecho} de {nombre} está {veces} veces"


def partners(hechos: Hechos, estado: Estado) -> Iterator[str]:
    fichas = defaultdict(list)
    for nombre, email, kyc in estado.filas("partners", "SELECT nombre, email, estado_kyc FROM partners"):
        fichas[nombre].append((email, kyc))
    integraciones = Counter(n for (n,) in estado.filas("partners", "SELECT nombre FROM integraciones"))
    activas = {n for n, a in estado.filas("partners", "SELECT nombre, activa FROM integraciones") if a}
    for nombre, pasos in hechos["partners"].items():
        suyas = fichas[nombre]
        if len(suyas) != 1:
            yield f"el partner {nombre} está {len(suyas)} veces"
            continue
        if suyas[0][0] != pasos["alta"]["email"] or ("kyc" in pasos and suyas[0][1] != "APROBADO"):
            yield f"el partner {nombre} no es el confirmado: {suyas[0]}"
        for hecho in (h for h in pasos if h.startswith("integracion")):
            veces = integraciones[pasos[hecho]["nombre_integracion"]]
            if veces != 1:
                yield f"la {hecho} de {nombre} está {veces} veces"
        if "revocada" in pasos and f"{nombre} 1" in activas:
            yield f"la integración de {nombre} se revocó y sigue activa"


def llamadas(hechos: Hechos, estado: Estado) -> Iterator[str]:
    consulta = "SELECT razon_vuelta_a_llamar, telefono_norm FROM llamadas"
    hay = Counter(map(tuple, estado.filas("leads", consulta)))
    de_alguien = {
        m
        for (m,) in estado.filas(
            "leads", "SELECT lead_id FROM llamadas WHERE lead_id NOT IN (SELECT id FROM leads)"
        )
    }
    yield from (f"hay llamadas del contacto {m}, que no existe" for m in de_alguien)
    for nombre, pasos in hechos["llamadas"].items():
        veces = hay[nombre, pasos["llamada"]["telefono"]]
        if veces != 1:
            yield f"la llamada {nombre} está {veces} veces"


def citas(hechos: Hechos, estado: Estado) -> Iterator[str]:
    consulta = "SELECT telefono_norm, estado, lead_id, resid, motivo, nombre, disponibilidad FROM citas"
    por_telefono = defaultdict(list)
    for cita in estado.filas("leads", consulta):
        por_telefono[cita.telefono_norm].append(cita)
        if cita.estado in ("en_curso", "desconocida"):
            yield f"la cita de {cita.nombre} sigue «{cita.estado}»"
        if cita.estado == "confirmada" and not (cita.resid or cita.motivo == "CONCILIADA"):
            yield f"la cita de {cita.nombre} está confirmada sin reserva"
    leads = {t: i for i, t in estado.filas("leads", "SELECT id, telefono_norm FROM leads")}
    for nombre, pasos in hechos["citas"].items():
        telefono = next(iter(pasos.values()))["telefono"]
        tiene = [cita for cita in por_telefono[telefono] if cita.estado == "confirmada"]
        huecos = [identidad(json.loads(cita.disponibilidad)) for cita in tiene]
        suyos = [paso["hueco"] for paso in pasos.values()]
        if any(huecos.count(hueco) != 1 for hueco in suyos):
            yield f"{nombre} tiene citas en {huecos}, y se le confirmaron en {suyos}"
        # Una que quedó en duda existe, conciliada, sin que se le confirmara a nadie.
        if any(cita.resid and hueco not in suyos for cita, hueco in zip(tiene, huecos, strict=True)):
            yield f"{nombre} tiene una cita que no se le confirmó"
        if any(cita.lead_id != leads.get(telefono) for cita in tiene):
            yield f"la cita de {nombre} no es la de su contacto"


def nada_a_medias(estado: Estado) -> Iterator[str]:
    yield from estado.integridad()
    if pendientes := estado.uno("almacen", "SELECT COUNT(*) FROM intenciones WHERE hecha = 0"):
        yield f"{pendientes} escrituras del almacén sin decidir"
    for servicio in estado.bases:
        cortadas = estado.uno(servicio, "SELECT COUNT(*) FROM inbox_espera WHERE muerta = 1")
        if cortadas:
            yield f"{servicio}: {cortadas} eventos muertos"
