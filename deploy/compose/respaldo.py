"""Copia de seguridad de todo lo que guarda Centralita: `make respaldo`.

Con la pila en contenedores, las copias de los servicios casan entre sí aunque sigan atendiendo: se detiene el reparto
de eventos, se espera a que no quede ninguno en el broker y entonces cada evento está aplicado o en una outbox, que se
copia con su base. Sin contenedores, todas las bases de `datos/` se copian en el mismo instante.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from pila import RAIZ, compose, en_marcha, opcion

PAQUETES = {
    "canales": "canales",
    "almacen": "storage_service",
    "clientes": "customer_service",
    "partners": "partners",
    "leads": "tuotempo_leads",
    "espacio": "espacio_clientes",
}
# Lo que está cifrado o firmado con ellas no se puede leer sin ellas; las de las bases son de cada máquina.
CLAVES = ("partners_cifrado", "leads_sesiones", "espacio_tokens")
VOLUMEN = (Path(__file__).parent / "volumen.py").read_text("utf-8")
PAUSA = 1800  # segundos; si esto muriera, el reparto sigue solo
ENVIO = 12  # segundos que puede durar un envío que ya estaba en marcha
EN_POSTGRES = "pg_dump --username=partners --format=custom partners"
EN_MYSQL = 'exec {} --user=root --password="$(cat /run/secrets/mysql_root)" {}'
EN_ORACLE = (
    "mkdir -p /opt/oracle/oradata/respaldo && "
    'sqlplus -s "/ as sysdba" <<< "alter session set container=FREEPDB1; '
    "create or replace directory respaldo as '/opt/oracle/oradata/respaldo';\" >&2 && "
    'expdp \\"/ as sysdba\\" schemas=ESPACIO directory=respaldo dumpfile=espacio.dmp reuse_dumpfiles=y >&2 && '
    "cat /opt/oracle/oradata/respaldo/espacio.dmp"
)


def sacar() -> None:
    carpeta = RAIZ / "respaldos" / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    carpeta.mkdir(parents=True, mode=0o700)
    _de_la_pila(carpeta) if en_marcha() else _guardar(carpeta / "datos.tar", ["sacar", str(datos())])
    sumas = {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(carpeta.iterdir())}
    (carpeta / "indice.json").write_text(json.dumps(sumas, indent=1), "utf-8")
    print(f"\nGuardada en {carpeta.relative_to(RAIZ)}: lleva las claves, trátala como ellas.")
    print(f"Para volver a ella: make restaurar de={carpeta.relative_to(RAIZ)}")


def _de_la_pila(carpeta: Path) -> None:
    a_los_relays("pausar", str(PAUSA))
    try:
        print(
            f"Reparto detenido; espero {ENVIO} s a los envíos en marcha y a que se consuma lo enviado…",
            flush=True,
        )
        time.sleep(ENVIO)
        _esperar_al_broker()
        _copiar(carpeta)
    finally:
        a_los_relays("reanudar")


def a_los_relays(*orden: str) -> None:
    for servicio, paquete in PAQUETES.items():
        compose("exec", "-T", servicio, "python", "-m", f"{paquete}.trabajador", *orden)


def _copiar(carpeta: Path) -> None:
    for servicio in PAQUETES:
        _volcar(carpeta / f"{servicio}.tar", servicio, "python", "-c", VOLUMEN, "sacar", "/datos")
    _volcar(carpeta / "partners.dump", "postgres", *EN_POSTGRES.split())
    volcado = EN_MYSQL.format("mysqldump --single-transaction --no-tablespaces --hex-blob", "leads")
    _volcar(carpeta / "leads.sql", "mysql", "sh", "-c", volcado)
    if opcion("ORACLE") != "0":
        _volcar(carpeta / "espacio.dmp", "oracle", "bash", "-c", EN_ORACLE)
    for clave in CLAVES:
        shutil.copy(RAIZ / "datos/secretos" / clave, carpeta / clave)


def _volcar(fichero: Path, servicio: str, *orden: str) -> None:
    with fichero.open("wb") as salida:
        compose("exec", "-T", servicio, *orden, salida=salida)
    print(f"  {fichero.name:<14} {fichero.stat().st_size / 1e6:8.2f} MB", flush=True)


def _esperar_al_broker(plazo: float = 300) -> None:
    """Lo enviado tiene que estar aplicado: en la copia no entra lo que solo está en el broker."""
    fin = time.monotonic() + plazo
    while quedan := {tema: n for tema, n in _sin_consumir().items() if n}:
        if time.monotonic() > fin:
            raise SystemExit(
                f"Tras {plazo:.0f} s quedan eventos sin consumir: {quedan}. Mira make ps y make dlq."
            )
        time.sleep(1)


def _sin_consumir() -> dict[str, int]:
    return {tema: sum(s["msgBacklog"] for s in _suscripciones(tema)) for tema in temas()}


def _suscripciones(tema: str) -> list[dict[str, int]]:
    estado = json.loads(al_broker("GET", f"{tema}/partitioned-stats"))
    return list(estado["subscriptions"].values())


def al_broker(metodo: str, ruta: str) -> bytes:
    """Una petición a la administración de Pulsar sobre un tema de Centralita."""
    espacio = os.environ.get("PULSAR_NAMESPACE") or "public/default"
    url = f"http://localhost:8080/admin/v2/persistent/{espacio}/{ruta}"
    return compose("exec", "-T", "broker", "curl", "-fsS", "-X", metodo, url, salida=subprocess.PIPE)


def temas() -> dict[str, list[str]]:
    """Quién consume cada tema."""
    leidos: dict[str, list[str]] = json.loads((RAIZ / "contracts/suscripciones.json").read_text("utf-8"))
    return leidos


def _guardar(fichero: Path, orden: list[str]) -> None:
    with fichero.open("wb") as salida:
        subprocess.run([sys.executable, "-c", VOLUMEN, *orden], stdout=salida, check=True)
    print(f"  {fichero.name:<14} {fichero.stat().st_size / 1e6:8.2f} MB", flush=True)


def datos() -> Path:
    return Path(os.environ.get("DATOS_DIR") or RAIZ / "datos").resolve()


if __name__ == "__main__":
    sacar()
