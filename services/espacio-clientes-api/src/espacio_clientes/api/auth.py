"""Tokens JWT: hacerlos, leerlos y saber quién llama. Solo HS256, con emisor, destinatario y caducidad."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import jwt
from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import Connection

from chasis import mascaras
from espacio_clientes.aplicacion.acceso import NoAutenticado, Prohibido
from espacio_clientes.infraestructura import accesos
from espacio_clientes.infraestructura.accesos import Quien

ALGORITMO = "HS256"
_EXIGIDOS = ["sub", "iat", "exp", "iss", "aud", "jti"]
_esquema = OAuth2PasswordBearer(tokenUrl="token", auto_error=False)


@dataclass(frozen=True)
class Portador:
    """Lo que dice un token bien firmado; que siga valiendo lo dice la base (`identificar`)."""

    usuario: str
    jti: str
    caduca_en: datetime


@dataclass(frozen=True)
class Firmante:
    """Hace y lee tokens con la clave y los datos de la configuración."""

    clave: bytes
    emisor: str
    audiencia: str
    minutos: int

    def emitir(self, usuario: str) -> str:
        ahora = int(time.time())
        datos = {
            "sub": usuario, "iat": ahora, "exp": ahora + self.minutos * 60, "iss": self.emisor,
            "aud": self.audiencia, "jti": uuid.uuid4().hex,
        }  # fmt: skip
        return jwt.encode(datos, self.clave, ALGORITMO)

    def leer(self, token: str) -> Portador:
        """Lanza `NoAutenticado` si el token no es nuestro, no es para esto o ha caducado."""
        try:
            datos = jwt.decode(
                token,
                self.clave,
                algorithms=[ALGORITMO],  # nunca el que diga el token
                issuer=self.emisor,
                audience=self.audiencia,
                options={"require": _EXIGIDOS},
            )
        except jwt.PyJWTError:
            raise NoAutenticado("El token no es válido o ha caducado") from None
        caduca_en = datetime.fromtimestamp(datos["exp"], UTC).replace(tzinfo=None)
        return Portador(datos["sub"], datos["jti"][:64], caduca_en)


async def portador(peticion: Request, token: Annotated[str | None, Depends(_esquema)]) -> Portador:
    if not token:
        raise NoAutenticado("Falta el token de acceso")
    firmante: Firmante = peticion.app.state.piezas.firmante
    return firmante.leer(token)


def identificar(conexion: Connection, portador: Portador) -> Quien:
    """El usuario del token, tal como está ahora en la base; 401 si ya no existe o si el token se revocó."""
    quien = accesos.quien(conexion, portador.usuario, portador.jti)
    if quien is None:
        raise NoAutenticado("El token no es válido o ha caducado")
    return quien


ConToken = Annotated[Portador, Depends(portador)]


def exigir_usuario(quien: Quien, usuario: str) -> None:
    """El usuario que se nombra en la petición es el del token, salvo que llame un operador."""
    if usuario != quien.usuario and not quien.es_operador:
        raise Prohibido(
            "El usuario no es el del token",
            actor=quien.usuario,
            accion="usuario_ajeno",
            detalle=mascaras.nombre(usuario),
        )
