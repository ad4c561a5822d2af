import subprocess
import sys
import textwrap

import pytest
import sqlalchemy as sa

from chasis.bd import BaseDeDatos


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
        from chasis.bd import BaseDeDatos
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
