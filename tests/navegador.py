"""El navegador de las pruebas: Chromium de verdad, sin ventana, y lo que se le pregunta a toda página."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
ARGUMENTOS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # solo lo paga quien abre un navegador

    if not Path(CHROMIUM).exists():
        pytest.fail(f"Falta {CHROMIUM}: instálalo con `apt-get install chromium`", pytrace=False)
    with sync_playwright() as playwright:
        navegador = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTOS)
        yield navegador
        navegador.close()


def apuntar_quejas(pagina: Page, quejas: list[str], propias: tuple[str, ...]) -> None:
    """Apunta lo que el navegador dice por consola y lo que pide fuera de las direcciones `propias`."""
    pagina.on("console", lambda mensaje: quejas.append(mensaje.text))
    pagina.on("pageerror", lambda error: quejas.append(str(error)))
    pagina.on("request", lambda p: None if p.url.startswith((*propias, "data:")) else quejas.append(p.url))


def faltas_de_accesibilidad(pagina: Page, *excluidos: str) -> list[tuple[str, str, list[str]]]:
    """De cada falta que ve axe fuera de los selectores excluidos: gravedad, regla y elementos."""
    pagina.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text())
    hallado: dict[str, Any] = pagina.evaluate("sin => axe.run({ exclude: sin })", list(excluidos))
    return [
        (falta["impact"], falta["id"], [nodo["html"] for nodo in falta["nodes"]])
        for falta in hallado["violations"]
    ]


def faltas_graves(pagina: Page) -> list[tuple[str, str, list[str]]]:
    return [falta for falta in faltas_de_accesibilidad(pagina) if falta[0] in ("serious", "critical")]
