"""Documentos en S3 (o compatible) con escrituras condicionales: varias réplicas pueden compartir el bucket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chasis.errores import NoDisponible, PrecondicionFallida
from storage_service.infraestructura import nombres
from storage_service.infraestructura.almacen import Condicion, etag
from storage_service.infraestructura.diario import Anotacion, NoEscrito

_EXTENSION = ".json"
_MAXIMO_CLAVE = 700  # con el prefijo, por debajo de los 1024 bytes de una clave de S3
_PLAZOS = Config(connect_timeout=1, read_timeout=3, retries={"max_attempts": 2, "mode": "standard"})
_INTENTOS = 50


class AlmacenS3:
    """Un objeto por cliente bajo `prefijo`; las credenciales y el `endpoint` son los habituales de AWS."""

    EDAD_DE_LO_ABANDONADO = 60.0  # mucho más de lo que dura una escritura con todos sus reintentos

    def __init__(self, bucket: str, prefijo: str) -> None:
        self._bucket = bucket
        self._prefijo = f"{prefijo}/" if prefijo else ""
        self._s3 = boto3.client("s3", config=_PLAZOS)

    def leer(self, nombre: str) -> bytes | None:
        return self._leer(self._clave(nombre))[0]

    def guardar(
        self,
        nombre: str,
        contenido: bytes,
        condicion: Condicion | None,
        anotacion: Anotacion | None = None,
    ) -> None:
        clave = self._clave(nombre)
        if clave.startswith(nombres.MARCA_DE_LARGO):
            self._poner(self._auxiliar("nombres", clave), nombres.normalizar(nombre).encode())
        for _ in range(_INTENTOS):
            actual, version = self._leer(clave)
            previo = None if actual is None else etag(actual)
            if condicion and not condicion(previo):
                break
            with suppress(NoEscrito), anotacion(previo) if anotacion else nullcontext():
                if not self._poner(clave + _EXTENSION, contenido, **_si_sigue_en(version)):
                    raise NoEscrito
                self._quitar(self._auxiliar("corruptos", clave))
                return
        raise PrecondicionFallida("Precondición fallida")

    def borrar(self, nombre: str, anotacion: Anotacion | None = None) -> bool:
        clave = self._clave(nombre)
        actual = self._leer(clave)[0]
        if actual is None:
            return False
        with anotacion(etag(actual)) if anotacion else nullcontext():
            self._quitar(clave + _EXTENSION)
        for auxiliar in ("corruptos", "nombres"):
            self._quitar(self._auxiliar(auxiliar, clave))
        return True

    @contextmanager
    def en_exclusiva(self, nombre: str) -> Iterator[str | None]:
        # Aquí no hay exclusión: basta con que lo que se decide sea más viejo que cualquier escritura en curso.
        actual = self.leer(nombre)
        yield None if actual is None else etag(actual)

    def nombres(self) -> Iterable[str]:
        for objeto in self._listar(self._prefijo):
            if objeto.endswith(_EXTENSION):
                clave = objeto.removesuffix(_EXTENSION)
                yield nombres.nombre(clave) or self._traer(self._auxiliar("nombres", clave))[0].decode()

    def anotar_corrupto(self, nombre: str) -> None:
        self._poner(self._auxiliar("corruptos", self._clave(nombre)), b"")

    def corruptos(self) -> int:
        return sum(1 for _ in self._listar(self._prefijo + self._auxiliar("corruptos", "")))

    def comprobar(self) -> None:
        self._s3.head_bucket(Bucket=self._bucket)

    def _clave(self, nombre: str) -> str:
        return nombres.clave(nombre, _MAXIMO_CLAVE)

    @staticmethod
    def _auxiliar(clase: str, clave: str) -> str:
        return f".{clase}/{clave}"

    def _leer(self, clave: str) -> tuple[bytes | None, str | None]:
        """Contenido y versión (el ETag de S3) de un documento, o `(None, None)` si no está."""
        try:
            return self._traer(clave + _EXTENSION)
        except KeyError:
            return None, None

    def _traer(self, objeto: str) -> tuple[bytes, str]:
        with _traduciendo():
            try:
                respuesta = self._s3.get_object(Bucket=self._bucket, Key=self._prefijo + objeto)
            except ClientError as fallo:
                if _codigo(fallo) == "NoSuchKey":
                    raise KeyError(objeto) from None
                raise
            return respuesta["Body"].read(), respuesta["ETag"]

    def _poner(self, objeto: str, contenido: bytes, **condicion: str) -> bool:
        """Escribe el objeto; falso si otro escritor se adelantó."""
        with _traduciendo():
            try:
                opciones: dict[str, Any] = {"ContentType": "application/json", **condicion}
                self._s3.put_object(
                    Bucket=self._bucket, Key=self._prefijo + objeto, Body=contenido, **opciones
                )
            except ClientError as fallo:
                if _codigo(fallo) in ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"):
                    return False
                raise
            return True

    def _quitar(self, objeto: str) -> None:
        with _traduciendo():
            self._s3.delete_object(Bucket=self._bucket, Key=self._prefijo + objeto)

    def _listar(self, prefijo: str) -> Iterator[str]:
        paginas = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefijo, Delimiter="/"
        )
        with _traduciendo():
            for pagina in paginas:
                for objeto in pagina.get("Contents", []):
                    yield objeto["Key"].removeprefix(prefijo)


def _si_sigue_en(version: str | None) -> dict[str, str]:
    return {"IfNoneMatch": "*"} if version is None else {"IfMatch": version}


def _codigo(fallo: ClientError) -> str:
    return str(fallo.response.get("Error", {}).get("Code", ""))


@contextmanager
def _traduciendo() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as causa:
        raise NoDisponible("Almacenamiento no disponible") from causa
