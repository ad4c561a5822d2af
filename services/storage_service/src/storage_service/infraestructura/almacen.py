"""El almacén de documentos visto desde los casos de uso: una interfaz y dos sitios donde guardar."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from storage_service.infraestructura.diario import Anotacion

Condicion = Callable[[str | None], bool]
"""Recibe el ETag actual (o `None` si no hay documento) y dice si se puede escribir."""


class Almacen(Protocol):
    """Guarda contenidos por nombre; cada operación es atómica y duradera al volver."""

    EDAD_DE_LO_ABANDONADO: float
    """Segundos tras los que una escritura sin terminar ya no puede seguir en curso."""

    def leer(self, nombre: str) -> bytes | None:
        """El contenido, o `None` si no está."""

    def guardar(
        self,
        nombre: str,
        contenido: bytes,
        condicion: Condicion | None,
        anotacion: Anotacion | None = None,
    ) -> None:
        """Escribe, dentro de la anotación, si la condición (o ninguna) se cumple; si no, `PrecondicionFallida`."""

    def borrar(self, nombre: str, anotacion: Anotacion | None = None) -> bool:
        """Borra dentro de la anotación; falso si no estaba."""

    def en_exclusiva(self, nombre: str) -> AbstractContextManager[str | None]:
        """El ETag actual, o `None`, mientras nadie más puede escribir ese nombre (donde el almacén lo permite)."""

    def nombres(self) -> Iterable[str]:
        """Todos los nombres, sin abrir los documentos y en cualquier orden."""

    def anotar_corrupto(self, nombre: str) -> None:
        """Hasta que ese documento se escriba o se borre, cuenta como dañado."""

    def corruptos(self) -> int: ...

    def comprobar(self) -> None:
        """Lanza una excepción si el almacén no puede trabajar."""


def etag(contenido: bytes) -> str:
    """ETag fuerte (sin comillas) de un contenido."""
    return hashlib.sha256(contenido).hexdigest()[:32]


def abrir(url: str) -> Almacen:
    """`file:///carpeta` o `s3://bucket/prefijo`."""
    partes = urlsplit(url)
    if partes.scheme == "file":
        from storage_service.infraestructura.ficheros import AlmacenDeFicheros

        return AlmacenDeFicheros(Path(unquote(partes.path)))
    if partes.scheme == "s3" and partes.netloc:
        # boto3 cuesta 25 MB y medio segundo: solo se carga si se usa.
        from storage_service.infraestructura.s3 import AlmacenS3

        return AlmacenS3(partes.netloc, partes.path.strip("/"))
    raise SystemExit(f"STORAGE_URL debe ser file:///carpeta o s3://bucket/prefijo, no {url!r}")
