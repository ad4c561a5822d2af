"""Entrada de `flask run` y de gunicorn; todo se monta en `canales.arranque`."""

from canales.arranque import crear_app
from canales.config import Ajustes

ajustes = Ajustes.cargar()
app = crear_app(ajustes)
app.extensions["eventos"].en_segundo_plano()

if __name__ == "__main__":
    app.run(host=ajustes.anfitrion, port=ajustes.puerto)
