"""Las reglas de cabeceras y celdas: §3.2 de la especificación y los errores B, D, E y F de su §7."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.libro_de_leads import CABECERA, persona
from tuotempo_leads.dominio import celdas
from tuotempo_leads.dominio.cabeceras import COLUMNAS, reconocer
from tuotempo_leads.dominio.celdas import FilaRechazada
from tuotempo_leads.dominio.filas import cambios, completar, leer_fila
from tuotempo_leads.infraestructura.tablas import leads

MADRID = ZoneInfo("Europe/Madrid")


def test_la_cabecera_de_verdad_reconoce_dieciocho_columnas_y_dice_cuales_ignora():
    encabezado = reconocer(CABECERA)
    assert len(encabezado.columnas) == 18
    assert {"telefono", "telefono2", "area_id", "codigo_postal", "fecha_nacimiento"} <= set(
        encabezado.nombres
    )
    assert {"TLF_CLINICA", "FECHA_ALTA_EFECTO", "ID_PRODUCTO"} <= set(encabezado.ignoradas)


@pytest.mark.parametrize(
    ("cabecera", "columna"),
    [
        ("TELEFONO1", "telefono"),
        ("TELÉFONO", "telefono"),
        ("Telefono 1", "telefono"),
        ("Móvil", "telefono"),
        ("PHONE", "telefono"),
        ("Teléfono_2", "telefono2"),
        ("PÓLIZA", "poliza"),
        ("areaId", "area_id"),
        ("Código  Postal", "codigo_postal"),
        ("Birth Date", "fecha_nacimiento"),
        ("DNI", "nif"),
        ("FECHA_CITA", "cita"),
        ("CON_PACK", "conPack"),
        ("Estado", "ultimo_estado"),
        ("Correo electrónico", "email"),
        ("First name", "nombre"),
        ("ID", "orden"),
    ],
)
def test_cada_alias_lleva_a_su_columna_sin_mirar_tildes_ni_signos(cabecera, columna):
    titulos = ["TELEFONO", cabecera] if columna != "telefono" else [cabecera]
    assert columna in reconocer(titulos).nombres


def test_ni_el_telefono_de_la_clinica_ni_la_fecha_de_alta_se_toman_por_los_del_lead():
    encabezado = reconocer(["TLF_CLINICA", "FECHA_ALTA_EFECTO", "TELEFONO1"])
    assert encabezado.nombres == ["telefono"]
    assert encabezado.columnas[0][0] == 2


def test_si_dos_cabeceras_valen_para_lo_mismo_gana_la_mas_propia():
    encabezado = reconocer(["ID", "MOVIL", "ORDEN", "TELEFONO"])
    assert [posicion for posicion, _ in encabezado.columnas] == [2, 3]
    assert encabezado.ignoradas == ("ID", "MOVIL")


def test_sin_columna_de_telefono_se_dice_como_debe_llamarse_y_que_habia():
    with pytest.raises(FilaRechazada, match=r"TELEFONO1.*NOMBRE, CIUDAD"):
        reconocer(["NOMBRE", "CIUDAD"])


@pytest.mark.parametrize(
    "escrito",
    [
        "+34 600 123 456", "34600123456", "600-123-456", "600.123.456", 600123456, "0034600123456",
        600123456.0, "600123456.0", "600123456,00", "6.00123456E8", "6,00123456E+08", " 600 123 456 ",
        "'+34600123456", "(600) 123456", "\u200e600123456\u200e", "600\xa0123\xa0456",
    ],
)  # fmt: skip
def test_un_telefono_es_el_mismo_escrito_de_cualquier_forma(escrito):
    assert celdas.telefono(escrito) == "600123456"


def test_el_punto_cero_de_una_columna_con_huecos_no_anade_una_cifra():
    assert celdas.telefono("712345678.0") == celdas.telefono(712345678.0) == "712345678"


def test_un_telefono_extranjero_conserva_su_prefijo():
    assert celdas.telefono("+33 6 12 34 56 78") == "+33612345678"
    assert celdas.telefono("0033612345678") == "+33612345678"


@pytest.mark.parametrize(
    ("escrito", "motivo"),
    [
        ("6.00E+08", "perdió cifras"),
        ("6.00123E+08", "perdió cifras"),
        ("60012345", "8"),
        ("600123456 / 600123457", "uno solo en cada celda"),
        ("600123456 ext. 12", "letras"),
        ("no tiene", "letras"),
        (0, "al menos 9"),
    ],
)
def test_un_telefono_dudoso_se_rechaza_y_se_dice_por_que(escrito, motivo):
    with pytest.raises(FilaRechazada, match=motivo):
        celdas.telefono(escrito)


@pytest.mark.parametrize(
    ("escrito", "leido"),
    [
        (4700, "04700"),
        (4700.0, "04700"),
        ("4700", "04700"),
        ("28013", "28013"),
        ("28013.0", "28013"),
        ("AD500", "AD500"),
    ],
)
def test_el_codigo_postal_recupera_el_cero_que_se_comio_excel(escrito, leido):
    assert celdas.codigo_postal(escrito) == leido


def test_sin_columna_de_codigo_postal_se_toma_de_la_direccion():
    lead = completar({"telefono": "600123456", "direccion_clinica": "CALLE 12, 28013 MADRID (600123456)"})
    assert lead["codigo_postal"] == "28013"
    assert completar({"codigo_postal": None, "direccion_clinica": "28013"})["codigo_postal"] is None


@pytest.mark.parametrize(
    "escrito",
    [
        19800102, 19800102.0, "19800102", "02/01/1980", "2-1-1980", "1980-01-02", "1980-01-02T00:00:00Z",
        datetime(1980, 1, 2), date(1980, 1, 2), 29222, 29222.0,
    ],
)  # fmt: skip
def test_una_fecha_de_nacimiento_se_entiende_en_cualquier_forma(escrito):
    assert celdas.fecha(escrito) == date(1980, 1, 2)


@pytest.mark.parametrize(
    "escrito", ["31/02/1980", "19801399", "0", "ayer", "12/31/1980", "01/01/2199", "01/01/1800"]
)
def test_una_fecha_imposible_futura_o_ambigua_se_rechaza(escrito):
    with pytest.raises(FilaRechazada):
        celdas.fecha(escrito)


def test_una_cita_lleva_hora_y_no_puede_caer_en_la_que_se_salta_el_verano():
    assert celdas.momento("06/07/2025 12:30", MADRID) == datetime(2025, 7, 6, 12, 30)
    assert celdas.momento(45844.5, MADRID) == datetime(2025, 7, 6, 12)
    with pytest.raises(FilaRechazada):
        celdas.momento("2026-03-29 02:30", MADRID)


@pytest.mark.parametrize(
    "escrito", ["1", 1, 1.0, "1.0", True, "true", "VERDADERO", "v", "si", "SÍ", "s", "Yes", "y", "x"]
)
def test_todos_los_si_son_verdaderos(escrito):
    assert celdas.booleano(escrito) is True


@pytest.mark.parametrize("escrito", ["0", 0.0, False, "false", "FALSO", "no", "N"])
def test_todos_los_no_son_falsos_aunque_sean_texto(escrito):
    assert celdas.booleano(escrito) is False


@pytest.mark.parametrize("escrito", [None, "", "   ", "nan", "NaN", "None", "NULL", "\xa0"])
def test_lo_vacio_es_nada_y_nunca_el_texto_nan_o_none(escrito):
    assert celdas.texto(escrito) is None
    assert celdas.booleano(escrito) is None


@pytest.mark.parametrize(
    ("escrito", "leido"),
    [
        ("no contesta", "no answer"),
        ("Ocupado", "busy"),
        ("completado", "completed"),
        ("notificado, finalizado", "completed"),
    ],
)
def test_el_estado_antiguo_se_traduce_sin_confundir_un_no_dentro_de_otra_palabra(escrito, leido):
    assert celdas.estado(escrito) == leido


def test_un_numero_en_una_columna_de_texto_no_lleva_punto_cero():
    assert celdas.texto(7000001.0) == "7000001"
    assert celdas.texto(0.5) == "0.5"


def test_lo_invisible_y_los_espacios_de_sobra_desaparecen():
    assert celdas.texto(" ANA \t MARI\u0301A\x00\r\n\u200bDEMO ") == "ANA MARÍA DEMO"


def test_el_apostrofo_que_neutraliza_una_formula_se_quita_al_leer():
    assert [celdas.sin_apostrofo(v) for v in ("'=1+1", "''=1+1", "'60", "'\t", 1.0)] == [
        "=1+1",
        "'=1+1",
        "'60",
        "\t",
        1.0,
    ]
    assert leer_fila(reconocer(["TELEFONO", "NOMBRE"]), ["'+34600123456", "'=1"], MADRID)[0] == [
        "600123456",
        "=1",
    ]


def test_los_fallos_nombran_la_columna_de_la_hoja_el_valor_y_el_motivo():
    fila = persona(1, TELEFONO1="abc", CODIGO_POSTAL="1" * 11, NOMBRE="x" * 101)
    _, fallos = leer_fila(reconocer(CABECERA), fila, MADRID)
    assert [fallo.columna for fallo in fallos] == ["NOMBRE", "TELEFONO1", "CODIGO_POSTAL"]
    assert fallos[0].motivo == "admite como máximo 100 caracteres y tiene 101"
    assert fallos[1].valor == "abc"


def test_una_fila_sin_telefono_no_vale_aunque_tenga_el_segundo():
    _, fallos = leer_fila(reconocer(CABECERA), persona(4, TELEFONO1=None), MADRID)
    assert [(fallo.columna, fallo.motivo) for fallo in fallos] == [("TELEFONO1", "falta el teléfono")]


def test_lo_que_solo_cambia_de_forma_no_es_un_cambio():
    lead = completar({"telefono": "600123456", "codigo_postal": "04700", "nombre": "ANA"})
    guardado = {"telefono": "+34 600 12 34 56", "codigo_postal": "4700", "nombre": " ANA "}
    assert cambios(lead, guardado, vaciar=True) == {}


def test_una_celda_vacia_borra_al_reemplazar_y_se_respeta_al_anadir():
    lead, guardado = {"nombre": None}, {"nombre": "ANA"}
    assert cambios(lead, guardado, vaciar=True) == {"nombre": None}
    assert cambios(lead, guardado, vaciar=False) == {}


def test_los_limites_de_las_columnas_son_los_de_la_tabla():
    for columna in COLUMNAS:
        largo = getattr(leads.c[columna.nombre].type, "length", None)
        if columna.tipo in ("texto", "telefono", "cp") and largo:
            assert columna.maximo == largo, columna.nombre
