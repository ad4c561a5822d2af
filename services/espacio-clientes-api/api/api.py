"""Entrada de `uvicorn api.api:app`; todo se monta en `espacio_clientes.arranque`."""

from espacio_clientes.arranque import crear_app
from espacio_clientes.config.settings import Ajustes

app = crear_app(Ajustes.cargar(), en_segundo_plano=True)
