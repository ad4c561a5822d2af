import time
from dataclasses import dataclass
from functools import partial

import orjson
import pytest
import sqlalchemy as sa

from chasis import contexto
from chasis.eventos import Evento, Manejador, espera, muertas, recepcion as modulo
from chasis.eventos.outbox import Outbox, estado
from chasis.eventos.recepcion import Recepcion
from chasis.eventos.tablas import ESPERA, INBOX, OUTBOX


@dataclass(frozen=True)
class CosaHecha:
    numero: int


def evento(numero, clave="a", **otros):
    return Evento.model_validate(
        {
            "id": f"id-{clave}-{numero}",
            "type": "CosaHecha",
            "source": "cosas",
            "subject": clave,
            "time": "2026-03-02T09:30:00Z",
            "dataschema": "urn:centralita:CosaHecha.v1",
            "tema": "cosas",
            "secuencia": numero,
            "data": {"numero": numero, "algo": "que este servicio no lee"},
            **otros,
        }
    )


class Averias:
    """Claves cuyo manejador falla, y cuántas veces se le llamó."""

    def __init__(self):
        self.claves, self.llamadas = set(), 0


@pytest.fixture
def averias():
    return Averias()


@pytest.fixture
def recepcion(bd, averias):
    def aplicar_cosa(conexion, datos, evento):
        averias.llamadas += 1
        conexion.execute(
            sa.text("INSERT INTO efectos VALUES (:c, :n)"), {"c": evento.clave, "n": datos.numero}
        )
        if evento.clave in averias.claves:
            raise RuntimeError(f"avería en {evento.clave}")

    outbox = Outbox("pruebas", {"cosas-dlq": ("archivo",)}, "")
    bd.con_outbox(outbox, lambda: None)
    return Recepcion(bd, outbox, [Manejador("cosas", CosaHecha, aplicar_cosa)])


def efectos(bd, clave="a"):
    with bd.lectura() as conexion:
        filas = conexion.execute(sa.text("SELECT numero FROM efectos WHERE clave = :c"), {"c": clave})
        return [fila.numero for fila in filas]


def pasar_el_tiempo(bd):
    with bd.escritura() as conexion:
        conexion.execute(ESPERA.update().values(proximo=0))


def agotar(bd, recepcion):
    for _ in espera.ESPERAS:
        pasar_el_tiempo(bd)
        recepcion.reintentar()


def test_entregado_dos_veces_tiene_un_efecto(bd, recepcion):
    recepcion.recibir(evento(1))
    recepcion.recibir(evento(1))
    assert efectos(bd) == [1]


def test_dos_entregas_a_la_vez_tienen_un_efecto(bd, recepcion, a_la_vez):
    a_la_vez(lambda _: recepcion.recibir(evento(1)), 8)
    assert efectos(bd) == [1]


def test_un_tipo_o_un_tema_que_no_interesa_se_ignora(bd, recepcion):
    recepcion.recibir(evento(1, type="OtraCosa"))
    recepcion.recibir(evento(2, tema="otro"))
    assert efectos(bd) == []


def test_si_el_manejador_falla_no_queda_efecto_y_el_evento_espera(bd, recepcion, averias):
    averias.claves = {"a"}
    recepcion.recibir(evento(1))
    assert efectos(bd) == []
    assert estado(bd)["en_espera"] == 1


def test_los_siguientes_de_esa_clave_esperan_y_las_demas_siguen(bd, recepcion, averias):
    averias.claves = {"a"}
    recepcion.recibir(evento(1))
    averias.claves = set()
    recepcion.recibir(evento(2))
    recepcion.recibir(evento(1, clave="b"))
    assert (efectos(bd, "a"), efectos(bd, "b")) == ([], [1])
    pasar_el_tiempo(bd)
    while recepcion.reintentar():
        pass
    assert efectos(bd, "a") == [1, 2]


def test_los_intentos_se_espacian_1_5_30_120_y_600_segundos(bd, recepcion, averias):
    averias.claves = {"a"}
    intentar = partial(recepcion.recibir, evento(1))
    for segundos in (1, 5, 30, 120, 600):
        antes = time.time()
        intentar()
        with bd.lectura() as conexion:
            proximo = conexion.execute(sa.select(ESPERA.c.proximo)).scalar_one()
        assert antes + segundos <= proximo <= time.time() + segundos
        pasar_el_tiempo(bd)
        intentar = recepcion.reintentar
    recepcion.reintentar()
    assert averias.llamadas == 6


def test_no_se_reintenta_antes_de_tiempo(recepcion, averias):
    averias.claves = {"a"}
    recepcion.recibir(evento(1))
    assert recepcion.reintentar() == 0


