"""Un nombre, por raro que sea, no elige una ruta y se recupera entero."""

import re
import unicodedata

from hypothesis import example, given, strategies as st

from storage_service.infraestructura import nombres

NOMBRES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(NOMBRES, st.booleans())
@example("..", False)
@example("CON", True)
@example("aux.txt", False)
@example("/etc/passwd", True)
def test_la_clave_es_un_nombre_de_fichero_inofensivo_y_devuelve_el_nombre(nombre, distinguir):
    clave = nombres.clave(nombre, 10_000, distinguir_mayusculas=distinguir)
    assert re.fullmatch(r"[A-Za-z0-9_~%-]+", clave)
    assert not re.fullmatch(r"(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]", clave)
    assert nombres.nombre(clave) == unicodedata.normalize("NFC", nombre)


@given(NOMBRES, NOMBRES, st.integers(70, 200), st.booleans())
@example("ana", "Ana", 200, False)
def test_dos_nombres_distintos_no_comparten_clave_ni_donde_no_se_distinguen_mayusculas(
    uno, otro, maximo, distinguir
):
    claves = [nombres.clave(n, maximo, distinguir_mayusculas=distinguir) for n in (uno, otro)]
    assert all(len(clave) <= maximo for clave in claves)
    if not distinguir:
        claves = [clave.lower() for clave in claves]
    assert (claves[0] == claves[1]) == (nombres.normalizar(uno) == nombres.normalizar(otro))
