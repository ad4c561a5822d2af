"""Los eventos: los que nacieron (el testigo de cada outbox) frente a los aplicados (cada inbox) y sus efectos."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.caos.estado import Estado, huella
from tests.pila import RAIZ

PULSAR = "pulsar"
# Quién hace algo con cada evento; a los demás suscriptores les llega y no les interesa.
MANEJADORES = {
    ("canales", "ClienteGuardado"): "registrar_cliente_guardado",
    ("canales", "ResultadoLlamadaActualizado"): "registrar_llamada",
    ("canales", "CitaConfirmada"): "registrar_cita",
    ("canales", "PagoProcesado"): "anotar_pago",
    ("canales", "PagoAnulado"): "anotar_anulacion",
    ("clientes", "CitaConfirmada"): "contratar_cita",
}


def entregas(estado: Estado) -> Counter[tuple[str, str, str]]:
    """Suscriptor, manejador y evento de cada entrega que tenía que hacerse, con las veces que nació."""
    tabla = json.loads((RAIZ / "contracts/suscripciones.json").read_text("utf-8"))
    debidas: Counter[tuple[str, str, str]] = Counter()
    for servicio in estado.bases:
        for destino, sobre in estado.emitidos(servicio):
            for quien in tabla.get(sobre["tema"], []) if destino == PULSAR else [destino]:
                if manejador := MANEJADORES.get((quien, sobre["type"])):
                    debidas[quien, manejador, sobre["id"]] += 1
    return debidas


def aplicados_una_vez(estado: Estado) -> Iterator[str]:
    debidas = entregas(estado)
    hechas: Counter[tuple[str, str, str]] = Counter()
    for quien in {quien for quien, _ in MANEJADORES}:
        for evento, manejador in estado.filas(quien, "SELECT evento_id, manejador FROM inbox"):
            hechas[quien, manejador, evento] += 1
    yield from (f"{e} nació {veces} veces" for e, veces in debidas.items() if veces > 1)
    yield from (f"no se aplicó {e}" for e in debidas.keys() - hechas.keys())
    yield from (f"se aplicó {e}, que nunca nació" for e in hechas.keys() - debidas.keys())
    for servicio in estado.bases:
        if pendientes := estado.uno(servicio, "SELECT COUNT(*) FROM outbox"):
            yield f"{servicio}: {pendientes} eventos sin repartir"
        if esperan := estado.uno(servicio, "SELECT COUNT(*) FROM inbox_espera"):
            yield f"{servicio}: {esperan} eventos sin aplicar"


def con_su_efecto(estado: Estado) -> Iterator[str]:
    """Del cambio al evento y del evento al efecto, contando filas: ni falta ninguna ni sobra."""
    yield from _comparar(
        "llamadas", _llamadas(estado), _de_tipo(estado, "leads", "ResultadoLlamadaActualizado", "llamada_id")
    )
    confirmadas = Counter(
        i for (i,) in estado.filas("leads", "SELECT id FROM citas WHERE estado = 'confirmada'")
    )
    yield from _comparar("citas", confirmadas, _de_tipo(estado, "leads", "CitaConfirmada", "cita_id"))
    cobrados = "SELECT cod_transaccion FROM movimientos_pago WHERE despues = '{}'"
    for estado_final, tipo in (("APROBADO", "PagoProcesado"), ("ANULADO", "PagoAnulado")):
        pagos = Counter(c for (c,) in estado.filas("espacio", cobrados.format(estado_final)))
        yield from _comparar(tipo, pagos, _de_tipo(estado, "espacio", tipo, "cod_transaccion"))
    yield from _en_canales(estado)
    yield from _en_clientes(estado)
    yield from _del_almacen(estado)


def _llamadas(estado: Estado) -> Counter[Any]:
    return Counter(i for (i,) in estado.filas("leads", "SELECT id FROM llamadas"))


def _de_tipo(estado: Estado, servicio: str, tipo: str, campo: str) -> Counter[Any]:
    """Cuántas veces nació el evento de cada uno; con HTTP hay una copia por suscriptor, que no cuenta."""
    vistos = {
        sobre["id"]: sobre["data"][campo] for _, sobre in estado.emitidos(servicio) if sobre["type"] == tipo
    }
    return Counter(vistos.values())


def _comparar(que: str, hay: Counter[Any], debe: Counter[Any]) -> Iterator[str]:
    yield from (
        f"{que}: {clave} {hay[clave]} veces, y debía {debe[clave]}"
        for clave in hay.keys() | debe.keys()
        if hay[clave] != debe[clave]
    )


def _en_canales(estado: Estado) -> Iterator[str]:
    """Cada evento aplicado dejó en canales una entrada, y ninguna de más."""
    contenidos = [c for (c,) in estado.filas("canales", "SELECT contenido FROM canales")]
    empiezan = {
        "Llamada: ": "registrar_llamada",
        "Cita confirmada ": "registrar_cita",
        "Recibo ": "anotar_pago",
        "Pago ": "anotar_anulacion",
    }
    aplicados = Counter(m for (m,) in estado.filas("canales", "SELECT manejador FROM inbox"))
    hay = Counter(m for texto in contenidos for inicio, m in empiezan.items() if texto.startswith(inicio))
    del aplicados["registrar_cliente_guardado"]
    yield from _comparar("entradas en canales", hay, aplicados)
    recibos = Counter(
        texto.split(" pago ")[1].split()[0] for texto in contenidos if texto.startswith("Recibo ")
    )
    anulados = Counter(texto.split()[1] for texto in contenidos if texto.startswith("Pago "))
    yield from _comparar(
        "recibos en canales", recibos, _de_tipo(estado, "espacio", "PagoProcesado", "cod_transaccion")
    )
    yield from _comparar(
        "anulaciones en canales", anulados, _de_tipo(estado, "espacio", "PagoAnulado", "cod_transaccion")
    )


def _en_clientes(estado: Estado) -> Iterator[str]:
    """Cada cita confirmada está contratada en la ficha de su persona."""
    citas = Counter(
        n for (n,) in estado.filas("leads", "SELECT nombre FROM citas WHERE estado = 'confirmada'")
    )
    sanas, _ = estado.fichas()
    de_citas = {"Cita dental", "Pack dental"}
    tienen: Counter[str] = Counter()
    for nombre, ficha in sanas.items():
        tienen[nombre] += sum(s["descripcion"] in de_citas for s in ficha["servicios"])
    yield from _comparar("citas en fichas", +tienen, citas)


def _del_almacen(estado: Estado) -> Iterator[str]:
    """El último evento de cada documento dice lo que hay, y cada documento nuevo se registró una vez en canales."""
    ultimos: dict[str, dict[str, Any]] = {}
    nuevos: dict[str, str] = {}
    for _, sobre in estado.emitidos("almacen"):
        nombre = sobre["data"]["nombre"]
        if sobre["secuencia"] >= ultimos.get(nombre, sobre)["secuencia"]:
            ultimos[nombre] = sobre
        if sobre["data"].get("creado"):
            nuevos[sobre["id"]] = nombre
    sanas, _ = estado.fichas()
    yield from (f"el documento {nombre} no dio ningún evento" for nombre in sanas.keys() - ultimos.keys())
    for nombre, sobre in ultimos.items():
        if sobre["data"].get("documento") != sanas.get(nombre):
            yield f"el último evento de {nombre} no es lo que hay guardado"
    yield from (
        f"{nombre} se creó {veces} veces" for nombre, veces in Counter(nuevos.values()).items() if veces > 1
    )
    referencias = {
        c for (c,) in estado.filas("canales", "SELECT clave FROM referencias WHERE origen = 'clientes'")
    }
    yield from (
        f"{nombre} no llegó a canales" for nombre in set(nuevos.values()) if huella(nombre) not in referencias
    )