def test_si_la_hora_se_atrasa_un_aplazado_no_espera_horas(bd, recepcion, averias):
    averias.claves = {"a"}
    recepcion.recibir(evento(1))
    with bd.escritura() as conexion:
        conexion.execute(ESPERA.update().values(proximo=time.time() + 3 * 3600))
    averias.claves.clear()
    assert recepcion.reintentar() == 1
    assert efectos(bd) == [1]


def test_agotados_los_intentos_muere_con_su_error_y_deja_pasar_a_los_demas(bd, recepcion, averias):
    averias.claves = {"a"}
    recepcion.recibir(evento(1))
    recepcion.recibir(evento(2))
    agotar(bd, recepcion)
    averias.claves = set()
    recepcion.reintentar()
    assert efectos(bd) == [2]
    (muerta,) = muertas.listar(bd)
    assert (muerta["evento_id"], muerta["error"]) == ("id-a-1", "RuntimeError: avería en a")


def test_al_morir_sale_una_copia_al_tema_dlq(bd, recepcion, averias):
    averias.claves = {"a"}
    recepcion.recibir(evento(1))
    agotar(bd, recepcion)
    with bd.lectura() as conexion:
        fila = conexion.execute(sa.select(OUTBOX)).one()
    copia = orjson.loads(fila.cuerpo)
    assert fila.tema == "cosas-dlq"
    assert (copia["id"], copia["dlqerror"]) == ("id-a-1", "RuntimeError: avería en a")
    assert copia["data"]["algo"] == "que este servicio no lee"


def test_un_muerto_se_puede_reintentar_y_se_aplica_una_vez(bd, recepcion, averias):
    averias.claves = {"a"}
    recepcion.recibir(evento(1))
    agotar(bd, recepcion)
    averias.claves = set()
    recepcion.recibir(evento(1))
    assert efectos(bd) == [], "una entrega repetida no lo resucita"
    assert muertas.reintentar(bd) == 1
    recepcion.reintentar()
    assert efectos(bd) == [1]
    assert muertas.listar(bd) == []


def test_lo_que_no_cumple_su_contrato_muere_sin_esperar(bd, recepcion):
    recepcion.recibir(evento(1, data={"numero": "no es un número"}))
    assert (estado(bd)["en_espera"], estado(bd)["muertos"]) == (0, 1)
    assert "no es un número" not in muertas.listar(bd)[0]["error"], "los valores no salen en los registros"


def test_lo_que_ni_siquiera_es_un_evento_se_guarda_entre_los_muertos(bd, recepcion):
    recepcion.espera.enterrar("cosas", b"{roto", "JSON inválido")
    recepcion.espera.enterrar("cosas", b"{roto", "JSON inválido")
    (muerta,) = muertas.listar(bd)
    assert muerta["error"] == "JSON inválido"
    assert muertas.reintentar(bd) == 0


def test_el_evento_viaja_con_la_identidad_de_su_peticion(recepcion, bd):
    vistas = []
    contexto.iniciar("la-de-fuera", None)
    recepcion = Recepcion(
        bd,
        Outbox("pruebas", {}, ""),
        [Manejador("cosas", CosaHecha, lambda *_: vistas.append(contexto.peticion_id.get()))],
    )
    recepcion.recibir(evento(1, correlationid="peticion-7"))
    assert vistas == ["peticion-7"]
    assert contexto.peticion_id.get() == "la-de-fuera"


def test_un_efecto_fuera_de_la_base_se_anota_despues_de_hacerlo(bd):
    hechos = []

    def llamar_a_otro(datos, _):
        with bd.lectura() as conexion:
            hechos.append(
                (datos.numero, conexion.execute(sa.select(sa.func.count(INBOX.c.recibido))).scalar())
            )

    recepcion = Recepcion(
        bd, Outbox("pruebas", {}, ""), [Manejador("cosas", CosaHecha, llamar_a_otro, en_transaccion=False)]
    )
    recepcion.recibir(evento(1))
    recepcion.recibir(evento(1))
    assert hechos == [(1, 0)]


def test_si_la_base_no_puede_guardarlo_lo_dice_a_quien_lo_entrega(bd, recepcion):
    with bd.escritura() as conexion:
        conexion.execute(sa.text("DROP TABLE inbox"))
        conexion.execute(sa.text("DROP TABLE inbox_espera"))
    with pytest.raises(sa.exc.DBAPIError):
        recepcion.recibir(evento(1))


def test_el_inbox_olvida_lo_de_hace_mas_de_siete_dias(bd, recepcion):
    recepcion.recibir(evento(1))
    recepcion.recibir(evento(2))
    with bd.escritura() as conexion:
        viejo = time.time() - modulo.MEMORIA - 1
        conexion.execute(INBOX.update().where(INBOX.c.evento_id == "id-a-1").values(recibido=viejo))
    recepcion.olvidar()
    with bd.lectura() as conexion:
        assert conexion.execute(sa.select(INBOX.c.evento_id)).scalars().all() == ["id-a-2"]
