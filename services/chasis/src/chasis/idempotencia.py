"""`Idempotency-Key`: el mismo POST dos veces tiene un solo efecto y la misma respuesta.

1. `reservar` anota la clave en una transacción propia: quien llegue mientras tanto recibe 409.
2. El caso de uso trabaja y `anotar` guarda la respuesta **en la misma transacción** que el efecto.
3. Si el proceso muere entre medias, el efecto se deshizo con su transacción y la reserva vence sola.

Misma clave y otro cuerpo → 422. Las respuestas 5xx y 412 no se guardan: se puede reintentar.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import MEDIUMBLOB
from sqlalchemy.exc import IntegrityError

from chasis.bd import BaseDeDatos
from chasis.errores import Conflicto, NoProcesable, PeticionInvalida

VIGENCIA = 24 * 3600.0  # segundos que se recuerda una respuesta
RESERVA = 60.0  # segundos tras los que una petición que no terminó deja de bloquear a la siguiente
_CLAVE = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,254}")
_A_BORRAR = 100

TABLA = sa.Table(
    "idempotencia",
    sa.MetaData(),
    sa.Column("clave", sa.String(255), primary_key=True),
    sa.Column("ambito", sa.String(255), primary_key=True),
    sa.Column("huella", sa.String(64), nullable=False),
    sa.Column("estado", sa.Integer),
    sa.Column("cuerpo", sa.LargeBinary().with_variant(MEDIUMBLOB(), "mysql")),
    sa.Column("cabeceras", sa.Text),
    sa.Column("vence_reserva", sa.Double, nullable=False),
    sa.Column("caduca", sa.Double, nullable=False, index=True),
)


@dataclass(frozen=True)
class Respuesta:
    """Lo que se devolvió la primera vez: estado, cuerpo tal cual y las cabeceras que hay que repetir."""

    estado: int
    cuerpo: bytes
    cabeceras: Mapping[str, str]


@dataclass(frozen=True)
class Reserva:
    """Con `respuesta`, no hay nada que hacer; `reanudada` es la huella del intento anterior, si murió a medias."""

    respuesta: Respuesta | None = None
    reanudada: str = ""


class Registro:
    """Memoria de las claves de un servicio sobre la tabla `idempotencia` de su base."""

    def __init__(self, bd: BaseDeDatos, *, vigencia: float = VIGENCIA, reserva: float = RESERVA) -> None:
        self._bd, self._vigencia, self._reserva = bd, vigencia, reserva

    def reservar(self, clave: str, ambito: str, contenido: bytes) -> Reserva:
        """Reserva la clave, o da la respuesta que ya tuvo.

        `ambito` es método y ruta; `contenido`, la petición en forma canónica. Lanza 400 si la clave no es válida,
        409 si la misma petición sigue en curso y 422 si la clave se usó con otra petición.
        """
        if not _CLAVE.fullmatch(clave):
            raise PeticionInvalida("Idempotency-Key admite de 1 a 255 caracteres ASCII imprimibles")
        huella, ahora = hashlib.sha256(contenido).hexdigest(), time.time()
        nueva = {"huella": huella, "vence_reserva": ahora + self._reserva, "caduca": ahora + self._vigencia}
        try:
            with self._bd.escritura() as conexion:
                self._olvidar_caducadas(conexion, ahora)
                previa = conexion.execute(sa.select(TABLA).where(_es(clave, ambito))).one_or_none()
                if previa is None:
                    conexion.execute(TABLA.insert().values(clave=clave, ambito=ambito, **nueva))
                    return Reserva()
                return self._reanudar(conexion, previa, nueva, ahora)
        except IntegrityError:  # otra réplica la reservó entre la lectura y el alta
            raise _en_curso() from None

    def anotar(self, conexion: sa.Connection, clave: str, ambito: str, respuesta: Respuesta) -> None:
        """Guarda la respuesta en la transacción del efecto; si otro intento contestó ya, 409 y todo se deshace."""
        valores = {"estado": respuesta.estado, "cuerpo": respuesta.cuerpo}
        valores["cabeceras"] = json.dumps(dict(respuesta.cabeceras))
        sin_respuesta = (_es(clave, ambito), TABLA.c.estado.is_(None))
        if conexion.execute(TABLA.update().where(*sin_respuesta).values(**valores)).rowcount != 1:
            raise _en_curso()

    def liberar(self, clave: str, ambito: str) -> None:
        """Olvida una reserva sin efecto, para que el siguiente intento no tenga que esperar."""
        with self._bd.escritura() as conexion:
            conexion.execute(TABLA.delete().where(_es(clave, ambito), TABLA.c.estado.is_(None)))

    @staticmethod
    def _reanudar(conexion: sa.Connection, previa: Any, nueva: dict[str, Any], ahora: float) -> Reserva:
        terminada, dura = previa.estado is not None, nueva["vence_reserva"] - ahora
        # En valor absoluto: una que venza muy en el futuro es de antes de atrasar la hora.
        vencida = abs(previa.vence_reserva - nueva["vence_reserva"]) >= dura
        if previa.huella != nueva["huella"] and (terminada or not vencida):
            raise NoProcesable("La Idempotency-Key ya se usó con otra petición", codigo="CLAVE_REUTILIZADA")
        if terminada:
            return Reserva(Respuesta(previa.estado, previa.cuerpo, json.loads(previa.cabeceras)))
        es_la_leida = (_es(previa.clave, previa.ambito), TABLA.c.vence_reserva == previa.vence_reserva)
        if not vencida or conexion.execute(TABLA.update().where(*es_la_leida).values(**nueva)).rowcount != 1:
            raise _en_curso()
        return Reserva(reanudada=previa.huella)

    @staticmethod
    def _olvidar_caducadas(conexion: sa.Connection, ahora: float) -> None:
        caducadas = sa.select(TABLA.c.clave, TABLA.c.ambito).where(TABLA.c.caduca < ahora).limit(_A_BORRAR)
        for clave, ambito in conexion.execute(caducadas).all():
            conexion.execute(TABLA.delete().where(_es(clave, ambito), TABLA.c.caduca < ahora))


def _es(clave: str, ambito: str) -> sa.ColumnElement[bool]:
    return sa.and_(TABLA.c.clave == clave, TABLA.c.ambito == ambito)


def _en_curso() -> Conflicto:
    texto = "Una petición con la misma Idempotency-Key sigue en curso"
    return Conflicto(texto, codigo="PETICION_EN_CURSO", cabeceras={"Retry-After": "1"})
