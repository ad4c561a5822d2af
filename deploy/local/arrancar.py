"""`make run`: arranca todo en esta máquina, cuenta cómo va y se queda vigilando hasta Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from types import FrameType

import fichero_env
import puertos
from claves import completar_entorno
from destinos import destinos_de_eventos
from procesos import GATEWAY, RAIZ, TODOS, Proceso, carpeta_de_registros
from supervision import CONFIGURACION_NO_VALIDA, GESTOR, HIJO, SEGUNDOS_PARA_PARAR, preparar

DE_UNA_PILA = re.compile(r"  |Traceback |During handling|The above exception|gunicorn\.errors|\[[0-9-]{10} ")
DETENIDO = (0, -signal.SIGTERM)  # como sale el gestor cuando se le pide


def main() -> int:
    puertos.exigir_libres()
    fichero_env.avisar_de_las_desconocidas(RAIZ / ".env", RAIZ / ".env.example")
    completar_entorno()
    os.environ.setdefault("EVENTOS_DESTINOS", destinos_de_eventos())
    _exigir_numeros()
    plazo = float(os.environ.get("PLAZO_DE_ARRANQUE") or 60)  # segundos para que todo esté listo
    inicio, configuracion = time.monotonic(), preparar()
    orden = [sys.executable, HIJO, sys.executable, GESTOR, "-c", str(configuracion)]
    gestor = subprocess.Popen(orden, start_new_session=True)
    _al_recibir_senal(lambda: gestor.send_signal(signal.SIGTERM))
    print("Arrancando Centralita…\n", flush=True)
    if _esperar_a_todos(gestor, inicio, plazo):
        _presentar(time.monotonic() - inicio)
    elif gestor.poll() not in DETENIDO:
        _detener(gestor)
        return 1
    codigo = gestor.wait()
    print("\nCentralita se ha detenido.", flush=True)
    return 0 if codigo in DETENIDO else 1


def _detener(gestor: subprocess.Popen[bytes]) -> None:
    gestor.send_signal(signal.SIGTERM)
    try:
        gestor.wait(3 * SEGUNDOS_PARA_PARAR)
    except subprocess.TimeoutExpired:
        gestor.kill()  # los suyos se van con él: `hijo.py`
        gestor.wait()


def _exigir_numeros() -> None:
    """Los que leen este guion y gunicorn, que no pasan por la configuración de ningún servicio."""
    for nombre in ("PLAZO_DE_ARRANQUE", "WEB_PROCESOS", "WEB_HILOS", "RETIRADA"):
        valor = os.environ.get(nombre) or "0"
        if not valor.isdecimal():
            raise SystemExit(f"{nombre} debe ser un número entero, y vale {valor!r}.")


def _al_recibir_senal(parar: Callable[[], None]) -> None:
    def manejar(_: int, __: FrameType | None) -> None:
        parar()

    for senal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(senal, manejar)


def _esperar_a_todos(gestor: subprocess.Popen[bytes], inicio: float, plazo: float) -> bool:
    pendientes = list(TODOS)
    while pendientes and gestor.poll() is None:
        for proceso in [p for p in pendientes if _listo(p)]:
            pendientes.remove(proceso)
            print(
                f"  ✔ {proceso.nombre:<10} listo en {time.monotonic() - inicio:4.1f} s   {proceso.url}",
                flush=True,
            )
        if time.monotonic() - inicio > plazo:
            break
        time.sleep(0.05)
    if gestor.poll() in (CONFIGURACION_NO_VALIDA, *DETENIDO):  # ya lo ha contado él, o alguien lo ha parado
        return False
    for proceso in pendientes:
        print(f"\n  ✘ {proceso.nombre} no ha llegado a estar listo. Lo último que escribió:", file=sys.stderr)
        print(_ultimas_lineas(proceso), file=sys.stderr, flush=True)
    if pendientes and gestor.poll() is None:
        print(
            "\nSi la máquina va muy cargada, dale más tiempo: PLAZO_DE_ARRANQUE=180 make run", file=sys.stderr
        )
    return not pendientes


def _listo(proceso: Proceso) -> bool:
    return all(_contesta(proceso.url + ruta) for ruta in proceso.salud)


def _contesta(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=0.5) as respuesta:  # noqa: S310 — siempre esta máquina
            return bool(respuesta.status == 200)
    except OSError:
        return False


def _ultimas_lineas(proceso: Proceso, cuantas: int = 15) -> str:
    """Lo último que dijo de lo que le pasa: cada cosa una vez, y sin las pilas de llamadas (están en su registro)."""
    fichero = carpeta_de_registros() / f"{proceso.nombre}.log"
    try:
        lineas = fichero.read_text("utf-8", "replace").splitlines()
    except OSError:
        return "    (nada)"
    utiles = dict.fromkeys(linea for linea in lineas if linea and not DE_UNA_PILA.match(linea))
    return "\n".join(
        [*(f"    {linea[:300]}" for linea in (*utiles,)[-cuantas:]), f"    (todo, en {fichero})"]
    )


def _presentar(segundos: float) -> None:
    print(
        f"""
Centralita está lista en {segundos:.1f} s.

  Portada y estado      {GATEWAY.url}/
  Todas las API         {GATEWAY.url}/apis
  Panel de leads        {GATEWAY.url}/leads/

Prueba esto en otra terminal:

  curl -X POST {GATEWAY.url}/canales/cliente \\
       -H 'Content-Type: application/json' \\
       -d '{{"nombre": "Juan Pérez", "tipo_servicio": "soporte"}}'
  curl {GATEWAY.url}/canales/clientes

  make usuario          crea tu usuario del panel (pregunta la contraseña)
  make datos-demo       carga datos ficticios y dice las contraseñas de Espacio Clientes; con la de «cliente»:

  TOKEN=$(curl -s {GATEWAY.url}/espacio/token -d username=cliente -d password=CONTRASEÑA | cut -d'"' -f4)
  curl -H "Authorization: Bearer $TOKEN" \\
       '{GATEWAY.url}/espacio/consulta/deuda-cliente/?documento=30111222&moneda=1'
  curl -X POST -H "Authorization: Bearer $TOKEN" \\
       '{GATEWAY.url}/espacio/carrito/agregar?idsession=1&indicador=S&codmovimiento=123&usuario=cliente'

  make status           qué está en marcha
  make logs s=canales   lo que escribe un servicio

Ctrl-C (o `make stop`) lo detiene todo; los datos quedan en datos/.""",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
