import csv
import io
from datetime import datetime

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from tests.libro_de_leads import CABECERA, escribir_xlsx, persona
from tuotempo_leads.infraestructura import tablas

SUMANDOS = ("creadas", "actualizadas", "sin_cambios", "omitidas", "erroneas")


@pytest.fixture
def leads(filas):
    return lambda **valores: filas(tablas.leads, **valores)


@pytest.fixture
def con_trampas(tmp_path):
    """El libro con la cabecera de verdad y una de cada."""
    filas = [
        *(persona(n) for n in range(1, 6)),
        [None] * len(CABECERA),  # en blanco
        persona(6, TELEFONO1="+34 600 000 006", CODIGO_POSTAL="4700"),
        persona(7, TELEFONO1="600000007.0", FECHA_NACIMIENTO="02/01/1980"),
        persona(8, TELEFONO1="6.00000008E8", NOMBRE='=HYPERLINK("x")'),
        persona(9, TELEFONO1="6.0E+08"),  # perdió cifras
        persona(10, TELEFONO1=None),
        persona(11, FECHA_NACIMIENTO=19801399),
        persona(12, NOMBRE="x" * 101, CODIGO_POSTAL="1" * 11),
        persona(1, NIF="99999999R", NOMBRE="OTRA", TELEFONO1=600000001),  # otra persona, el mismo teléfono
        persona(13, TELEFONO1=600999999),  # excluido
        [" ", "\t", *[None] * 28],
    ]
    return escribir_xlsx(tmp_path / "contactos.xlsx", filas)


@pytest.fixture
def excluir(app):
    def hacer(telefono):
        valores = {"telefono_norm": telefono, "origen": "robinson", "fecha": datetime(2026, 1, 1)}
        with app.extensions["bd"].escritura() as conexion:
            conexion.execute(sa.insert(tablas.exclusiones).values(valores))

    return hacer


def cuentas(informe):
    return tuple(informe[nombre] for nombre in SUMANDOS)


@pytest.fixture
def corredor(app):
    return app.extensions["importaciones"]


@pytest.fixture
def hoja(tmp_path):
    return escribir_xlsx(tmp_path / "a.xlsx", [persona(n) for n in range(20)])


@pytest.fixture
def cambiar(app):
    def hacer(tabla, **valores):
        with app.extensions["bd"].escritura() as conexion:
            conexion.execute(sa.update(tabla).values(**valores))

    return hacer


@pytest.fixture
def exportar(web):
    """Las filas exportadas, como diccionarios de texto, y el contenido del fichero."""

    def hacer(formato="xlsx", **filtro):
        respuesta = web.get("/admin/exportacion", query_string={"formato": formato, **filtro})
        assert respuesta.status_code == 200, respuesta.json
        contenido = respuesta.data
        respuesta.close()
        if formato == "csv":
            return list(csv.DictReader(io.StringIO(contenido.decode("utf-8-sig")), delimiter=";")), contenido
        cabecera, *filas = (
            CalamineWorkbook.from_filelike(io.BytesIO(contenido)).get_sheet_by_index(0).to_python()
        )
        return [dict(zip(cabecera, fila, strict=True)) for fila in filas], contenido

    return hacer


@pytest.fixture
def encargar(web):
    """Sube una hoja, dada por su ruta o por su contenido y su nombre, y da la dirección de su informe."""

    def hacer(hoja, nombre="", **opciones):
        contenido = hoja if nombre else hoja.read_bytes()
        datos = {"archivo": (io.BytesIO(contenido), nombre or hoja.name)}
        aceptada = web.post("/admin/importaciones", data=datos, query_string=opciones)
        assert aceptada.status_code == 202, aceptada.json
        return aceptada.headers["Location"]

    return hacer


@pytest.fixture
def importar(web, encargar, corredor):
    """Lo mismo, pero deja que se importe y da su informe final."""

    def hacer(*hoja, **opciones):
        destino = encargar(*hoja, **opciones)
        assert web.get(destino).json["estado"] == "pendiente"
        corredor.una()
        return web.get(destino).json

    return hacer
