import io

import pytest

CSV = b"TELEFONO;NOMBRE;COLOR\n600000001;Ana;rojo\n600000002;Luis;azul\nabc;Eva;verde\n"


@pytest.fixture
def jefa(panel):
    return panel("supervisor", "jefa")


@pytest.fixture
def subir(jefa):
    def hacer(contenido=CSV, nombre="leads.csv", **mas):
        datos = {"action": "subir_archivo", "archivo": (io.BytesIO(contenido), nombre), **mas}
        return jefa.enviar("/recargar-datos", **datos)

    return hacer
