import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import oracle
from sqlalchemy.schema import CreateTable

from chasis.bd import BaseDeDatos
from chasis.eventos.tablas import METADATOS
from chasis.migraciones import migrar

PRIMERA = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.create_table("cosas", sa.Column("id", sa.Integer, primary_key=True))
"""
AMPLIA = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.add_column("cosas", sa.Column("nombre", sa.String(20)))
"""
ROTA = """
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.execute("INSERT INTO cosas VALUES (7)")
    op.execute("ESTO NO ES SQL")
"""


@pytest.fixture
def carpeta(tmp_path) -> Path:
    raiz = tmp_path / "migraciones"
    (raiz / "versions").mkdir(parents=True)
    (raiz / "env.py").write_text("from chasis.migraciones import ejecutar\nejecutar()\n")
    (raiz / "versions" / "0001.py").write_text(PRIMERA)
    return raiz


@pytest.fixture
def bd(tmp_path):
    base = BaseDeDatos(f"sqlite+pysqlite:///{tmp_path}/base.sqlite")
    yield base
    base.cerrar()


def test_migrar_dos_veces_es_como_migrar_una(bd, carpeta):
    migrar(bd, carpeta)
    migrar(bd, carpeta)
    assert "cosas" in sa.inspect(bd.motor).get_table_names()


def test_cuatro_procesos_que_arrancan_a_la_vez_no_se_pisan(bd, carpeta):
    programa = (
        "import sys; from pathlib import Path; from chasis.bd import BaseDeDatos; "
        "from chasis.migraciones import migrar; migrar(BaseDeDatos(sys.argv[1]), Path(sys.argv[2]))"
    )
    orden = [sys.executable, "-c", programa, bd.url.render_as_string(), str(carpeta)]
    procesos = [subprocess.Popen(orden, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(p.communicate()[1][-300:], p.returncode) for p in procesos] == [(b"", 0)] * 4


def test_una_migracion_que_falla_no_deja_media_base(bd, carpeta):
    migrar(bd, carpeta)
    (carpeta / "versions" / "0002.py").write_text(ROTA)
    with pytest.raises(sa.exc.OperationalError):
        migrar(bd, carpeta)
    with bd.lectura() as conexion:
        assert conexion.execute(sa.text("SELECT count(*) FROM cosas")).scalar() == 0
        assert conexion.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "0001"


def test_un_programa_anterior_arranca_con_la_base_que_dejo_el_siguiente(bd, carpeta):
    siguiente = carpeta / "versions" / "0002.py"
    siguiente.write_text(AMPLIA)
    migrar(bd, carpeta)
    siguiente.unlink()
    migrar(bd, carpeta)
    with bd.lectura() as conexion:
        assert conexion.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "0002"


def test_las_tablas_de_eventos_se_compilan_para_oracle():
    dialecto = oracle.dialect()
    for tabla in METADATOS.sorted_tables:
        texto = str(CreateTable(tabla).compile(dialect=dialecto))
        assert "GENERATED" in texto or "id" not in tabla.c, tabla.name


def test_con_la_base_al_dia_ni_se_carga_alembic(bd, carpeta):
    migrar(bd, carpeta)
    programa = (
        "import sys; from pathlib import Path; from chasis.bd import BaseDeDatos; "
        "from chasis.migraciones import migrar; migrar(BaseDeDatos(sys.argv[1]), Path(sys.argv[2])); "
        "print('alembic' in sys.modules)"
    )
    orden = [sys.executable, "-c", programa, bd.url.render_as_string(), str(carpeta)]
    assert subprocess.run(orden, capture_output=True, text=True, check=True).stdout == "False\n"
