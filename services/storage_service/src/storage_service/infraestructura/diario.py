"""Diario de escrituras: un documento y una fila no comparten transacción, y aun así cada escritura tiene su evento.

Antes de escribir se anota la intención, con el ETag que había y el que habrá; después, la intención pasa a la outbox.
Si el proceso muere entre medias, `resolver` compara ETags y decide qué pasó: sin escritura no hay evento.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy as sa

from chasis.bd import BaseDeDatos
from chasis.eventos.outbox import Outbox
from chasis.eventos.sobre import escribir
from chasis.eventos.tablas import JSON_LARGO

metadatos = sa.MetaData()
INTENCIONES = sa.Table(
    "intenciones",
    metadatos,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), primary_key=True),
    sa.Column("huella", sa.String(64), nullable=False, index=True),
    sa.Column("nombre", sa.UnicodeText, nullable=False),
    sa.Column("antes", sa.String(64), nullable=False),  # ETag, o vacío si no había documento
    sa.Column("despues", sa.String(64), nullable=False),
    sa.Column("cuerpo", JSON_LARGO, nullable=False),
    sa.Column("creada", sa.Double, nullable=False),
    sqlite_autoincrement=True,
)


class NoEscrito(Exception):
    """Dentro de una anotación: la escritura no llegó a hacerse, así que su intención se descarta."""


Anotacion = Callable[[str | None], AbstractContextManager[None]]
"""Recibe el ETag anterior (o `None`) y envuelve la escritura."""


class Diario:
    """`espera` son los segundos tras los que una intención ya no puede ser de una escritura en curso."""

    def __init__(self, bd: BaseDeDatos, outbox: Outbox, tema: str, espera: float) -> None:
        self._bd, self._outbox, self._tema, self._espera = bd, outbox, tema, espera

    def anotacion(
        self, nombre: str, despues: str, suceso: Callable[[str | None], object]
    ) -> Anotacion | None:
        """Para una escritura que dejará el ETag `despues` (vacío si borra); ninguna si nadie escucha.

        `suceso` construye el evento a partir del ETag anterior.
        """
        if not self._outbox.interesa(self._tema):
            return None

        @contextmanager
        def anotar(antes: str | None) -> Iterator[None]:
            intencion = self._abrir(nombre, antes or "", despues, suceso(antes))
            try:
                yield
            except NoEscrito:
                self._cerrar(intencion, hecho=False)
                raise
            self._cerrar(intencion, hecho=True)

        return anotar

    def resolver(self, en_exclusiva: Callable[[str], AbstractContextManager[str | None]]) -> int:
        """Decide lo que quedó a medias; `en_exclusiva` da el ETag actual de un nombre sin que nadie lo escriba."""
        consulta = sa.select(INTENCIONES.c.nombre).where(self._abandonada()).distinct().limit(500)
        with self._bd.lectura() as conexion:
            nombres = conexion.execute(consulta).scalars().all()
        for nombre in nombres:
            with en_exclusiva(nombre) as actual, self._bd.escritura() as conexion:
                self._resolver(conexion, _huella(nombre), actual or "")
        return len(nombres)

    def _abrir(self, nombre: str, antes: str, despues: str, suceso: object) -> int:
        fila = {"huella": _huella(nombre), "nombre": nombre, "antes": antes, "despues": despues}
        with self._bd.escritura() as conexion:
            # Se escribirá encima de la prueba de lo que pasó: lo que quedó a medias se decide ahora.
            self._resolver(conexion, fila["huella"], antes)
            alta = INTENCIONES.insert().values(**fila, cuerpo=b"", creada=time.time())
            clave = conexion.execute(alta).inserted_primary_key
            numero = int(clave[0]) if clave else 0
            _, cuerpo = escribir(self._outbox.fuente, self._tema, suceso, nombre, numero)
            conexion.execute(INTENCIONES.update().where(INTENCIONES.c.id == numero).values(cuerpo=cuerpo))
        return numero

    def _cerrar(self, numero: int, *, hecho: bool) -> None:
        with self._bd.escritura() as conexion:
            es_ella = INTENCIONES.c.id == numero
            fila = conexion.execute(sa.select(INTENCIONES).where(es_ella)).one_or_none()
            if fila is not None:  # otra escritura del mismo nombre pudo resolverla ya
                self._decidir(conexion, fila, hecho)

    def _resolver(self, conexion: sa.Connection, huella: str, actual: str) -> None:
        antiguas = INTENCIONES.c.huella == huella, self._abandonada()
        filas = conexion.execute(sa.select(INTENCIONES).where(*antiguas).order_by(INTENCIONES.c.id)).all()
        # Una intención se cumplió si lo que anunciaba es lo que encontró la siguiente o, en la última, lo que hay.
        encontrados = [*(fila.antes for fila in filas[1:]), actual]
        for fila, encontrado in zip(filas, encontrados, strict=False):
            self._decidir(conexion, fila, hecho=fila.despues == encontrado)

    def _abandonada(self) -> sa.ColumnElement[bool]:
        """La que ya no puede estar en curso: es vieja o, si la hora se ha atrasado desde entonces, del futuro."""
        ahora = time.time()
        return sa.or_(
            INTENCIONES.c.creada <= ahora - self._espera, INTENCIONES.c.creada > ahora + self._espera
        )

    def _decidir(self, conexion: sa.Connection, fila: Any, hecho: bool) -> None:
        if hecho:
            self._outbox.guardar(conexion, self._tema, fila.nombre, fila.cuerpo)
        conexion.execute(INTENCIONES.delete().where(INTENCIONES.c.id == fila.id))


def _huella(nombre: str) -> str:
    return hashlib.sha256(nombre.encode()).hexdigest()
