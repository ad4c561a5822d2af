"""Lo que docs/casa.md promete de los tamaños y de las repeticiones."""

import re

import pytest

from tests.casa import medidas

MEDIDAS = {medida.parte: medida for medida in medidas.medir()}


@pytest.mark.parametrize("parte", MEDIDAS)
def test_las_funciones_son_cortas(parte):
    assert MEDIDAS[parte].mediana <= 8


@pytest.mark.parametrize("parte", MEDIDAS)
def test_casi_nada_esta_escrito_dos_veces(parte):
    assert MEDIDAS[parte].repetidas < MEDIDAS[parte].lineas * (0.01 if parte == "todo" else 0.05)


def test_la_tabla_del_documento_no_se_ha_quedado_vieja():
    documento = medidas.DOCUMENTO.read_text("utf-8")
    escritas = dict(re.findall(r"^\| ([^|]+) \| \d+ \| (\d+) \|", documento, re.MULTILINE))
    assert set(escritas) == set(MEDIDAS), "rehazla con `make casa`"
    for parte, lineas in escritas.items():
        assert int(lineas) == pytest.approx(MEDIDAS[parte].lineas, rel=0.15), "rehazla con `make casa`"


def test_un_pasaje_repetido_se_cuenta_en_los_dos_sitios(tmp_path):
    pasaje = "".join(f"dato_{n} = leer({n})\n" for n in range(medidas.PASAJE))
    for fichero, texto in (
        ("uno.py", pasaje),
        ("otro.py", f"# cabecera\n\n{pasaje}"),
        ("corto.py", pasaje[:80]),
    ):
        (tmp_path / "services/servicio").mkdir(parents=True, exist_ok=True)
        (tmp_path / "services/servicio" / fichero).write_text(texto)
    (servicio, todo) = medidas.medir(tmp_path)
    assert (servicio.parte, servicio.ficheros, servicio.repetidas) == ("servicio", 3, 2 * medidas.PASAJE)
    assert (todo.parte, todo.repetidas) == ("todo", 2 * medidas.PASAJE)
