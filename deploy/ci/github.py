"""Lo poco que se le pide a la API de GitHub, con la biblioteca estándar: estos guiones no instalan nada."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_POR_PAGINA = 100
_PAGINAS = 30  # GitHub no enumera más de 3000 ficheros de un PR
_AUTOR = "github-actions[bot]"


class SinPermiso(SystemExit):
    """GitHub contesta 403: el permiso de un PR que viene de otro repositorio es solo de lectura."""


def suceso() -> dict[str, Any]:
    """Lo que ha pasado, como lo describe GitHub. Lo escribe cualquiera: son datos, nunca órdenes."""
    datos: dict[str, Any] = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
    return datos


def pedir(metodo: str, ruta: str, cuerpo: Any = None) -> Any:
    """Una llamada a la API del repositorio en curso; si falla, `SystemExit` con el motivo (403, `SinPermiso`)."""
    url = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}{ruta}"
    peticion = urllib.request.Request(  # noqa: S310  la dirección la pone GitHub, no quien escribe
        url,
        method=metodo,
        data=None if cuerpo is None else json.dumps(cuerpo).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    try:
        with urllib.request.urlopen(peticion, timeout=20) as respuesta:  # noqa: S310  la de arriba
            return json.load(respuesta)
    except urllib.error.HTTPError as error:
        clase = SinPermiso if error.code == 403 else SystemExit
        raise clase(f"GitHub contesta {error.code} a {metodo} {ruta}: {error.read(500)!r}") from error
    except OSError as error:
        raise SystemExit(f"No se ha podido hablar con GitHub ({metodo} {ruta}): {error}") from error


def paginas(ruta: str) -> Iterator[dict[str, Any]]:
    """Los elementos de una lista, página a página."""
    for pagina in range(1, _PAGINAS + 1):
        elementos = pedir("GET", f"{ruta}?per_page={_POR_PAGINA}&page={pagina}")
        yield from elementos
        if len(elementos) < _POR_PAGINA:
            return


def comentar(numero: int, marca: str, texto: str) -> None:
    """Deja un comentario en la incidencia o PR; si el nuestro con esa marca ya está, lo pone al día."""
    cuerpo = {"body": f"<!-- {marca} -->\n{texto}"}
    for comentario in paginas(f"/issues/{numero}/comments"):
        # La marca la puede copiar cualquiera: solo se cambia lo que escribimos nosotros.
        if comentario["user"]["login"] == _AUTOR and comentario["body"].startswith(f"<!-- {marca} -->"):
            pedir("PATCH", f"/issues/comments/{comentario['id']}", cuerpo)
            return
    pedir("POST", f"/issues/{numero}/comments", cuerpo)
