from types import SimpleNamespace

import pytest

from partners.arranque import crear_app
from partners.config import Ajustes


@pytest.fixture
def app(url, tmp_path):
    app = crear_app(
        Ajustes(_env_file=None, base_de_datos=url, directorio_datos=tmp_path, formato_registros="json")
    )
    yield app
    app.extensions["bd"].cerrar()


@pytest.fixture
def api(web) -> SimpleNamespace:
    """Atajos: cada uno hace la llamada que dice y devuelve la respuesta."""
    raiz = "/api/v1/partners"

    def crear(email="contacto@empresaabc.com", nombre="Empresa ABC", cabeceras=None, **mas):
        return web.post(raiz, json={"nombre": nombre, "email": email, **mas}, headers=cabeceras)

    def integrar(partner_id, tipo="API", nombre="Integración API REST", cabeceras=None, **mas):
        cuerpo = {"tipo": tipo, "nombre": nombre, **mas}
        return web.post(f"{raiz}/{partner_id}/integraciones", json=cuerpo, headers=cabeceras)

    return SimpleNamespace(
        crear=crear,
        integrar=integrar,
        leer=lambda partner_id: web.get(f"{raiz}/{partner_id}"),
        listar=lambda consulta="": web.get(f"{raiz}?{consulta}"),
        cambiar=lambda partner_id, **cambios: web.put(f"{raiz}/{partner_id}", json=cambios),
        eliminar=lambda partner_id: web.delete(f"{raiz}/{partner_id}"),
        kyc=lambda partner_id, **datos: web.put(f"{raiz}/{partner_id}/kyc", json=datos),
        historial=lambda partner_id, consulta="": web.get(f"{raiz}/{partner_id}/kyc/historial?{consulta}"),
        revocar=lambda una, **opciones: web.put(f"{raiz}/integraciones/{una}/revocar", **opciones),
    )


@pytest.fixture
def abc(api) -> str:
    """El id de un partner recién creado."""
    return api.crear().json["partner"]["id"]
