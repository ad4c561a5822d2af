"""Vigila que todo el SQL que ejecuta una prueba valga también en Oracle, aunque no haya ninguno delante.

Cada sentencia se compila con el dialecto de Oracle, se analiza con la gramática de Oracle de sqlglot y se le buscan
las trampas conocidas: cadenas vacías (allí son NULL), `LIMIT` y bloqueos sobre `FETCH FIRST` (ORA-02014).
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
import sqlglot
from sqlalchemy.dialects.oracle import oracledb

DIALECTO = oracledb.dialect()
DIALECTO.supports_identity_columns = True
DIALECTO._supports_offset_fetch = True  # Oracle 12 o posterior
# Lo único que no es Core: la propia SQLite y el `comprobar` del chasis, que en Oracle es otro.
DE_SQLITE = re.compile(r"BEGIN|PRAGMA|SELECT 1$")


class Vigilante:
    """Analiza cada sentencia una vez y guarda lo que ha visto."""

    def __init__(self) -> None:
        self.vistas: set[str] = set()

    def escuchar(self, motor: sa.Engine) -> None:
        sa.event.listen(motor, "before_execute", self._al_ejecutar)

    def _al_ejecutar(self, _: Any, sentencia: Any, varias: Any, una: Any, __: Any) -> None:
        if isinstance(sentencia, sa.TextClause):
            assert DE_SQLITE.match(sentencia.text), sentencia.text
            return
        for parametros in varias or [una]:
            vacios = [clave for clave, valor in parametros.items() if valor == ""]
            assert not vacios, f"'' es NULL en Oracle: {vacios} en {sentencia}"
        self.analizar(sentencia)

    def analizar(self, sentencia: Any) -> str:
        # Los valores que SQLAlchemy escribe al final (`FETCH FIRST n`, `IN (…)`) se cambian por uno cualquiera.
        sql = re.sub(r"__\[POSTCOMPILE_\w+\]", "1", str(sentencia.compile(dialect=DIALECTO)))
        if sql not in self.vistas:
            revisar(sql)
            self.vistas.add(sql)
        return sql


def revisar(sql: str) -> None:
    # sqlglot solo conoce un destino en `RETURNING … INTO`; Oracle, uno por columna.
    arbol = sqlglot.parse_one(
        re.sub(r"(INTO :ret_0)(, :ret_\d+)+$", r"\1", sql),
        read="oracle",
        error_level=sqlglot.ErrorLevel.RAISE,
    )
    assert not isinstance(arbol, sqlglot.exp.Command), f"sqlglot no entiende: {sql}"
    assert not re.search(r"\bLIMIT\b", sql), sql
    assert not ("FETCH FIRST" in sql and "FOR UPDATE" in sql), f"ORA-02014: {sql}"
