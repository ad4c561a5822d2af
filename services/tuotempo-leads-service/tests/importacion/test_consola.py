"""`python -m tuotempo_leads.importar` y `python railway_import_data.py`, como procesos de verdad."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.libro_de_leads import escribir_xlsx, persona
from tuotempo_leads.importar import _barra
from tuotempo_leads.infraestructura import tablas

SERVICIO = Path(__file__).parents[2]


@pytest.fixture
def ejecutar(ajustes, app):
    """Ejecuta una orden contra la base de la prueba; `app` la ha creado ya."""

    def hacer(*orden):
        entorno = os.environ | {
            "DATOS_DIR": str(ajustes.directorio_datos),
            "LEADS_DATABASE_URL": ajustes.base_de_datos,
        }
        return subprocess.run(
            [sys.executable, *orden],
            cwd=SERVICIO,
            env=entorno,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return hacer


@pytest.mark.parametrize("orden", [("-m", "tuotempo_leads.importar"), ("railway_import_data.py",)])
def test_importa_un_fichero_y_dice_los_recuentos(ejecutar, tmp_path, filas, orden):
    libro = escribir_xlsx(tmp_path / "a.xlsx", [persona(1), persona(2, TELEFONO1="abc")])
    salida = ejecutar(*orden, str(libro))
    assert salida.returncode == 0, salida.stderr
    assert "total: 2\ncreadas: 1\n" in salida.stdout
    assert "Fila 3, TELEFONO1 «abc»: el teléfono lleva letras" in salida.stderr
    assert len(filas(tablas.leads)) == 1


def test_simula_y_deja_las_rechazadas_donde_se_le_dice(ejecutar, tmp_path, filas):
    libro = escribir_xlsx(tmp_path / "a.xlsx", [persona(1), persona(2, TELEFONO1="abc")])
    salida = ejecutar(
        "-m", "tuotempo_leads.importar", str(libro), "--simular", "--rechazadas", str(tmp_path / "r.xlsx")
    )
    assert (salida.returncode, filas(tablas.leads)) == (0, [])
    assert (tmp_path / "r.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("hoja", "dice"),
    [
        ("no-existe.xlsx", "No se puede leer"),
        ("https://127.0.0.1/a.xlsx", "red privada"),
        ("http://ejemplo.org/a.xlsx", "https://"),
    ],
)
def test_si_no_se_puede_importar_termina_con_uno_y_dice_por_que(ejecutar, hoja, dice, filas):
    salida = ejecutar("railway_import_data.py", hoja)
    assert salida.returncode == 1
    assert dice in salida.stderr
    assert filas(tablas.recargas)[0].resultado == "error"


def test_la_barra_dice_cuanto_va_a_que_ritmo_y_cuanto_falta():
    informe = {"estado": "leyendo", "porcentaje": 50.0, "procesadas": 500, "total": 1000}
    barra = _barra({**informe, "filas_por_segundo": 100.0, "segundos_restantes": 5.0})
    assert "500/1000 · 100 filas/s · faltan 5 s" in barra
    assert barra.count("█") == barra.count("·") - 2
