"""El cliente contra el simulador de verdad: cada método, cada excepción y cada fallo que se puede encender."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
import requests
from werkzeug.serving import make_server

from tuotempo_leads.infraestructura.tuotempo import (
    Motivo,
    Transporte,
    TuoTempoAPI,
    clasificar,
    fechas,
    memberid,
    resultados,
)
from tuotempo_simulado.arranque import crear_app
from tuotempo_simulado.config import Ajustes

SERVICIO = Path(__file__).parents[1]
DEL_README = "default@tt_adeslas_ecexpd4f_ef3ewl7a_ei4z3vee_44xewswy_sejh"
PRIMERA_VISITA = "sc159232371eb9c1"
PERSONA = {"fname": "Juan", "lname": "Pérez", "birthday": "01/01/1980", "phone": "600123456"}
MANANA = fechas.escribir(fechas.hoy() + timedelta(days=1))


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


def ejecutar(simulador, *orden, **entorno):
    """Python en la carpeta del servicio, que es desde donde el README manda ejecutar las cosas."""
    limpio = {clave: valor for clave, valor in os.environ.items() if not clave.startswith("TUOTEMPO_")}
    return subprocess.run(
        [sys.executable, *orden],
        cwd=SERVICIO,
        env={**limpio, "TUOTEMPO_BASE_URL": simulador, **entorno},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def simulador():
    app = crear_app(Ajustes(_env_file=None, formato_registros="json"))
    servidor = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{servidor.server_port}"
    app.extensions["fallos"].apagar()
    servidor.shutdown()
    servidor.server_close()


@pytest.fixture
def crear(simulador):
    """Crea un cliente del simulador; sin decir otra cosa, como el del README."""
    abiertos = []

    def crear(*, plazo=10.0, **opciones):
        transporte = Transporte(plazo)
        abiertos.append(transporte)
        return TuoTempoAPI(
            **{"api_key": "de-prueba", "base_url": simulador, "transporte": transporte, **opciones}
        )

    yield crear
    for transporte in abiertos:
        transporte.cerrar()


@pytest.fixture
def api(crear):
    return crear()


@pytest.fixture
def fallar(simulador):
    def encender(fallo, ruta="*", **mas):
        requests.post(
            f"{simulador}/_control/fallos", json={"fallo": fallo, "ruta": ruta, **mas}, timeout=5
        ).raise_for_status()

    return encender


def huecos(api, **mas):
    return resultados(api.get_available_slots(PRIMERA_VISITA, DEL_README, MANANA, **mas), "availabilities")


def alta(api, telefono="600123456"):
    respuesta = api.register_non_insured_user(**{**PERSONA, "phone": telefono})
    return memberid(respuesta)


class TestElReadme:
    def test_su_ejemplo_funciona_letra_por_letra(self, simulador):
        salida = ejecutar(
            simulador, "-c", EJEMPLO + "print(len(centers['return']['results']), appointment['msg'])"
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
        actividades = resultados(api.get_activities(DEL_README))
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


class TestExcepciones:
    """Las de la tabla del README, provocadas de verdad o, si no se puede, a la fuerza."""

    def test_un_centro_desconocido_no_tiene_huecos(self, api):
        respuesta = api.get_available_slots(PRIMERA_VISITA, "default@nadie", MANANA)
        fallo = clasificar(respuesta)
        assert (fallo.motivo, fallo.codigo) == (Motivo.SIN_HUECOS, "TUOTEMPO_RESOURCE_NOT_ALLOWED")
        assert api.handle_error(respuesta) == {
            "error": "TUOTEMPO_RESOURCE_NOT_ALLOWED",
            "message": "No se ha encontrado ninguna disponibilidad para los criterios seleccionados",
            "recommended_action": "No slots found for the specified criteria. "
            "Try again with different filters or contact an agent.",
        }

    def test_un_hueco_que_otro_ha_cogido(self, api):
        hueco = huecos(api)[0]
        alta(api, "600000001")
        api.confirm_appointment(hueco, "600000001")
        alta(api, "600000002")
        respuesta = api.confirm_appointment(hueco, "600000002")
        fallo = clasificar(respuesta)
        assert (fallo.motivo, fallo.estado, fallo.incierto) == (Motivo.HUECO_OCUPADO, 409, False)
        assert respuesta["exception"] == "PROVIDER_RESERVATION_CONFLICT_ERROR"
        assert api.handle_error(respuesta)["recommended_action"] == (
            "The slot is no longer available. Please try selecting another available slot."
        )

    def test_quien_ya_tiene_otra_cita_a_esa_hora(self, api):
        uno = huecos(api)[0]
        otro = next(
            h
            for h in huecos(api)
            if h["slotid"] != uno["slotid"]
            and (h["start_date"], h["startTime"]) == (uno["start_date"], uno["startTime"])
        )
        alta(api)
        api.confirm_appointment(uno, "600123456")
        respuesta = api.confirm_appointment(otro, "600123456")
        assert respuesta["exception"] == "MEMBER_RESERVATION_CONFLICT_ERROR"
        assert clasificar(respuesta).motivo is Motivo.HUECO_OCUPADO

    def test_quien_ya_tiene_cita_ese_dia_lee_lo_que_dice_tuotempo(self, api):
        libres = huecos(api)
        alta(api)
        api.confirm_appointment(libres[0], "600123456")
        respuesta = api.confirm_appointment(libres[9], "600123456")
        assert (clasificar(respuesta).motivo, clasificar(respuesta).estado) == (Motivo.LIMITE_DIARIO, 409)
        assert api.handle_error(respuesta) == {
            "error": "TUOTEMPO_MAX_RES_BOOKED_ONLINE",
            "message": "Ya tiene una cita reservada para este día",
            "recommended_action": "Ya tiene una cita reservada para este día",
        }

    def test_un_usuario_que_no_existe(self, api):
        respuesta = api.confirm_appointment(huecos(api)[0], "600123456", userid="nadie")
        fallo = clasificar(respuesta)
        assert (fallo.motivo, fallo.estado) == (Motivo.RESERVA_RECHAZADA, 502)
        assert api.handle_error(respuesta)["recommended_action"] == "An error occurred: El usuario no existe"

    def test_el_portal_que_se_rinde_al_buscar_se_puede_repetir(self, api, fallar):
        fallar("excepcion", codigo="PORTAL_TIMEOUT")
        respuesta = api.get_available_slots(PRIMERA_VISITA, DEL_README, MANANA)
        fallo = clasificar(respuesta)
        assert (fallo.motivo, fallo.estado, fallo.incierto) == (Motivo.PORTAL_LENTO, 504, False)
        assert resultados(respuesta, "availabilities") == []

    def test_el_portal_que_se_rinde_al_reservar_deja_la_duda(self, api, fallar):
        hueco = huecos(api)[0]
        alta(api)
        fallar("excepcion", "reservations", codigo="PORTAL_TIMEOUT")
        assert clasificar(api.confirm_appointment(hueco, "600123456")).incierto

    @pytest.mark.parametrize("codigo", ["", "ALGO_QUE_NO_CONOCEMOS"])
    def test_lo_que_no_se_conoce_se_cuenta_con_sus_palabras_y_sin_html(self, api, fallar, codigo):
        fallar("excepcion", codigo=codigo, msg="<b>No&nbsp;va</b><br>hoy")
        respuesta = api.get_centers()
        fallo = clasificar(respuesta)
        assert (fallo.motivo, fallo.codigo, fallo.estado) == (Motivo.OTRO, codigo, 502)
        assert api.handle_error(respuesta) == {
            "error": codigo,
            "message": "No va hoy",
            "recommended_action": "An error occurred: No va hoy",
        }

    def test_un_alta_con_un_telefono_imposible(self, api):
        respuesta = api.register_non_insured_user(**{**PERSONA, "phone": "123"})
        assert (clasificar(respuesta).motivo, memberid(respuesta)) == (Motivo.OTRO, None)

    def test_lo_que_sale_bien_no_es_un_fallo(self, api):
        assert api.handle_error(api.get_centers()) == {"error": "", "message": "", "recommended_action": ""}


LLAMADAS = {
    "areas": lambda api: api.get_centers(),
    "activities": lambda api: api.get_activities(DEL_README),
    "availabilities": lambda api: api.get_available_slots(PRIMERA_VISITA, DEL_README, MANANA),
    "users": lambda api: api.register_non_insured_user(**PERSONA),
    "reservations": lambda api: api.confirm_appointment(UN_HUECO, "600123456", userid="0123456789abc"),
}
UN_HUECO = {
    "resourceid": "sc1@m",
    "start_date": "10/09/2026",
    "startTime": "09:00",
    "endTime": "09:20",
    "activityid": "sc2",
}


@pytest.mark.parametrize("ruta", LLAMADAS)
class TestFallosDelServidor:
    @pytest.mark.parametrize("fallo", ["html", "502", "truncado"])
    def test_lo_ilegible_es_un_error_y_si_cambia_algo_deja_la_duda(self, crear, fallar, ruta, fallo):
        fallar(fallo, ruta)
        respuesta = LLAMADAS[ruta](crear())
        assert (respuesta["result"], respuesta["return"]) == ("ERROR", [])
        assert respuesta["msg"] == "Respuesta inválida de la API"
        clasificado = clasificar(respuesta)
        assert (clasificado.motivo, clasificado.estado) == (Motivo.ILEGIBLE, 502)
        assert clasificado.incierto == (ruta in ("users", "reservations"))

    def test_quien_no_contesta_a_tiempo_no_nos_detiene(self, crear, fallar, ruta):
        fallar("timeout", ruta, segundos=60)
        clasificado = clasificar(LLAMADAS[ruta](crear(plazo=0.3)))
        assert (clasificado.motivo, clasificado.estado) == (Motivo.SIN_RESPUESTA, 504)
        assert clasificado.incierto == (ruta in ("users", "reservations"))

    def test_quien_va_lento_pero_llega_vale(self, crear, fallar, ruta):
        fallar("lento", ruta, segundos=0.2)
        assert LLAMADAS[ruta](crear()).get("result") != "ERROR"


def test_una_reserva_que_no_contesta_puede_existir(crear, fallar):
    api = crear(plazo=1.0)
    hueco = huecos(api)[0]
    alta(api)
    fallar("timeout", "reservations", segundos=60, veces=1)
    assert clasificar(api.confirm_appointment(hueco, "600123456")).incierto
    assert hueco["slotid"] not in {h["slotid"] for h in huecos(api)}


@pytest.mark.parametrize("fallo", ["html", "502", "truncado"])
def test_una_lectura_que_falla_una_vez_se_repite(api, fallar, fallo):
    fallar(fallo, veces=1)
    assert api.get_centers()["result"] == "OK"


def test_de_veinte_confirmaciones_a_la_vez_con_un_solo_cliente_gana_una(api, a_la_vez):
    hueco = huecos(api)[0]

    def confirmar(numero):
        alta(api, f"6000000{numero:02}")
        return api.confirm_appointment(hueco, f"6000000{numero:02}")["exception"]

    assert sorted(a_la_vez(confirmar, 20)) == [""] + ["PROVIDER_RESERVATION_CONFLICT_ERROR"] * 19


def test_nadie_reserva_a_nombre_de_quien_se_dio_de_alta_en_otro_hilo(api, a_la_vez):
    libres = huecos(api)

    def pedir(numero):
        quien = alta(api, f"6000000{numero:02}")
        return quien, api.confirm_appointment(libres[numero], "600123456")["memberid"]

    for dado_de_alta, citado in a_la_vez(pedir, 10):
        assert dado_de_alta == citado


def test_los_registros_no_llevan_ni_la_clave_ni_los_datos_de_nadie(crear, capsys):
    api = crear(api_key="clave-muy-secreta")
    hueco = huecos(api)[0]
    alta(api, "600987654")
    api.confirm_appointment(hueco, "600987654")
    salida = capsys.readouterr()
    assert '"ruta":"reservations"' in salida.out
    for dato in ("clave-muy-secreta", "600987654", "Juan", "Pérez", "1980"):
        assert dato not in salida.out + salida.err


class TestElEjemplo:
    def test_pide_una_cita_en_cuatro_pasos_y_los_cuenta(self, simulador):
        salida = ejecutar(simulador, "example.py")
        assert salida.returncode == 0, salida.stderr
        for frase in (
            "1. Centros de Madrid",
            "2. Huecos",
            "3. Alta de Juan Pérez",
            "confirmada correctamente",
        ):
            assert frase in salida.stdout

    def test_repetirlo_pide_otra_cita(self, simulador):
        assert [ejecutar(simulador, "example.py").returncode for _ in range(2)] == [0, 0]

    def test_sin_simulador_dice_como_arrancarlo(self):
        salida = ejecutar("http://127.0.0.1:9", "example.py")
        assert salida.returncode == 1
        assert "arráncalo con `make run`" in salida.stderr
        assert "Traceback" not in salida.stderr

    def test_si_tuotempo_se_niega_lo_explica(self, simulador, fallar):
        fallar("excepcion", "reservations", codigo="TUOTEMPO_MAX_RES_BOOKED_ONLINE")
        salida = ejecutar(simulador, "example.py")
        assert (salida.returncode, "Ya tiene una cita reservada" in salida.stderr) == (1, True)

    def test_si_la_reserva_queda_en_duda_avisa_de_no_repetirla(self, simulador, fallar):
        fallar("truncado", "reservations")
        assert "Puede que sí se haya hecho" in ejecutar(simulador, "example.py").stderr

    def test_con_claves_y_sin_direccion_no_reserva_de_verdad_con_datos_inventados(self):
        salida = ejecutar("", "example.py", TUOTEMPO_API_KEY_PRE="de-prueba")
        assert salida.returncode == 2
        assert "--telefono" in salida.stderr
