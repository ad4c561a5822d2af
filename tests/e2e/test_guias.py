"""Las guías que siguen una petición y un evento dicen lo que pasa de verdad."""

import re
import subprocess
import sys

from tests.pila import RAIZ, esperar

GUIA = (RAIZ / "docs/una-peticion.md").read_text("utf-8")


def test_la_peticion_de_la_guia_hace_lo_que_la_guia_dice_y_se_puede_seguir(pila):
    (orden,) = re.findall(r"```bash\n(curl .+?)\n```", GUIA, re.DOTALL)
    orden = orden.replace("curl ", "curl -si ", 1).replace("http://localhost:8080", pila.url("gateway"))
    salida = subprocess.run(["bash", "-c", orden], capture_output=True, text=True, timeout=30, check=True)
    assert salida.stdout.startswith("HTTP/1.1 201")
    assert re.search(r"^location: /canales/clientes/\d+", salida.stdout, re.MULTILINE | re.IGNORECASE)
    identidad = re.search(r"^x-request-id: (\S+)", salida.stdout, re.MULTILINE | re.IGNORECASE)[1]

    def lineas():
        seguir = [sys.executable, str(RAIZ / "deploy/local/eventos.py"), "seguir", identidad]
        return subprocess.run(
            seguir, env=pila.entorno, capture_output=True, text=True, timeout=30, check=False
        ).stdout

    esperar(lambda: "metodo=POST ruta=/cliente estado=201" in lineas())
    assert "Juan" not in pila.registro("canales")
