"""Pone etiquetas a una incidencia nueva por lo que dice y da la bienvenida a quien la abre: `make incidencia`."""

from __future__ import annotations

import re
import unicodedata

from deploy.ci import github
from deploy.ci.cambios import SERVICIOS

SIN_CLASIFICAR = "sin clasificar"
# Se busca en el título y el cuerpo sin acentos y en minúsculas.
REGLAS = {
    "bug": r"bugs?|err?or(es)?|fall(a|o|os|an)|no (funciona|va|arranca|responde)|excepcion|traceback|rot[oa]|"
    r"se (cae|cuelga|rompe)|crash(es|ed)?|broken|(devuelve|contesta|estado|codigo|status|http) 5\d\d",
    "feature": r"features?|mejoras?|propuesta|propongo|sugerencia|estaria bien|me gustaria|seria util|"
    r"nueva (funcion|funcionalidad|opcion)|anadir|enhancement|would be nice",
    "documentación": r"readme|documentacion|errata|documentation|typo",
    "pregunta": r"preguntas?|dudas?|como (se|puedo|hago)|how (do|can) i|question",
    "seguridad": r"vulnerabilidad(es)?|vulnerability|cve-\d+|inyeccion|injection|xss|csrf|seguridad|security",
}
PRIVADA = "seguridad"

BIENVENIDA = """¡Gracias por abrir esta incidencia, @{autor}!

Le hemos puesto {etiquetas}; si no acertamos, dilo y la cambiamos. Para que avance antes, cuenta qué hiciste, qué
esperabas y qué pasó. Si tienes el `X-Request-ID` de la petición, añádelo: `make seguir id=…` dice qué fue de ella
en todos los servicios. No pegues datos personales, contraseñas ni claves."""
AVISO_PRIVADO = """

Parece un asunto de seguridad: no publiques aquí cómo se explota. Cuéntalo en privado desde la pestaña *Security* de
este repositorio, con *Report a vulnerability*."""


def etiquetas(titulo: str, cuerpo: str) -> list[str]:
    """Las etiquetas que le tocan por su contenido, y `servicio: …` por cada carpeta de servicio que nombra."""
    texto = _llano(f"{titulo}\n{cuerpo}")
    halladas = [nombre for nombre, regla in REGLAS.items() if _dice(texto, regla)]
    de_servicio = [
        f"servicio: {nombre}" for nombre in SERVICIOS if _dice(texto, re.sub("[-_]", "[-_ ]", nombre))
    ]
    return [*(halladas or [SIN_CLASIFICAR]), *de_servicio]


def _dice(texto: str, regla: str) -> bool:
    return re.search(rf"(?<!\w)({regla})(?!\w)", texto) is not None


def _llano(texto: str) -> str:
    sin_acentos = unicodedata.normalize("NFKD", texto.casefold())
    return "".join(letra for letra in sin_acentos if not unicodedata.combining(letra))


def bienvenida(autor: str, puestas: list[str]) -> str:
    citadas = ", ".join(f"`{etiqueta}`" for etiqueta in puestas)
    return BIENVENIDA.format(autor=autor, etiquetas=citadas) + (AVISO_PRIVADO if PRIVADA in puestas else "")


def main() -> None:
    incidencia = github.suceso()["issue"]
    puestas = etiquetas(incidencia["title"], incidencia["body"] or "")
    # GitHub crea la etiqueta que no existe y no repite la que ya está.
    github.pedir("POST", f"/issues/{incidencia['number']}/labels", {"labels": puestas})
    github.comentar(incidencia["number"], "bienvenida", bienvenida(incidencia["user"]["login"], puestas))
    print(f"Incidencia {incidencia['number']}: {', '.join(puestas)}")


if __name__ == "__main__":
    main()
