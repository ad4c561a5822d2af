"""Lo que el README promete del cliente, y su ejemplo ejecutado."""

import os
import subprocess
import sys
from pathlib import Path

from tests.citas import CENTRO, PRIMERA_VISITA
from tuotempo_leads.infraestructura.tuotempo import clasificar, resultados

from .conftest import alta, huecos

SERVICIO = Path(__file__).parents[2]
EJEMPLO = """
from tuotempo_api import TuoTempoAPI

# Inicializar cliente
api = TuoTempoAPI(lang="es")

# Obtener centros
centers = api.get_centers()

# Obtener huecos disponibles
slots = api.get_available_slots(
    activity_id="sc159232371eb9c1",  # Primera visita odontología general
    area_id="default@tt_adeslas_ecexpd4f_ef3ewl7a_ei4z3vee_44xewswy_sejh",
    start_date="20/06/2025"
)

# Registrar usuario no asegurado
user = api.register_non_insured_user(
    fname="Juan",
    lname="Pérez",
    birthday="01/01/1980",
    phone="600123456"
)

# Confirmar cita
appointment = api.confirm_appointment(
    availability=slots["return"]["results"]["availabilities"][0],
    communication_phone="600123456"
)
"""


def ejecutar(tuotempo, *orden, **entorno):
    """Python en la carpeta del servicio, que es desde donde el README manda ejecutar las cosas."""
    limpio = {clave: valor for clave, valor in os.environ.items() if not clave.startswith("TUOTEMPO_")}
    return subprocess.run(
        [sys.executable, *orden],
        cwd=SERVICIO,
        env={**limpio, "TUOTEMPO_BASE_URL": tuotempo, **entorno},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class TestElReadme:
    def test_su_ejemplo_funciona_letra_por_letra(self, simulador):
        salida = ejecutar(
            simulador.url, "-c", EJEMPLO + "print(len(centers['return']['results']), appointment['msg'])"
        )
        assert salida.returncode == 0, salida.stderr
        assert salida.stdout.splitlines()[-1] == "47 Su cita ha sido confirmada correctamente"

    def test_los_centros_de_una_provincia(self, api):
        assert {c["province"] for c in resultados(api.get_centers("MÁLAGA "))} == {"Malaga"}

    def test_la_provincia_se_filtra_aunque_tuotempo_no_lo_haga(self, api, fallar):
        fallar("provincia_ignorada")
        assert {c["province"] for c in resultados(api.get_centers("Malaga"))} == {"Malaga"}

    def test_una_provincia_sin_centros_no_es_un_fallo(self, api):
        respuesta = api.get_centers("Cuenca")
        assert (clasificar(respuesta), resultados(respuesta)) == (None, [])

    def test_las_actividades_de_un_centro(self, api):
        actividades = resultados(api.get_activities(CENTRO))
        assert actividades[0]["activityid"] == PRIMERA_VISITA

    def test_los_huecos_de_un_profesional_y_de_un_rato(self, api):
        profesional = huecos(api)[0]["resourceid"]
        hallados = huecos(api, resource_id=profesional, min_time=900, max_time="960")
        assert {h["resourceid"] for h in hallados} == {profesional}
        assert {h["startTime"] for h in hallados} == {"15:00", "15:20", "15:40"}

    def test_quien_ya_tiene_su_identificador_reserva_sin_darse_de_alta_otra_vez(self, crear):
        quien = alta(crear())
        cita = crear().confirm_appointment(huecos(crear())[0], "600123456", userid=quien)
        assert cita["memberid"] == quien


class TestElEjemplo:
    def test_pide_una_cita_en_cuatro_pasos_y_los_cuenta(self, simulador):
        salida = ejecutar(simulador.url, "example.py")
        assert salida.returncode == 0, salida.stderr
        for frase in (
            "1. Centros de Madrid",
            "2. Huecos",
            "3. Alta de Juan Pérez",
            "confirmada correctamente",
        ):
            assert frase in salida.stdout

    def test_repetirlo_pide_otra_cita(self, simulador):
        assert [ejecutar(simulador.url, "example.py").returncode for _ in range(2)] == [0, 0]

    def test_sin_simulador_dice_como_arrancarlo(self):
        salida = ejecutar("http://127.0.0.1:9", "example.py")
        assert salida.returncode == 1
        assert "arráncalo con `make run`" in salida.stderr
        assert "Traceback" not in salida.stderr

    def test_si_tuotempo_se_niega_lo_explica(self, simulador, fallar):
        fallar("excepcion", "reservations", codigo="TUOTEMPO_MAX_RES_BOOKED_ONLINE")
        salida = ejecutar(simulador.url, "example.py")
        assert (salida.returncode, "Ya tiene una cita reservada" in salida.stderr) == (1, True)

    def test_si_la_reserva_queda_en_duda_avisa_de_no_repetirla(self, simulador, fallar):
        fallar("truncado", "reservations")
        assert "Puede que sí se haya hecho" in ejecutar(simulador.url, "example.py").stderr

    def test_con_claves_y_sin_direccion_no_reserva_de_verdad_con_datos_inventados(self):
        salida = ejecutar("", "example.py", TUOTEMPO_API_KEY_PRE="de-prueba")
        assert salida.returncode == 2
        assert "--telefono" in salida.stderr
