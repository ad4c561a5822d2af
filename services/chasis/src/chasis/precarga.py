"""Lo pesado que casi todos los servicios importan: quien lo carga antes de `fork` lo comparte con sus hijos.

Solo módulos que no leen el entorno ni abren nada al importarse (gunicorn no: recuerda en qué carpeta estaba).
"""

import alembic.command  # noqa: F401
import sqlalchemy.dialects.sqlite  # noqa: F401

import chasis.eventos.entrada
import chasis.migraciones
import chasis.web  # noqa: F401
