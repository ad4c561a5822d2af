"""Entrada de `python app.py` y de gunicorn; todo se monta en `customer_service.arranque`."""

from customer_service.arranque import crear_app
from customer_service.config import Ajustes

ajustes = Ajustes.cargar()
app = crear_app(ajustes)
app.extensions["eventos"].en_segundo_plano()

if __name__ == "__main__":
    app.run(host=ajustes.anfitrion, port=ajustes.puerto)
