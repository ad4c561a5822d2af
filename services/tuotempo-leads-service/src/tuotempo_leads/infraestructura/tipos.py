"""Tipos de columna que se comportan igual en SQLite, MySQL y PostgreSQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

OPCIONES: dict[str, Any] = {
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_0900_ai_ci",
    "mysql_engine": "InnoDB",
}
"""Opciones de toda tabla: sin ellas MySQL pondría las del servidor, que nadie ha elegido."""


def clave(largo: int) -> Any:
    """Texto que se compara letra a letra: por defecto MySQL cree que `Abc`, `ábc` y `abc ` son lo mismo."""
    return sa.String(largo).with_variant(
        mysql.VARCHAR(largo, charset="utf8mb4", collation="utf8mb4_bin"), "mysql"
    )


Momento = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql")
"""Fecha y hora sin zona, con microsegundos (MySQL redondearía los segundos). UTC si la columna no dice otra cosa."""

TextoLargo = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
"""Texto de hasta 16 MiB; el `TEXT` de MySQL acaba en 64 KiB."""
