"""Diario de escrituras: un documento y una fila no comparten transacción, y aun así cada escritura tiene su evento.

Antes de escribir se anota la intención, con el ETag que había y el que habrá; después, la intención pasa a la outbox.
Si el proceso muere entre medias, `resolver` compara ETags y decide qué pasó: sin escritura no hay evento.

La de una petición con `Idempotency-Key` se cierra en la transacción que guarda su respuesta. Si el proceso muere
antes, lo que escribió se recuerda hasta que alguien repita la petición, aunque otros escriban encima.
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
from chasis.idempotencia import VIGENCIA
from storage_service.infraestructura.tablas import INTENCIONES

_HECHA = INTENCIONES.c.hecha == 1


class NoEscrito(Exception):
    """Dentro de una anotación: la escritura no llegó a hacerse, así que su intención se descarta."""


Anotacion = Callable[[str | None], AbstractContextManager[None]]
"""Recibe el ETag anterior (o `None`) y envuelve la escritura."""

EnExclusiva = Callable[[str], AbstractContextManager[str | None]]
"""Da el ETag actual de un nombre (o `None`) sin que nadie lo escriba mientras tanto."""


class Diario:
    """`espera` son los segundos tras los que una intención ya no puede ser de una escritura en curso."""

    def __init__(self, bd: BaseDeDatos, outbox: Outbox, tema: str, espera: float) -> None:
        self._bd, self._outbox, self._tema, self._espera = bd, outbox, tema, espera

    def anotacion(
        self, nombre: str, despues: str, suceso: Callable[[str | None], object], clave: str = ""
    ) -> Anotacion | None:
        """Para una escritura que dejará el ETag `despues` (vacío si borra); ninguna si a nadie le hace falta.

        `suceso` construye el evento a partir del ETag anterior. Con `clave`, lo escrito se publica en `contestar`.
        """
        if not clave and not self._outbox.interesa(self._tema) and not self._hay_a_medias(nombre):
            return None

        @contextmanager
        def anotar(antes: str | None) -> Iterator[None]:
            intencion = self._abrir(nombre, antes or "", despues, suceso(antes), clave)
            try:
                yield
            except NoEscrito:
                self._cerrar(intencion, hecho=False)
                raise
            if not clave:
                self._cerrar(intencion, hecho=True)

        return anotar

    def contestar(self, conexion: sa.Connection, clave: str, version: str) -> None:
        """En la transacción que guarda la respuesta: publica lo escrito con esa clave, que dejó el ETag `version`."""
        suyas = (
            INTENCIONES.c.clave == clave,
            sa.or_(_HECHA, INTENCIONES.c.despues == version),
        )
        filas = conexion.execute(sa.select(INTENCIONES).where(*suyas)).all()
        conexion.execute(INTENCIONES.delete().where(*suyas))
        for fila in filas:
            if not fila.hecha:
                self._outbox.guardar(conexion, self._tema, fila.nombre, fila.cuerpo)

    def llego_a_escribir(self, clave: str, en_exclusiva: EnExclusiva) -> bool:
        """Si un intento anterior con esa clave escribió su documento y murió sin contestar."""
        self._resolver_las(INTENCIONES.c.clave == clave, en_exclusiva)
        vigente = INTENCIONES.c.creada > time.time() - VIGENCIA
        hechas = sa.select(INTENCIONES.c.id).where(INTENCIONES.c.clave == clave, _HECHA, vigente)
        with self._bd.lectura() as conexion:
            return conexion.execute(hechas).first() is not None

    def resolver(self, en_exclusiva: EnExclusiva) -> None:
        """Decide lo que quedó a medias y olvida lo que ya nadie repetirá."""
        with self._bd.escritura() as conexion:
            conexion.execute(
                INTENCIONES.delete().where(_HECHA, INTENCIONES.c.creada <= time.time() - VIGENCIA)
            )
        self._resolver_las(self._abandonada(), en_exclusiva)

    def _resolver_las(self, cuales: sa.ColumnElement[bool], en_exclusiva: EnExclusiva) -> None:
        consulta = sa.select(INTENCIONES.c.nombre).where(cuales, ~_HECHA).distinct().limit(500)
        with self._bd.lectura() as conexion:
            nombres = conexion.execute(consulta).scalars().all()
        for nombre in nombres:
            with en_exclusiva(nombre) as actual, self._bd.escritura() as conexion:
                self._resolver(conexion, _huella(nombre), actual or "")

    def _hay_a_medias(self, nombre: str) -> bool:
        a_medias = sa.select(INTENCIONES.c.id).where(INTENCIONES.c.huella == _huella(nombre), ~_HECHA)
        with self._bd.lectura() as conexion:
            return conexion.execute(a_medias.limit(1)).first() is not None

    def _abrir(self, nombre: str, antes: str, despues: str, suceso: object, clave: str) -> int:
        fila = {"huella": _huella(nombre), "nombre": nombre, "antes": antes, "despues": despues}
        with self._bd.escritura() as conexion:
            # Se escribirá encima de la prueba de lo que pasó: lo que quedó a medias se decide ahora.
            self._resolver(conexion, fila["huella"], antes)
            alta = INTENCIONES.insert().values(**fila, cuerpo=b"", creada=time.time(), clave=clave or None)
            numero = int(conexion.execute(alta).inserted_primary_key[0])  # type: ignore[index]
            _, cuerpo = escribir(self._outbox.fuente, self._tema, suceso, nombre, numero)
            conexion.execute(INTENCIONES.update().where(INTENCIONES.c.id == numero).values(cuerpo=cuerpo))
        return numero

    def _cerrar(self, numero: int, *, hecho: bool) -> None:
        with self._bd.escritura() as conexion:
            es_ella = INTENCIONES.c.id == numero, ~_HECHA
            fila = conexion.execute(sa.select(INTENCIONES).where(*es_ella)).one_or_none()
            if fila is not None:  # otra escritura del mismo nombre pudo resolverla ya
                self._decidir(conexion, fila, hecho)

    def _resolver(self, conexion: sa.Connection, huella: str, actual: str) -> None:
        suyas = INTENCIONES.c.huella == huella, ~_HECHA
        consulta = sa.select(INTENCIONES, self._abandonada().label("abandonada")).where(*suyas)
        filas = conexion.execute(consulta.order_by(INTENCIONES.c.id)).all()
        # Una intención se cumplió si lo que anunciaba es lo que encontró la siguiente o, en la última, lo que hay.
        encontrados = [*(fila.antes for fila in filas[1:]), actual]
        for fila, encontrado in zip(filas, encontrados, strict=False):
            if fila.abandonada or fila.despues == encontrado:
                self._decidir(conexion, fila, hecho=fila.despues == encontrado)

    def _abandonada(self) -> sa.ColumnElement[bool]:
        """La que ya no puede estar en curso: es vieja o, si la hora se ha atrasado desde entonces, del futuro."""
        ahora = time.time()
        return sa.or_(
            INTENCIONES.c.creada <= ahora - self._espera, INTENCIONES.c.creada > ahora + self._espera
        )

    def _decidir(self, conexion: sa.Connection, fila: Any, hecho: bool) -> None:
        """Publica la que se cumplió; si tiene clave, la recuerda por si repiten su petición."""
        es_ella = INTENCIONES.c.id == fila.id
        if not hecho:
            conexion.execute(INTENCIONES.delete().where(es_ella))
            return
        self._outbox.guardar(conexion, self._tema, fila.nombre, fila.cuerpo)
        recordar = INTENCIONES.update().values(hecha=1) if fila.clave else INTENCIONES.delete()
        conexion.execute(recordar.where(es_ella))


def _huella(nombre: str) -> str:
    return hashlib.sha256(nombre.encode()).hexdigest()
