"""Los dos README de la raíz, tal cual, en un clon limpio: se ejecuta cada orden que enseñan."""

import re

import pytest
import requests

from deploy.ci.inicio_rapido import bloques, ejecutar, en_marcha, portada

READMES = ("README.md", "README.en.md")
# Las que tardan lo que tardan las pruebas se ejecutan en su propio trabajo: aquí, que existen y qué harían.
LARGAS = re.compile(r"make (test|carga|lint|tipos|images|up)\b")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("readme", READMES)
def test_lo_que_ensena_el_readme_funciona_en_un_clon_limpio(readme):
    with en_marcha(readme) as clon:
        pagina = portada(clon / readme)
        peticion = requests.get(f"{pagina}canales/clientes", timeout=10)
        assert len(peticion.json()) >= 6, "los datos de demostración"
        for bloque in bloques(clon / readme)[1:]:
            for orden in bloque:
                concreta = orden.replace("…", peticion.headers["X-Request-ID"])
                ejecutar(f"{concreta} -n" if LARGAS.match(orden) else concreta, clon)
