"""La pila entera en contenedores: `make up`, `make down` y las demás órdenes acaban aquí.

Solo usa la biblioteca estándar: en esa máquina basta con Docker y Python.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import IO

sys.path.append(str(Path(__file__).resolve().parents[1] / "local"))
from contenedores import PROYECTO, en_marcha

RAIZ = Path(__file__).resolve().parents[2]
CON_REPLICAS = ("canales", "clientes", "almacen", "partners", "leads", "espacio")
PUERTOS = {  # su variable y el de siempre
    "canales": ("CANALES_PORT", 5000),
    "almacen": ("STORAGE_PORT", 5001),
    "clientes": ("CUSTOMER_PORT", 5002),
    "partners": ("PARTNERS_PORT", 5003),
    "leads": ("LEADS_PORT", 5004),
    "espacio": ("ESPACIO_PORT", 8000),
}
OPCIONES = {"ORACLE": "1", "OBS": "0", "REPLICAS": "1"}
SECRETOS = (
    "partners_postgres", "mysql_root", "leads_mysql", "leads_sesiones", "leads_admin", "espacio_tokens",
    "espacio_oracle", "oracle_root",
)  # fmt: skip


def subir() -> None:
    inicio = time.monotonic()
    _exigir_las_claves_de_los_datos()
    guardar_secretos(RAIZ / "datos/secretos")
    _recordar_opciones()
    print("Construyendo las imágenes (la primera vez tarda unos minutos) y levantando la pila…", flush=True)
    compose("build", "--quiet")
    compose("up", "--detach", "--wait", "--wait-timeout", "600", "--remove-orphans")
    _despedida(time.monotonic() - inicio)


def bajar() -> None:
    """Quita los contenedores; los datos se quedan en sus volúmenes (`make down DATOS=0` los borra también)."""
    compose("down", "--timeout", "30", *(["--volumes"] if os.environ.get("DATOS") == "0" else []))


def imagenes() -> None:
    """Construye las imágenes y dice lo que ocupa cada una."""
    guardar_secretos(RAIZ / "datos/secretos")
    compose("build", "--quiet")
    formato = "table {{.Repository}}\t{{.Tag}}\t{{.Size}}"
    docker("images", "--filter", "reference=centralita/*", "--format", formato)


def ver() -> None:
    compose("ps", "--all")
    if nuestros := en_marcha():  # sin nombres, los diría todos, también los ajenos
        docker("stats", "--no-stream", "--format", "table {{.Name}}\t{{.MemUsage}}\t{{.CPUPerc}}", *nuestros)


def registros(*servicios: str) -> None:
    compose("logs", "--follow", "--tail", "100", *servicios)


def consola(servicio: str = "") -> None:
    if not servicio:
        raise SystemExit("Di en qué servicio: make shell s=leads")
    compose("exec", servicio, "bash")


def reiniciar(servicio: str = "") -> None:
    """Una réplica detrás de otra: la siguiente no empieza hasta que la anterior está sana."""
    if not servicio:
        raise SystemExit("Di qué servicio: make reiniciar s=partners")
    for contenedor in replicas(servicio):
        docker("restart", "--time", "30", contenedor)
        esperar_sano(contenedor)
        print(f"{contenedor}: reiniciado", flush=True)


def replicas(servicio: str) -> list[str]:
    """Los contenedores de un servicio; termina el proceso si no hay ninguno."""
    if nombres := en_marcha(servicio):
        return nombres
    raise SystemExit(f"No hay ningún contenedor de «{servicio}» en marcha (míralo con make ps).")


def esperar_sano(contenedor: str, plazo: float = 120) -> None:
    orden = ["docker", "inspect", "--format", "{{.State.Health.Status}}", contenedor]
    fin = time.monotonic() + plazo
    while subprocess.run(orden, check=True, capture_output=True, text=True).stdout.strip() != "healthy":
        if time.monotonic() > fin:
            raise SystemExit(f"{contenedor} no está sano tras {plazo:.0f} s: make logs s=…")
        time.sleep(0.5)


def _exigir_las_claves_de_los_datos() -> None:
    """Unas bases ya creadas no se abren con claves nuevas: los servicios caerían uno tras otro sin decir por qué."""
    orden = ["docker", "volume", "ls", "--quiet", "--filter", f"label=com.docker.compose.project={PROYECTO}"]
    bases = {f"{PROYECTO}_{base}" for base in ("postgres", "mysql", "oracle")}
    hay = bases & set(subprocess.run(orden, check=True, capture_output=True, text=True).stdout.split())
    if hay and not (RAIZ / "datos/secretos").exists():
        raise SystemExit(
            f"Ya hay datos de otra vez ({', '.join(sorted(hay))}) y aquí no están sus claves: trae su carpeta "
            "datos/secretos, o bórralos con `make down DATOS=0`."
        )


def guardar_secretos(carpeta: Path) -> None:
    """Crea los que falten. La carpeta es solo de su dueño; los ficheros se leen también desde los contenedores."""
    carpeta.mkdir(parents=True, exist_ok=True)
    carpeta.chmod(0o700)
    for nombre in SECRETOS:
        _crear(carpeta / nombre, secrets.token_urlsafe(32))
    _crear(carpeta / "partners_cifrado", urlsafe_b64encode(secrets.token_bytes(32)).decode())
    clave = (carpeta / "partners_postgres").read_text("utf-8")
    _crear(carpeta / "partners_bd", f"postgresql+psycopg://partners:{clave}@postgres:5432/partners")


def _crear(fichero: Path, valor: str) -> None:
    if not fichero.exists():
        fichero.touch(0o644)
        fichero.write_text(valor, "utf-8")


def opcion(nombre: str) -> str:
    """Lo que dice el entorno; si no dice nada, con lo que se levantó la última vez."""
    fichero = RAIZ / f"datos/{PROYECTO}.opciones.json"
    guardadas = json.loads(fichero.read_text("utf-8")) if fichero.exists() else {}
    return os.environ.get(nombre) or guardadas.get(nombre) or OPCIONES[nombre]


def _recordar_opciones() -> None:
    elegidas = {nombre: os.environ.get(nombre) or valor for nombre, valor in OPCIONES.items()}
    (RAIZ / f"datos/{PROYECTO}.opciones.json").write_text(json.dumps(elegidas), "utf-8")


def _entorno() -> dict[str, str]:
    """Con réplicas, el gateway necesita la dirección de cada una: son los nombres que les da compose."""
    if not (dichas := opcion("REPLICAS")).isdecimal():
        raise SystemExit(f"REPLICAS debe ser un número, y vale {dichas!r}.")
    replicas = int(dichas)
    direcciones = {
        f"URLS_{servicio.upper()}": ",".join(
            f"http://{PROYECTO}-{servicio}-{n}:8000" for n in range(1, replicas + 1)
        )
        for servicio in CON_REPLICAS
    }
    return {**os.environ, "REPLICAS": str(replicas), "RED_DE_PULSAR": f"{PROYECTO}-pulsar", **direcciones}


def _ficheros() -> list[str]:
    anadidos = {
        "oracle": opcion("ORACLE") != "0",
        "observabilidad": opcion("OBS") == "1",
        "puertos": opcion("REPLICAS") == "1",
    }
    elegidos = [f"deploy/compose/{nombre}.yml" for nombre, entra in anadidos.items() if entra]
    return [parte for fichero in ("docker-compose.yml", *elegidos) for parte in ("--file", fichero)]


def compose(*orden: str, entrada: IO[bytes] | None = None, salida: IO[bytes] | int | None = None) -> bytes:
    base = ("compose", "--project-name", PROYECTO, "--project-directory", ".", *_ficheros())
    return docker(*base, *orden, entrada=entrada, salida=salida)


def docker(*orden: str, entrada: IO[bytes] | None = None, salida: IO[bytes] | int | None = None) -> bytes:
    """Lo que escribe la orden, si `salida` es `subprocess.PIPE`; si falla, termina diciendo cuál."""
    hecho = subprocess.run(
        ["docker", *orden], cwd=RAIZ, env=_entorno(), stdin=entrada, stdout=salida, check=False
    )
    if hecho.returncode:
        raise SystemExit(f"Falló: docker {' '.join(orden)[:300]}")
    return hecho.stdout or b""


def _despedida(segundos: float) -> None:
    puerto = os.environ.get("GATEWAY_PORT") or 8080
    print(f"\nCentralita está lista en {segundos:.0f} s: http://localhost:{puerto}/")
    if opcion("REPLICAS") == "1":
        for nombre, (variable, suyo) in PUERTOS.items():
            print(f"  {nombre:<9} http://127.0.0.1:{os.environ.get(variable) or suyo}/docs")
    print("Panel de leads: crea el primer usuario con `make shell s=leads` y, dentro, `flask create-user`.")
    print(
        "Cómo va: make ps · registros: make logs s=leads · copia de seguridad: make respaldo · parar: make down"
    )


ORDENES = {
    "subir": subir, "bajar": bajar, "imagenes": imagenes, "ver": ver, "registros": registros, "consola": consola,
    "reiniciar": reiniciar,
}  # fmt: skip

if __name__ == "__main__":
    ORDENES[sys.argv[1]](*filter(None, sys.argv[2:]))
