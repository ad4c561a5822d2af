"""Entrada de `python app.py` y de gunicorn; todo se monta en `tuotempo_simulado.arranque`."""

from tuotempo_simulado.arranque import crear_app
from tuotempo_simulado.config import Ajustes

ajustes = Ajustes.cargar()
app = crear_app(ajustes)

if __name__ == "__main__":
    app.run(host=ajustes.anfitrion, port=ajustes.puerto, threaded=True)
