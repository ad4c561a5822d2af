"""Entrada de `python app.py`, `flask`, gunicorn y waitress; todo se monta en `tuotempo_leads.arranque`."""

from tuotempo_leads.arranque import crear_app, trabajar_en_segundo_plano
from tuotempo_leads.config import Ajustes

ajustes = Ajustes.cargar()
app = crear_app(ajustes)
trabajar_en_segundo_plano(app)

if __name__ == "__main__":
    app.run(host=ajustes.anfitrion, port=ajustes.puerto)
