import subprocess
import sys
import textwrap

import pytest
import sqlalchemy as sa

from chasis.bd import BaseDeDatos, no_contesta


@pytest.fixture
def bd(tmp_path):
    base = BaseDeDatos(f"sqlite+pysqlite:///{tmp_path}/nueva/base.sqlite")
    with base.escritura() as conexion:
        conexion.execute(sa.text("CREATE TABLE t (n INTEGER)"))
    yield base
    base.cerrar()


def contar(bd) -> int:
    with bd.lectura() as conexion:
        return conexion.execute(sa.text("SELECT count(*) FROM t")).scalar_one()


def test_una_transaccion_que_falla_no_deja_nada(bd):
    with pytest.raises(RuntimeError), bd.escritura() as conexion:
        conexion.execute(sa.text("INSERT INTO t VALUES (1)"))
        raise RuntimeError
    assert contar(bd) == 0


def test_sqlite_escribe_en_wal_y_asienta_cada_transaccion(bd):
    with bd.lectura() as conexion:
        assert conexion.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert conexion.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_quien_lee_no_espera_a_quien_escribe(bd):
    with bd.escritura() as conexion:
        conexion.execute(sa.text("INSERT INTO t VALUES (1)"))
        assert contar(bd) == 0
    assert contar(bd) == 1


def test_dieciseis_escritores_en_dos_procesos_no_ven_nunca_la_base_bloqueada(bd):
    programa = textwrap.dedent(f"""
        import threading, sqlalchemy as sa
        from chasis.bd import BaseDeDatos, no_contesta
        bd, fallos = BaseDeDatos({bd.url.render_as_string()!r}), []
        def escribir():
            for n in range(50):
                try:
                    with bd.escritura() as c:
                        c.execute(sa.text("SELECT count(*) FROM t")).scalar()
                        c.execute(sa.text("INSERT INTO t VALUES (1)"))
                except Exception as e:
                    fallos.append(repr(e))
        hilos = [threading.Thread(target=escribir) for _ in range(8)]
        [h.start() for h in hilos]; [h.join() for h in hilos]
        raise SystemExit("\\n".join(fallos) or 0)
    """)
    procesos = [subprocess.Popen([sys.executable, "-c", programa], stderr=subprocess.PIPE) for _ in range(2)]
    assert [(p.communicate()[1], p.returncode) for p in procesos] == [(b"", 0)] * 2
    assert contar(bd) == 2 * 8 * 50


def test_los_valores_no_aparecen_en_los_errores_del_controlador(bd):
    with pytest.raises(sa.exc.SQLAlchemyError) as fallo, bd.lectura() as conexion:
        conexion.execute(sa.text("SELECT * FROM no_existe WHERE x = :x"), {"x": "secreto"})
    assert "secreto" not in str(fallo.value)


def fallo_de(accion) -> sa.exc.SQLAlchemyError:
    with pytest.raises(sa.exc.SQLAlchemyError) as fallo:
        accion()
    return fallo.value


def test_se_distingue_una_base_que_no_contesta_de_una_consulta_que_falla(bd, tmp_path):
    def consultar(sentencia: str) -> None:
        with bd.escritura() as conexion:
            conexion.execute(sa.text(sentencia))

    assert not no_contesta(fallo_de(lambda: consultar("SELECT * FROM no_existe")))
    consultar("CREATE TABLE unica (n INTEGER PRIMARY KEY)")
    consultar("INSERT INTO unica VALUES (1)")
    assert not no_contesta(fallo_de(lambda: consultar("INSERT INTO unica VALUES (1)")))
    sin_carpeta = BaseDeDatos(f"sqlite+pysqlite:///{tmp_path}")  # es una carpeta: no se puede abrir
    assert no_contesta(fallo_de(sin_carpeta.comprobar))


def test_un_disco_lleno_es_una_base_que_no_contesta(bd):
    def llenar() -> None:
        with bd.escritura() as conexion:
            conexion.exec_driver_sql("PRAGMA max_page_count = 3")
            conexion.exec_driver_sql(
                "INSERT INTO t SELECT value FROM json_each('[' || replace(hex(zeroblob(9999)), '00', '1,') || '1]')"
            )

    assert no_contesta(fallo_de(llenar))


def test_un_servidor_que_no_escucha_es_una_base_que_no_contesta():
    sin_nadie = BaseDeDatos("postgresql+psycopg://u:c@127.0.0.1:1/nada")
    assert no_contesta(fallo_de(sin_nadie.comprobar))
