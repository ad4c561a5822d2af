"""El trabajador de gunicorn, que no gasta un hilo en quien habla despacio.

El suyo (gthread) da un hilo a cada conexión antes de haber leído nada: con dieciséis que manden un byte por segundo
no se contesta a nadie más. Aquí lo que llega se junta en el bucle, que atiende a miles, y el hilo recibe la petición
entera.
"""

from __future__ import annotations

import re
import socket
import time
from contextlib import suppress
from functools import partial
from io import SEEK_END
from selectors import EVENT_READ
from typing import Any

import structlog
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

PLAZO = 10.0  # segundos para mandar una petición corriente
PLAZO_LARGO = 60.0  # para la que no cabe en `CABE` (una hoja de Excel): esa la lee ya un hilo
DESPEDIDA = 2.0  # segundos que se espera a que cierre el otro
CABE = 1024 * 1024 + 65_536  # bytes que se juntan de cada petición: lo que casi todas admiten
CABECERAS = 65_536  # bytes, como en el gateway
JUNTOS = 32 * 1024 * 1024  # bytes de todas las que esperan, para que tampoco la memoria se acabe

_DE_UNA_VEZ = 65_536  # bytes
_LARGO = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n")
_PIDE_PERMISO = b"100-continue"
_PERMISO = b"HTTP/1.1 100 Continue\r\n\r\n"
_ERROR = b"HTTP/1.1 %b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_NO_SE_ENTIENDE = b"400 Bad Request"
_ESTADOS = {
    errors.LimitRequestLine: b"414 URI Too Long",
    errors.LimitRequestHeaders: b"431 Request Header Fields Too Large",
}
_MAL_ESCRITA = -1


class Paciente(ThreadWorker):  # type: ignore[misc]
    """A quien tarda más de `PLAZO` en mandar su petición se le cierra la conexión, y los demás no lo notan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._largas: dict[Any, float] = {}  # las que un hilo lee según llegan, y hasta cuándo

    def enqueue_req(self, conn: Any) -> None:
        """Por aquí pasa cada conexión en la que ha llegado algo; de aquí a un hilo, solo con la petición entera."""
        if not conn.data_ready:  # empieza otra petición
            conn.timeout = time.monotonic() + PLAZO
        conn.data_ready = False
        conn.init()
        hay, sigue = _leer(conn)
        final = _final(hay)
        if not hay and not sigue:
            self._cerrar(conn)
        elif sigue and final is None and len(hay) > CABECERAS:
            self._rechazar(conn, _ESTADOS[errors.LimitRequestHeaders])
        elif final == _MAL_ESCRITA:
            self._rechazar(conn, _NO_SE_ENTIENDE)
        elif sigue and (final is None or len(hay) < final <= CABE):
            if hay.endswith(b"\r\n\r\n") and _PIDE_PERMISO in hay.lower():
                _decir(conn.sock, _PERMISO)
            self._esperar(conn)
        else:
            if sigue and len(hay) < (final or 0):
                self._largas[conn] = time.monotonic() + PLAZO_LARGO
            super().enqueue_req(conn)

    def handle_error(self, _req: Any, client: Any, _addr: Any, exc: BaseException) -> None:
        """Ni la página HTML de gunicorn ni su línea de registro: las dos repiten lo que mandó el cliente."""
        de_quien_llama = type(exc).__module__ == errors.__name__
        estado = _ESTADOS.get(type(exc), _NO_SE_ENTIENDE if de_quien_llama else b"500 Internal Server Error")
        nivel = "warning" if de_quien_llama else "error"
        getattr(structlog.get_logger(), nivel)("peticion_ilegible", motivo=type(exc).__name__)
        _decir(client, _ERROR % estado)

    def finish_request(self, conn: Any, fs: Any) -> None:
        self._largas.pop(conn, None)
        if fs.cancelled() or fs.exception() or not fs.result():
            self._despedir(conn)
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        super().murder_pending()
        ahora = time.monotonic()
        for conn in [conn for conn, limite in self._largas.items() if limite < ahora]:
            del self._largas[conn]
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RD)  # a quien la estuviera leyendo se le acaba el cuerpo

    def _esperar(self, conn: Any) -> None:
        juntos = sum(otra.parser.unreader.buf.tell() for otra in self.pending_conns)
        if time.monotonic() > conn.timeout or juntos > JUNTOS:
            self._cerrar(conn)
        else:
            self._vigilar(conn, self.on_pending_socket_readable)

    def _despedir(self, conn: Any) -> None:
        """Cierra por este lado y espera al otro sin ocupar a nadie: cortar ya podría llevarse la respuesta."""
        conn.timeout = time.monotonic() + DESPEDIDA
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self._vigilar(conn, self._al_despedirse)
        except (OSError, ValueError):  # ya estaba cerrada
            self._cerrar(conn)

    def _al_despedirse(self, conn: Any, sock: socket.socket) -> None:
        with suppress(OSError):
            if sock.recv(_DE_UNA_VEZ):
                return  # lo que aún mande no le importa a nadie
        self.poller.unregister(sock)
        self.pending_conns.remove(conn)
        self._cerrar(conn)

    def _vigilar(self, conn: Any, al_llegar: Any) -> None:
        self.poller.register(conn.sock, EVENT_READ, partial(al_llegar, conn))
        self.pending_conns.append(conn)

    def _cerrar(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        # Lo que la aplicación no quiso leer de un cuerpo largo no se espera.
        return bool(keepalive and conn.parser.finish_body(deadline=time.monotonic() + 0.05))

    def _rechazar(self, conn: Any, estado: bytes) -> None:
        _decir(conn.sock, _ERROR % estado)
        self._despedir(conn)


def _decir(sock: socket.socket, respuesta: bytes) -> None:
    with suppress(OSError):
        sock.send(respuesta)


def _leer(conn: Any) -> tuple[bytes, bool]:
    """Todo lo recibido y no leído de la conexión, y si puede llegar más."""
    hay = conn.parser.unreader.buf
    hay.seek(0, SEEK_END)
    sigue = True
    with suppress(BlockingIOError):
        try:
            while sigue and hay.tell() <= CABE:
                trozo = conn.sock.recv(_DE_UNA_VEZ, socket.MSG_DONTWAIT)
                sigue = bool(trozo)
                if hay.write(trozo) < _DE_UNA_VEZ:
                    break  # no había más
        except ConnectionError:
            sigue = False
    return hay.getvalue(), sigue


def _final(hay: bytes) -> int | None:
    """Cuántos bytes ocupa la petición, `None` si aún no se sabe; por trozos, al menos uno más de los que hay."""
    if (fin := hay.find(b"\r\n\r\n")) < 0:
        return None
    cabeceras = hay[: fin + 2].lower()
    if b"\r\ntransfer-encoding:" in cabeceras:
        return _ultimo_trozo(hay, fin + 4)
    largo = _LARGO.search(cabeceras)
    return fin + 4 + (int(largo[1]) if largo else 0)


def _ultimo_trozo(hay: bytes, posicion: int) -> int:
    while (fin := hay.find(b"\r\n", posicion)) >= 0:
        try:
            largo = int(hay[posicion:fin].partition(b";")[0], 16)
        except ValueError:
            return _MAL_ESCRITA
        if largo <= 0:
            cierre = hay.find(b"\r\n\r\n", fin)
            return cierre + 4 if cierre >= 0 else len(hay) + 1
        posicion = fin + 2 + largo + 2
        if hay[posicion - 2 : posicion] not in (b"", b"\r", b"\r\n"):
            return _MAL_ESCRITA
    return len(hay) + 1
