"""El índice de palabras: lo pone al día quien escribe un nombre, y ninguna búsqueda recorre la tabla."""

import pytest
import sqlalchemy as sa

from tuotempo_leads.dominio.textos import palabras
from tuotempo_leads.infraestructura.filtro_de_leads import FiltroDeLeads
from tuotempo_leads.infraestructura.tablas import lead_palabras, leads


@pytest.mark.parametrize(
    ("texto", "esperadas"),
    [
        ("José-Luis, ANA", ("jose", "luis", "ana")),
        ("  Ana   ana ÁNA ", ("ana",)),
        ("L'Hospitalet 2º", ("l", "hospitalet", "2o")),
        ("12.345.678-Z", ("12", "345", "678", "z")),
        ("ß ﬁn", ("ss", "fin")),
        ("% _ ·", ()),
        ("x" * 60, ("x" * 40,)),
    ],
)
def test_las_palabras_de_un_texto(texto, esperadas):
    assert palabras(texto) == esperadas


@pytest.fixture
def cargar(importar):
    def hacer(texto, modo="anadir"):
        assert importar(texto.encode(), "leads.csv", modo=modo)["estado"] == "terminada"

    return hacer


@pytest.fixture
def buscar(app):
    def hacer(q):
        with app.extensions["bd"].lectura() as conexion:
            consulta = FiltroDeLeads(q=q).aplicar(sa.select(leads.c.nombre)).order_by(leads.c.id)
            return list(conexion.execute(consulta).scalars())

    return hacer


def test_lo_que_se_importa_cambia_o_se_quita_se_busca_como_esta_ahora(cargar, buscar, filas):
    cargar("TELEFONO;NOMBRE;CLINICA\n600000001;Íñigo;Clínica Sur\n600000002;Eva;Clínica Sur\n")
    assert buscar("inigo sur") == ["Íñigo"]
    cargar("TELEFONO;NOMBRE\n600000001;Tomás\n")
    assert (buscar("inigo"), buscar("tom clin")) == ([], ["Tomás"])
    cargar("TELEFONO;NOMBRE;CLINICA\n600000002;Eva;\n", modo="reemplazar")
    assert (buscar("tom"), buscar("sur"), buscar("ev")) == ([], [], ["Eva"])
    assert {fila.palabra for fila in filas(lead_palabras)} == {"eva"}


def test_una_importacion_que_no_cambia_nombres_no_reescribe_su_indice(cargar, app, consultas):
    cargar("TELEFONO;NOMBRE;CP\n600000001;Ana;28001\n")
    hechas = consultas(lambda: cargar("TELEFONO;NOMBRE;CP\n600000001;Ana;28002\n"))
    assert not [una for una in hechas if "DELETE FROM lead_palabras" in una]


@pytest.mark.parametrize("q", ["ana", "ana lóp", "600", "600 123 456", "no existe"])
def test_buscar_no_recorre_la_tabla(app, alta, pasos_de, q):
    alta(nombre="Ana López", telefono="600123456")
    consulta = FiltroDeLeads(q=q).aplicar(sa.select(leads.c.nombre)).order_by(leads.c.id.desc()).limit(50)
    texto = consulta.compile(app.extensions["bd"].motor, compile_kwargs={"literal_binds": True}).string
    pasos = pasos_de(texto)
    assert not [paso for paso in pasos if paso.startswith(("SCAN leads", "SCAN lead_palabras"))], pasos
