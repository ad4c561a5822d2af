"""El catálogo único al que se apuntan todas las tablas del servicio."""

from __future__ import annotations

import sqlalchemy as sa

metadatos = sa.MetaData()
