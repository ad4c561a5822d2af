"""Lo que vale para cualquier entrada, por rara que sea: los lectores solo fallan con su propio error."""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, strategies as st

from tuotempo_leads.dominio import cabeceras, celdas, fechas, filas
from tuotempo_leads.dominio.celdas import FilaRechazada
from tuotempo_leads.dominio.telefonos import normalizar
from tuotempo_leads.infraestructura.hojas import filas_de_csv
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido

MADRID = ZoneInfo("Europe/Madrid")
MOMENTOS = st.datetimes(datetime(1902, 1, 1), datetime(2198, 12, 31)).map(lambda m: m.replace(microsecond=0))
CON_FORMA_DE_FECHA = st.from_regex(fechas._FORMA, fullmatch=True) | st.text(
    alphabet="0123456789-/:T. Z+", max_size=30
)
CELDAS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes(), st.text(max_size=40),
    st.text(alphabet="0123456789.,eE+- ()/", max_size=20),
)  # fmt: skip


@given(CON_FORMA_DE_FECHA | st.text(max_size=40))
def test_un_texto_es_una_fecha_o_una_fecha_invalida(texto):
    with suppress(fechas.FechaInvalida):
        leida = fechas.leer(texto, MADRID)
        assert (leida.tzinfo, leida.microsecond) == (None, 0)


@given(
    MOMENTOS,
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]),
)
def test_una_fecha_escrita_y_leida_es_la_misma_salvo_la_hora_que_no_existe(momento, forma):
    if fechas.de_utc(fechas.a_utc(momento, MADRID), MADRID) == momento:
        assert fechas.leer(momento.strftime(forma), MADRID) == momento
    else:
        with pytest.raises(fechas.FechaInvalida):
            fechas.leer(momento.strftime(forma), MADRID)


@given(MOMENTOS)
def test_un_momento_pasa_a_hora_de_reloj_y_vuelve_salvo_en_la_hora_repetida(momento):
    vuelto = fechas.a_utc(fechas.de_utc(momento, MADRID), MADRID)
    assert momento - vuelto in (timedelta(), timedelta(hours=1))


@given(CELDAS)
def test_un_telefono_normalizado_tiene_nueve_cifras_o_ninguna_y_normalizarlo_otra_vez_no_lo_cambia(valor):
    normal = normalizar(valor)
    assert normal == "" or (len(normal) == 9 and normal.isdecimal())
    assert normalizar(normal) == normal


@given(
    st.from_regex(r"[6789][0-9]{8}", fullmatch=True),
    st.sampled_from(["", "+34", "0034", "+34 "]),
    st.sampled_from(["", " ", "-", "."]),
)
@example("600123000", "", ".")
def test_el_mismo_numero_escrito_de_otra_forma_es_el_mismo(numero, prefijo, separador):
    escrito = prefijo + separador.join((numero[:3], numero[3:6], numero[6:]))
    assert normalizar(escrito) == numero
    assert celdas.telefono(escrito) == numero


@given(st.lists(CELDAS, max_size=len(cabeceras.COLUMNAS)))
def test_una_fila_da_un_valor_por_columna_o_dice_que_corregir(fila):
    encabezado = cabeceras.reconocer([columna.nombre for columna in cabeceras.COLUMNAS])
    valores, fallos = filas.leer_fila(encabezado, fila, MADRID)
    assert len(valores) == len(encabezado.columnas)
    assert all(fallo.columna and fallo.motivo for fallo in fallos)


@given(st.lists(CELDAS, max_size=10))
@example(["NOMBRE", None, "TELEFONO"])
def test_una_primera_fila_cualquiera_es_un_encabezado_o_se_rechaza(fila):
    with suppress(FilaRechazada):
        assert "telefono" in cabeceras.reconocer(fila).nombres


@given(st.binary(max_size=200) | st.text(alphabet='sep=;,\t|"\r\nab1', max_size=60).map(str.encode))
@example(b"sep=")
@example(b"sep=\r\n1")
@example(b'sep="\n1')
def test_unos_bytes_cualesquiera_son_un_csv_o_un_fichero_invalido(tmp_path_factory, contenido):
    ruta = tmp_path_factory.getbasetemp() / "hoja.csv"
    ruta.write_bytes(contenido)
    with suppress(FicheroInvalido):
        _, leidas = filas_de_csv.abrir(ruta, "hoja.csv")
        assert all(isinstance(celda, str) for _, fila in leidas for celda in fila)
