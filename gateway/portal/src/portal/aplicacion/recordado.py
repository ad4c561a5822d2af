"""Un resultado que cuesta obtener y que muchos piden a la vez."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recordado(Generic[T]):
    """Recuerda lo que dio `obtener` tantos segundos como diga `vigencia`.

    Quien llega mientras se obtiene espera ese mismo resultado: muchos navegadores cuestan una ronda.
    """

    def __init__(self, obtener: Callable[[], T], vigencia: Callable[[T], float]) -> None:
        self._obtener = obtener
        self._vigencia = vigencia
        self._turno = threading.Lock()
        self._actual: tuple[T, float] | None = None

    def __call__(self) -> T:
        with self._turno:
            if self._actual is None or time.monotonic() >= self._actual[1]:
                valor = self._obtener()
                self._actual = valor, time.monotonic() + self._vigencia(valor)
            return self._actual[0]
