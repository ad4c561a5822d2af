from datetime import date, datetime, timedelta

import pytest
from pydantic import ValidationError

from tuotempo_leads.config import Ajustes
from tuotempo_leads.dominio import festivos, reciclado, ventanas

ESPANA, COLOMBIA = ventanas.leer(
    "ES +34 Europe/Madrid L-V 9:00-21:00; CO +57 America/Bogota L-V 7:00-19:00, S 8:00-15:00"
)


@pytest.mark.parametrize(
    ("pais", "momento", "siguiente"),  # UTC: en marzo, Madrid es +1 y Bogotá -5
    [
        (ESPANA, "2026-03-02 08:00", "2026-03-02 08:00"),  # lunes a las 9:00, recién abierto
        (ESPANA, "2026-03-02 07:59", "2026-03-02 08:00"),
        (ESPANA, "2026-03-02 19:59", "2026-03-02 19:59"),
        (ESPANA, "2026-03-02 20:00", "2026-03-03 08:00"),  # las 21:00 ya son tarde
        (ESPANA, "2026-03-06 20:00", "2026-03-09 08:00"),  # viernes por la noche: hasta el lunes
        (ESPANA, "2026-03-27 20:00", "2026-03-30 07:00"),  # y en medio cambia la hora
        (COLOMBIA, "2026-03-02 12:00", "2026-03-02 12:00"),
        (COLOMBIA, "2026-03-07 19:59", "2026-03-07 19:59"),  # sábado, 14:59 en Bogotá
        (COLOMBIA, "2026-03-07 20:00", "2026-03-09 12:00"),
        (COLOMBIA, "2026-03-03 02:00", "2026-03-03 12:00"),  # allí es aún lunes por la noche
    ],
)
def test_fuera_del_horario_se_propone_la_siguiente_apertura(pais, momento, siguiente):
    pedido, esperado = datetime.fromisoformat(momento), datetime.fromisoformat(siguiente)
    assert pais.desde(pedido) == esperado
    assert pais.permite(pedido) is (pedido == esperado)
    assert pais.permite(esperado)


MADRID, BOGOTA = ventanas.leer(
    "ES +34 Europe/Madrid L-V 9:00-21:00; CO +57 America/Bogota L-V 7:00-19:00, S 8:00-15:00",
    festivos.leer("ES-MD ES:2026-12-24 CO"),
)


@pytest.mark.parametrize(
    ("pais", "momento", "siguiente", "nombre"),
    [
        (MADRID, "2026-12-08 11:00", "2026-12-09 08:00", "Inmaculada Concepción"),
        (MADRID, "2026-12-04 20:30", "2026-12-09 08:00", None),  # viernes noche; lunes y martes, festivos
        (MADRID, "2026-12-24 11:00", "2026-12-28 08:00", "Festivo propio"),  # y Navidad, viernes
        (MADRID, "2027-01-06 11:00", "2027-01-07 08:00", "Epifanía del Señor"),
        (ESPANA, "2026-12-08 11:00", "2026-12-08 11:00", None),  # sin festivos configurados
        (BOGOTA, "2026-11-02 15:00", "2026-11-03 12:00", "Día de Todos los Santos (observado)"),
        (BOGOTA, "2026-12-08 03:00", "2026-12-09 12:00", None),  # allí es aún lunes por la noche
    ],
)
def test_en_festivo_no_se_llama_y_se_propone_el_siguiente_dia_habil(pais, momento, siguiente, nombre):
    pedido, esperado = datetime.fromisoformat(momento), datetime.fromisoformat(siguiente)
    assert pais.desde(pedido) == esperado
    assert pais.permite(pedido) is (pedido == esperado)
    assert pais.festivo(pedido) == nombre


def test_la_region_anade_los_suyos():
    solo_espana, con_madrid = festivos.leer("ES")["ES"], festivos.leer("ES-MD")["ES"]
    dos_de_mayo = date(2028, 5, 2)
    assert solo_espana.nombre(dos_de_mayo) is None
    assert con_madrid.nombre(dos_de_mayo) is not None


@pytest.mark.parametrize(
    ("linea", "queja"),
    [
        ("España", "no se entiende «España»"),
        ("ZZ", "no se conocen los festivos de ZZ"),
        ("ES-ZZ", "no se conocen los festivos de ES-ZZ"),
        ("ES:2026-02-30", "2026-02-30 no es un día"),
        ("ES:24-12-2026", "no se entiende"),
    ],
)
def test_unos_festivos_que_no_se_entienden_impiden_arrancar_y_dicen_por_que(linea, queja):
    with pytest.raises(ValidationError, match=queja):
        Ajustes(_env_file=None, festivos=linea)


@pytest.mark.parametrize(
    ("telefono", "codigo"),
    [
        ("+57 300 123 4567", "CO"),
        ("0057 (300) 1234567", "CO"),
        ("+34 600 123 456", "ES"),
        ("600123456", "ES"),
        ("573001234", "ES"),  # sin prefijo internacional no se adivina
        ("+44 20 7946 0000", "ES"),
        (None, "ES"),
    ],
)
def test_el_pais_lo_dice_el_prefijo_y_si_no_es_el_primero(telefono, codigo):
    assert ventanas.pais_de(telefono, (ESPANA, COLOMBIA)).codigo == codigo


@pytest.mark.parametrize(
    ("linea", "queja"),
    [
        ("", "al menos un país"),
        ("España de 9 a 21", "no se entiende"),
        ("ES +34 Europe/Madriz L-V 9:00-21:00", "Europe/Madriz"),
        ("ES +34 Europe/Madrid L-V 9:00-25:00", "L-V 9:00-25:00"),
        ("ES +34 Europe/Madrid V-L 9:00-21:00", "acaba antes de empezar"),
        ("ES +34 Europe/Madrid L 21:00-9:00", "acaba antes de empezar"),
    ],
)
def test_un_horario_que_no_se_entiende_impide_arrancar_y_dice_por_que(linea, queja):
    with pytest.raises(ValidationError, match=queja):
        Ajustes(_env_file=None, ventanas=linea)


@pytest.mark.parametrize("linea", ["buzon", "buzon=0", "buzon=-5", "otro=10"])
def test_un_reciclado_que_no_se_entiende_impide_arrancar(linea):
    with pytest.raises(ValidationError, match="codigo=minutos"):
        Ajustes(_env_file=None, esperas=linea)


def test_lo_que_trae_de_serie_es_la_tabla_del_call_center():
    reglas = Ajustes(_env_file=None).reglas
    assert [pais.codigo for pais in reglas.paises] == ["ES", "CO"]
    assert all(pais.festivos.nombre(date(2026, 12, 25)) for pais in reglas.paises)
    assert reglas.esperas == {
        "buzon": timedelta(hours=4),
        "interrupcion": timedelta(minutes=15),
        "proble_tecnico": timedelta(minutes=30),
    }
    assert reglas.maximo == 5


def test_la_espera_se_alarga_hasta_que_abra_y_un_codigo_sin_espera_no_se_recicla():
    reglas = reciclado.Reglas((ESPANA, COLOMBIA), reciclado.leer("buzon=240"), 5)
    lunes_tarde = datetime(2026, 3, 2, 17)  # las 18:00 en Madrid y las 12:00 en Bogotá
    assert reglas.siguiente("buzon", "600123456", lunes_tarde) == datetime(2026, 3, 3, 8)
    assert reglas.siguiente("buzon", "+57 300 123 4567", lunes_tarde) == datetime(2026, 3, 2, 21)
    assert reglas.siguiente("interrupcion", "600123456", lunes_tarde) is None
