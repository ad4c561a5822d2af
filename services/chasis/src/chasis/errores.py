"""Errores con estado HTTP: el código los lanza y cada servicio los escribe en su propio dialecto."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

CUERPO_NO_ES_OBJETO = "El cuerpo debe ser un objeto JSON válido"

# Texto y código de los errores que nacen en el protocolo y no en un servicio.
DE_PROTOCOLO: Mapping[int, tuple[str, str]] = {
    400: ("Petición inválida", "DATOS_INVALIDOS"),
    404: ("Recurso no encontrado", "RUTA_NO_ENCONTRADA"),
    405: ("Método no permitido", "METODO_NO_PERMITIDO"),
    413: ("Cuerpo demasiado grande", "CUERPO_DEMASIADO_GRANDE"),
    414: ("Dirección demasiado larga", "DIRECCION_DEMASIADO_LARGA"),
    415: ("El cuerpo debe enviarse como application/json", "TIPO_NO_SOPORTADO"),
    431: ("Cabeceras demasiado grandes", "CABECERAS_DEMASIADO_GRANDES"),
    500: ("Error interno del servidor", "ERROR_INTERNO"),
}


class ErrorDeServicio(Exception):
    """Un final previsto: `texto` se muestra a quien llama, `campo` dice qué dato lo causó."""

    estado: int = 500
    codigo: str = "ERROR_INTERNO"

    def __init__(
        self,
        texto: str,
        *,
        campo: str | None = None,
        codigo: str | None = None,
        cabeceras: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(texto)
        self.texto, self.campo, self.codigo = texto, campo, codigo or type(self).codigo
        self.cabeceras = dict(cabeceras or {})


class PeticionInvalida(ErrorDeServicio):
    estado = 400
    codigo = "DATOS_INVALIDOS"


class NoAutorizado(ErrorDeServicio):
    estado = 401
    codigo = "NO_AUTORIZADO"


class NoEncontrado(ErrorDeServicio):
    estado = 404
    codigo = "NO_ENCONTRADO"


class Conflicto(ErrorDeServicio):
    estado = 409
    codigo = "CONFLICTO"


class PrecondicionFallida(ErrorDeServicio):
    estado = 412
    codigo = "PRECONDICION_FALLIDA"


class NoProcesable(ErrorDeServicio):
    estado = 422
    codigo = "NO_PROCESABLE"


class FalloInterno(ErrorDeServicio):
    """Con el estado y el código de la clase base."""


class NoDisponible(ErrorDeServicio):
    """Algo de lo que dependemos no contesta; `espera` son los segundos que se piden en `Retry-After`."""

    estado = 503
    codigo = "NO_DISPONIBLE"

    def __init__(self, texto: str, *, espera: int = 1) -> None:
        super().__init__(texto, cabeceras={"Retry-After": str(max(1, espera))})


class ErrorDeProtocolo(ErrorDeServicio):
    """Un error de HTTP mismo (ruta, método, tamaño, tipo), con el texto común de la casa."""

    def __init__(self, estado: int, *, cabeceras: Mapping[str, str] | None = None) -> None:
        texto, codigo = DE_PROTOCOLO.get(estado, DE_PROTOCOLO[500 if estado >= 500 else 400])
        super().__init__(texto, codigo=codigo, cabeceras=cabeceras)
        self.estado = estado


Dialecto = Callable[[ErrorDeServicio], dict[str, Any]]
"""Cómo escribe un servicio sus errores: del error al objeto JSON de la respuesta."""
