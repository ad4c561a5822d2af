"""Vuelta a una copia de seguridad: `make restaurar de=respaldos/…`. Antes de tocar nada comprueba que está entera."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pila import RAIZ, compose, subir
from respaldo import CLAVES, EN_MYSQL, PAQUETES, VOLUMEN, a_los_relays, al_broker, datos, temas
from vivo import pid_del_supervisor

SIN_ARRANCAR = ("run", "--rm", "--no-deps", "-T")
EN_POSTGRES = ("exec", "-T", "postgres")
USUARIO = ("--username=partners", "--dbname=partners")


def meter(de: str = "") -> None:
    carpeta = RAIZ / de
    if not de or not (carpeta / "indice.json").exists():
        raise SystemExit("Di qué copia: make restaurar de=respaldos/… (las hay en respaldos/).")
    _comprobar(carpeta)
    if os.environ.get("SI") != "1" and input(f"Se sustituirá lo que hay por {de}. ¿Seguro? [s/N] ") != "s":
        raise SystemExit("No se ha tocado nada.")
    if (carpeta / "datos.tar").exists():
        _en_local(carpeta)
    else:
        _en_la_pila(carpeta)


def _comprobar(carpeta: Path) -> None:
    for nombre, suma in json.loads((carpeta / "indice.json").read_text("utf-8")).items():
        if hashlib.sha256((carpeta / nombre).read_bytes()).hexdigest() != suma:
            raise SystemExit(f"{nombre} no es como se guardó: la copia está dañada y no se ha tocado nada.")


def _en_local(carpeta: Path) -> None:
    if pid_del_supervisor(datos()):
        raise SystemExit("Centralita está en marcha: detenla antes con make stop.")
    with (carpeta / "datos.tar").open("rb") as entrada:
        subprocess.run([sys.executable, "-c", VOLUMEN, "meter", str(datos())], stdin=entrada, check=True)
    print("Hecho. Arranca con make run.")


def _en_la_pila(carpeta: Path) -> None:
    parar = [s for nombre in PAQUETES for s in (nombre, f"{nombre}-trabajador")]
    compose("stop", "gateway", *parar)
    compose("up", "--detach", "--wait", "postgres", "mysql", "broker")
    compose(*SIN_ARRANCAR, "temas")
    for clave in CLAVES:
        shutil.copyfile(carpeta / clave, RAIZ / "datos/secretos" / clave)
    for servicio in PAQUETES:
        meterla = ("python", "-c", VOLUMEN, "meter", "/datos")
        _cargar(carpeta / f"{servicio}.tar", *SIN_ARRANCAR, servicio, *meterla)
    vaciar = "drop schema public cascade; create schema public"
    compose(*EN_POSTGRES, "psql", *USUARIO, "--quiet", "--command", vaciar)
    _cargar(carpeta / "partners.dump", *EN_POSTGRES, "pg_restore", *USUARIO, "--exit-on-error")
    _cargar(carpeta / "leads.sql", "exec", "-T", "mysql", "sh", "-c", EN_MYSQL.format("mysql", "leads"))
    if (carpeta / "espacio.dmp").exists():
        _cargar_oracle(carpeta)
    _olvidar_lo_que_no_paso()
    subir()
    a_los_relays("reanudar")  # la copia se hizo con el reparto en pausa, y así ha vuelto


def _cargar(fichero: Path, *orden: str) -> None:
    with fichero.open("rb") as entrada:
        compose(*orden, entrada=entrada)
    print(f"  {fichero.name:<14} restaurado", flush=True)


def _cargar_oracle(carpeta: Path) -> None:
    compose("up", "--detach", "--wait", "oracle")
    dejar = "mkdir -p /opt/oracle/oradata/respaldo && cat > /opt/oracle/oradata/respaldo/espacio.dmp"
    _cargar(carpeta / "espacio.dmp", "exec", "-T", "oracle", "bash", "-c", dejar)
    opciones = "schemas=ESPACIO directory=respaldo dumpfile=espacio.dmp table_exists_action=replace"
    compose("exec", "-T", "oracle", "bash", "-c", f'impdp \\"/ as sysdba\\" {opciones}')


def _olvidar_lo_que_no_paso() -> None:
    """Los eventos que siguen en el broker son de después de la copia: de algo que ya no ha pasado."""
    for tema, servicios in temas().items():
        for servicio in servicios:
            al_broker("POST", f"{tema}/subscription/{servicio}/skip_all")


if __name__ == "__main__":
    meter(*filter(None, sys.argv[1:]))
