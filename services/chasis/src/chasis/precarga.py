"""Lo pesado que casi todos los servicios importan: quien lo carga antes de `fork` lo comparte con sus hijos.

Solo módulos que no leen el entorno ni abren nada al importarse.
"""

import chasis.eventos.entrada
import chasis.migraciones
import chasis.web  # noqa: F401
