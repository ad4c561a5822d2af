"""`make caos`: rompe de todo mientras se usa, y comprueba después que no se perdió, repitió ni partió nada.

Del entorno: `MINUTOS` (30), `SEMILLA` (al azar), `PILA=real` (con PostgreSQL, MySQL y Pulsar) e `INFORME=1`, que
guarda lo que sale en tests/caos/INFORME.md.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.caos import averias, cobros, comprobador, guion, historias, informe, llamadas, reposo, siembra
from tests.caos.diario import Diario
from tests.caos.estado import Estado
from tests.caos.informe import Pasada
from tests.caos.montaje import Montaje
from tests.trafico import Llamada, Trafico, leer

FLUJOS = ("clientes", "canales", "partners", "llamadas", "citas", "espacio")
POR_SEGUNDO = 1.5  # peticiones de cada hilo, como mucho
HILOS = 2  # por cada tipo de escritura
INFORME = Path(__file__).with_name("INFORME.md")


def main() -> int:
    minutos, semilla = (
        float(os.environ.get("MINUTOS") or 30),
        os.environ.get("SEMILLA") or str(random.randrange(10**6)),
    )
    real = os.environ.get("PILA") == "real"
    pasada = Pasada(f"make caos MINUTOS={minutos:g}{' PILA=real' if real else ''}", semilla, minutos)
    print(f"Semilla {semilla}: repite esta pasada con `{pasada.orden} SEMILLA={semilla}`.", flush=True)
    carpeta = Path(tempfile.mkdtemp(prefix="caos-"))
    azar = random.Random(semilla)
    with Montaje(carpeta, azar, real=real) as montaje:
        diario = Diario(carpeta / "diario.jsonl", FLUJOS)
        romper(montaje, diario, azar, pasada)
        comprobar(montaje, diario, pasada)
        if not pasada.bien:
            print(f"Los registros quedan en {guardar_registros(montaje, carpeta)}.", flush=True)
    texto = informe.en_markdown(pasada, diario)
    print(f"\n{texto}", flush=True)
    if os.environ.get("INFORME"):
        INFORME.write_text(texto, "utf-8")
    if pasada.bien:
        shutil.rmtree(carpeta, ignore_errors=True)
    return 0 if pasada.bien else 1


def romper(montaje: Montaje, diario: Diario, azar: random.Random, pasada: Pasada) -> None:
    pasada.imposibles = averias.imposibles(montaje)
    inicio = time.monotonic()
    with Trafico(*trafico_de(montaje, diario, azar), insistir=True, por_segundo=POR_SEGUNDO) as trafico:
        time.sleep(5)  # que todos hayan confirmado algo antes de empezar
        for suceso in guion.interpretar(averias.todas(montaje, azar), diario, azar, pasada.minutos * 60):
            pasada.sucesos.append(suceso)
            print(f"[{time.monotonic() - inicio:6.0f} s] {informe.linea(suceso)}", flush=True)
        print("Se acabaron las averías; se dejan terminar las escrituras en curso…", flush=True)
    pasada.peticiones = trafico.total


def trafico_de(montaje: Montaje, diario: Diario, azar: random.Random) -> list[Llamada]:
    gateway = montaje.gateway
    relatos = {
        "clientes": historias.ficha(gateway),
        "canales": historias.cliente_de_canales(gateway),
        "partners": historias.partner(gateway),
        "llamadas": llamadas.llamada(gateway, siembra.PARA_LLAMADAS),
        "citas": llamadas.cita(gateway, siembra.PARA_CITAS),
        "espacio": cobros.pago(gateway, siembra.DOCUMENTOS, siembra.CLAVE),
    }
    rutas = (
        "/",
        "/canales/clientes?page=1",
        "/partners/api/v1/partners?page=1",
        "/leads/api/obtener_resultados?page=1",
    )
    escrituras = [
        historias.contar(flujo, relato, diario, azar.randrange(10**9))
        for flujo, relato in relatos.items()
        for _ in range(HILOS)
    ]
    return [*escrituras, leer(*(gateway + ruta for ruta in rutas))]


def comprobar(montaje: Montaje, diario: Diario, pasada: Pasada) -> None:
    estado = Estado(montaje.urls, montaje.documentos)
    print("Se espera a que todo se reparta y se concilie…", flush=True)
    quedan = reposo.esperar_a_que_acabe(estado, montaje)
    pasada.fallos = comprobador.comprobar(diario.ruta, estado)
    pasada.fallos["todo termina de repartirse"] = [f"{cuantos} {que}" for que, cuantos in quedan.items()]
    pasada.fallos["todo se recupera"] = [s.averia for s in pasada.sucesos if s.recuperacion is None]
    pasada.fallos["ninguna respuesta inesperada"] = diario.inesperadas
    pasada.fallos["todo error se explica"] = [
        f"{veces} × {que}" for que, veces in (+diario.sin_texto).items()
    ]


def guardar_registros(montaje: Montaje, carpeta: Path) -> Path:
    return Path(
        shutil.copytree(montaje.pila.datos, carpeta / "datos", ignore=shutil.ignore_patterns("*.sock"))
    )


if __name__ == "__main__":
    sys.exit(main())
