import pytest

RUTA = "/api/actualizar_resultado"


@pytest.fixture
def ana(alta):
    return alta(nombre="Ana", apellidos="Demo", telefono="+34 600 123 456")


@pytest.fixture
def enviar(web):
    def enviar(telefono="600123456", **campos):
        salida = web.post(RUTA, json={"telefono": telefono, **campos})
        assert salida.status_code == 200 or salida.json["error"] == salida.json["message"]
        return salida.status_code, salida.json["message"]

    return enviar
