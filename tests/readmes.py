"""Los ejemplos de todos los README, contra una Centralita en marcha."""

from collections.abc import Callable

from tests import ejemplos
from tests.pila import RAIZ

SERVICIOS = (
    "services/canales-service",
    "services/storage_service",
    "services/customer_service",
    "services/partners-service",
    "services/tuotempo-leads-service",
    "services/espacio-clientes-api",
)
DIRECTAS = {
    "http://127.0.0.1:5000": "canales",
    "http://127.0.0.1:5001": "almacen",
    "http://127.0.0.1:5002": "clientes",
    "http://localhost:5001": "partners",
    "http://localhost:5000": "leads",
    "https://actualizarllamadas-production.up.railway.app": "leads",
    "https://<TU_APP_RAILWAY>.up.railway.app": "leads",
    "http://127.0.0.1:8000": "espacio",
}


def comprobar(destino: Callable[[str], str]) -> None:
    """Ejecuta cada petición y la compara con la respuesta que enseña; `destino` da la dirección de un servicio."""
    sustituciones = {original: destino(servicio) for original, servicio in DIRECTAS.items()}
    for carpeta in SERVICIOS:
        readme = RAIZ / carpeta / "README.md"
        leidos = list(ejemplos.de(readme))
        ordenes = [linea for linea in readme.read_text("utf-8").splitlines() if linea.startswith("curl ")]
        assert len(leidos) == len(ordenes), f"{readme}: hay un ejemplo que no se ha sabido leer"
        for ejemplo in leidos:
            estado, cuerpo = ejemplo.ejecutar(sustituciones)
            donde = f"{readme.relative_to(RAIZ)}:{ejemplo.linea}"
            assert (donde, estado) == (donde, ejemplo.estado), cuerpo
            esperado = ejemplos.capturar(ejemplo.cuerpo, cuerpo, sustituciones)
            assert ejemplos.con_formas(cuerpo) == ejemplos.con_formas(esperado), donde
