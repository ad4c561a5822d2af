"""Trae una hoja de una dirección ajena sin que esa dirección pueda llevarnos a nuestra propia red.

Solo `https`. El nombre se resuelve una vez, se rechaza si alguna de sus direcciones no es pública, y se conecta
justamente a la comprobada: responder otra cosa la segunda vez (DNS rebinding) no sirve. Cada redirección pasa por lo
mismo. Hay límite de tamaño, de redirecciones y de tiempo.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from threading import Timer
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import certifi
import urllib3
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError

from tuotempo_leads.infraestructura.hojas.formato import MAXIMO_DEL_FICHERO, FicheroInvalido, demasiado_grande

CONEXION, LECTURA, PLAZO = 5, 10, 30  # segundos: abrir, entre dos trozos, y en total
MAXIMAS_REDIRECCIONES = 3
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # una IPv4 escrita como IPv6
_TROZO = 64 * 1024
_REDIRECCIONES = frozenset({301, 302, 303, 307, 308})
_ARCHIVO = "Error al descargar el archivo: {}"


def es_publica(direccion: str) -> bool:
    """Si una dirección IP es de Internet: ni privada, ni de este equipo, ni de enlace local, ni reservada."""
    ip = ipaddress.ip_address(direccion)
    if isinstance(ip, ipaddress.IPv6Address):
        en_nat64 = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _NAT64 else None
        ip = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else en_nat64) or ip
    return ip.is_global and not ip.is_multicast


def resolver(anfitrion: str, puerto: int) -> list[str]:
    """Direcciones IP de un nombre."""
    return [str(datos[4][0]) for datos in socket.getaddrinfo(anfitrion, puerto, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Descargador:
    """Los tres campos solo cambian en las pruebas, que no pueden llamar a Internet."""

    resolver: Callable[[str, int], list[str]] = resolver
    admite: Callable[[str], bool] = es_publica
    certificados: str = certifi.where()

    def traer(self, url: str, destino: Path, seguir: Callable[[], None]) -> str:
        """Guarda en `destino` lo que haya en `url` y devuelve su nombre; `seguir` puede lanzar para interrumpir.

        Lanza `FicheroInvalido` con un texto para quien lo pidió.
        """
        limite = time.monotonic() + PLAZO
        try:
            for _ in range(MAXIMAS_REDIRECCIONES + 1):
                siguiente = self._una(url, destino, limite, seguir)
                if siguiente is None:
                    return nombre_de(url)
                url = urljoin(url, siguiente)
        except (HTTPError, HTTPException, OSError, ValueError) as fallo:  # `ValueError`: un nombre imposible
            _exigir_que_quede_tiempo(limite)
            raise FicheroInvalido(
                _ARCHIVO.format(f"el servidor no contesta ({type(fallo).__name__})")
            ) from None
        raise FicheroInvalido(_ARCHIVO.format(f"más de {MAXIMAS_REDIRECCIONES} redirecciones"))

    def _una(self, url: str, destino: Path, limite: float, seguir: Callable[[], None]) -> str | None:
        """Descarga, o devuelve adónde redirige."""
        partes = comprobar(url)
        anfitrion, puerto = str(partes.hostname), partes.port or 443
        conexion = HTTPSConnection(
            self._direccion(anfitrion, puerto),
            puerto,
            server_hostname=anfitrion,
            assert_hostname=anfitrion,
            cert_reqs="CERT_REQUIRED",
            ca_certs=self.certificados,
            timeout=CONEXION,
        )
        # Sin comprimir: si no, el límite de tamaño no lo sería.
        cabeceras = {"Host": partes.netloc, "Accept-Encoding": "identity"}
        ruta = (partes.path or "/") + (f"?{partes.query}" if partes.query else "")
        with closing(conexion):
            conexion.connect()
            conexion.timeout = LECTURA
            with _hasta(limite, conexion.sock):
                conexion.request("GET", ruta, headers=cabeceras, preload_content=False)
                respuesta = conexion.getresponse()
                if respuesta.status in _REDIRECCIONES and "Location" in respuesta.headers:
                    return str(respuesta.headers["Location"])
                if respuesta.status != 200:
                    raise FicheroInvalido(f"Error al descargar el Excel: {respuesta.status}")
                _guardar(respuesta, destino, nombre_de(url), limite, seguir)
        return None

    def _direccion(self, anfitrion: str, puerto: int) -> str:
        direcciones = self.resolver(anfitrion, puerto)
        if not direcciones or not all(map(self.admite, direcciones)):
            raise FicheroInvalido(
                _ARCHIVO.format(f"{anfitrion} no está en Internet, sino en una red privada")
            )
        return direcciones[0]


def comprobar(url: str) -> SplitResult:
    """Las partes de una dirección `https` bien escrita, o `FicheroInvalido`."""
    try:
        partes = urlsplit(url)
        bien = partes.scheme == "https" and partes.hostname and partes.port != 0 and url.isprintable()
    except ValueError:
        bien = False
    if not bien or partes.username is not None:
        raise FicheroInvalido(_ARCHIVO.format("la dirección debe empezar por https:// y no llevar usuario"))
    return partes


def nombre_de(url: str) -> str:
    """El último tramo de la ruta, sin la consulta: `…/data.xlsx?v=3` es `data.xlsx`."""
    return unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1][:255] or "hoja"


@contextmanager
def _hasta(limite: float, enchufe: socket.socket) -> Iterator[None]:
    """Corta la conexión al llegar la hora: a quien manda un octeto cada poco no se le acaba nunca `LECTURA`."""

    def cortar() -> None:
        with suppress(OSError):  # ya estaba cerrada
            enchufe.shutdown(socket.SHUT_RDWR)

    reloj = Timer(max(0.0, limite - time.monotonic()), cortar)
    reloj.start()
    try:
        yield
    finally:
        reloj.cancel()


def _guardar(
    respuesta: urllib3.BaseHTTPResponse, destino: Path, nombre: str, limite: float, seguir: Callable[[], None]
) -> None:
    recibidos = 0
    with destino.open("wb") as fichero:
        for trozo in respuesta.stream(_TROZO, decode_content=False):
            recibidos += len(trozo)
            if recibidos > MAXIMO_DEL_FICHERO:
                raise demasiado_grande(nombre)
            fichero.write(trozo)
            seguir()
    _exigir_que_quede_tiempo(limite)  # lo cortado, si no anunció cuánto era, parece terminado


def _exigir_que_quede_tiempo(limite: float) -> None:
    if time.monotonic() >= limite:
        raise FicheroInvalido(_ARCHIVO.format(f"no ha terminado en {PLAZO} segundos"))
