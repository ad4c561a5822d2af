"""Entrada de `flask run` y de gunicorn; todo se monta en `portal.arranque`."""

from portal.arranque import crear_app
from portal.config import Ajustes

ajustes = Ajustes.cargar()
app = crear_app(ajustes)

if __name__ == "__main__":
    app.run(host=ajustes.anfitrion, port=ajustes.puerto)
