import pytest
import sqlalchemy as sa

from chasis.bd import BaseDeDatos
from chasis.errores import Conflicto, NoProcesable, PeticionInvalida
from chasis.idempotencia import TABLA, Registro, Respuesta

HECHA = Respuesta(201, b'{"ok":1}', {"Location": "/x/1"})


@pytest.fixture
def bd(tmp_path):
    base = BaseDeDatos(f"sqlite+pysqlite:///{tmp_path}/base.sqlite", conexiones=20)
    with base.escritura() as conexion:
        TABLA.metadata.create_all(conexion)
    yield base
    base.cerrar()


def hacer(registro, bd, clave="k", cuerpo=b"a"):
    assert registro.reservar(clave, "POST /x", cuerpo).respuesta is None
    with bd.escritura() as conexion:
        registro.anotar(conexion, clave, "POST /x", HECHA)


def test_la_segunda_vez_se_da_la_primera_respuesta(bd):
    registro = Registro(bd)
    hacer(registro, bd)
    assert registro.reservar("k", "POST /x", b"a").respuesta == HECHA


def test_la_misma_clave_en_otra_ruta_es_otra_peticion(bd):
    registro = Registro(bd)
    hacer(registro, bd)
    assert registro.reservar("k", "POST /y", b"a").respuesta is None


def test_otro_cuerpo_con_la_misma_clave_se_rechaza(bd):
    registro = Registro(bd)
    hacer(registro, bd)
    with pytest.raises(NoProcesable):
        registro.reservar("k", "POST /x", b"b")


def test_mientras_sigue_en_curso_se_pide_esperar(bd):
    registro = Registro(bd)
    registro.reservar("k", "POST /x", b"a")
    with pytest.raises(Conflicto) as fallo:
        registro.reservar("k", "POST /x", b"a")
    assert fallo.value.cabeceras == {"Retry-After": "1"}


def test_si_quien_reservo_murio_otro_puede_reanudar_pasado_el_plazo(bd):
    Registro(bd, reserva=-1).reservar("k", "POST /x", b"a")
    reserva = Registro(bd).reservar("k", "POST /x", b"a")
    assert reserva.reanudada
    assert reserva.respuesta is None
    with pytest.raises(Conflicto):
        Registro(bd).reservar("k", "POST /x", b"a")


def test_si_la_hora_se_atrasa_una_reserva_abandonada_no_dura_horas(bd):
    Registro(bd, reserva=3 * 3600).reservar("k", "POST /x", b"a")  # como si entonces fueran tres horas más
    assert Registro(bd).reservar("k", "POST /x", b"a").reanudada


def test_de_dos_intentos_que_se_solapan_solo_se_confirma_uno(bd):
    """El primero se quedó congelado más de lo que dura su reserva, y el segundo ya hizo lo mismo."""
    congelado, registro = Registro(bd, reserva=-1), Registro(bd)
    congelado.reservar("k", "POST /x", b"a")
    registro.reservar("k", "POST /x", b"a")
    with bd.escritura() as conexion:
        registro.anotar(conexion, "k", "POST /x", HECHA)
    with pytest.raises(Conflicto), bd.escritura() as conexion:
        congelado.anotar(conexion, "k", "POST /x", HECHA)


def test_si_el_efecto_se_deshace_la_respuesta_tambien(bd):
    registro = Registro(bd)
    registro.reservar("k", "POST /x", b"a")
    with pytest.raises(RuntimeError), bd.escritura() as conexion:
        registro.anotar(conexion, "k", "POST /x", HECHA)
        raise RuntimeError
    registro.liberar("k", "POST /x")
    assert registro.reservar("k", "POST /x", b"a").respuesta is None


def test_liberar_no_borra_una_respuesta_ya_dada(bd):
    registro = Registro(bd)
    hacer(registro, bd)
    registro.liberar("k", "POST /x")
    assert registro.reservar("k", "POST /x", b"a").respuesta == HECHA


def test_lo_caducado_se_olvida_solo(bd):
    antiguo = Registro(bd, vigencia=-1)
    for numero in range(150):
        hacer(antiguo, bd, f"vieja-{numero}")
    Registro(bd).reservar("nueva", "POST /x", b"a")
    with bd.lectura() as conexion:
        assert conexion.execute(sa.select(sa.func.count()).select_from(TABLA)).scalar_one() < 10


@pytest.mark.parametrize("clave", ["", " ", "ñ", "a\nb", "x" * 256])
def test_una_clave_que_no_vale_es_un_400(bd, clave):
    with pytest.raises(PeticionInvalida, match="Idempotency-Key"):
        Registro(bd).reservar(clave, "POST /x", b"a")


def test_veinte_a_la_vez_y_solo_una_sigue_adelante(bd, a_la_vez):
    def intentar(_):
        try:
            return Registro(bd).reservar("k", "POST /x", b"a").respuesta is None
        except Conflicto:
            return False

    assert sum(a_la_vez(intentar, 20)) == 1
