"""Lo que hace un cliente correcto: cada escritura lleva su clave y se repite con ella hasta que se la confirman.

Una historia son varios pasos sobre lo mismo. Si uno falla, se deja donde estaba y `Trafico` la vuelve a llamar: los
pasos ya confirmados no se repiten y el que falló sigue con la misma clave.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import requests

from tests.caos.diario import Diario, ahora
from tests.trafico import Llamada

PLAZO = 20  # segundos que se espera cada respuesta
# Traefik atiende el puerto un momento antes de conocer sus rutas. No lo dice ningún servicio: no confirma nada.
SIN_RUTAS = "404 page not found"


class Fallida(Exception):
    """Un paso sin confirmar; lleva la respuesta que lo dijo."""

    def __init__(self, respuesta: requests.Response) -> None:
        super().__init__()
        self.respuesta = respuesta


class Historia:
    """Una historia en curso: sus pasos confirmados y lo que eligió al azar, para repetirla igual."""

    def __init__(self, flujo: str, nombre: str, diario: Diario, azar: random.Random) -> None:
        self.flujo, self.nombre, self.azar = flujo, nombre, azar
        self.recuerdo: dict[str, Any] = {}
        self._diario = diario
        self._hechos: dict[str, requests.Response] = {}
        self._intentados: set[str] = set()
        self.sesion = requests.Session()

    def paso(
        self, hecho: str, metodo: str, url: str, *, valen: tuple[int, ...], si_repite: int = 0, **mas: Any
    ) -> requests.Response:
        """La respuesta que lo confirma: una de `valen` o, si ya se había intentado, también `si_repite`.

        Lo que viaje en `datos` se apunta en el diario con lo confirmado. Lanza `Fallida` si hay que insistir.
        """
        if hecho in self._hechos:
            return self._hechos[hecho]
        datos, empezo = mas.pop("datos", {}), ahora()
        cabeceras = {"Idempotency-Key": f"{self.nombre} {hecho}", **mas.pop("headers", {})}
        try:
            respuesta = self.sesion.request(metodo, url, headers=cabeceras, timeout=PLAZO, **mas)
        except requests.RequestException as fallo:
            self._intentados.add(hecho)
            self._diario.fallo(self.flujo, type(fallo).__name__)
            raise
        sabida = not respuesta.text.startswith(SIN_RUTAS)
        repetida = sabida and respuesta.status_code == si_repite and hecho in self._intentados
        self._intentados.add(hecho)
        if respuesta.status_code in valen or repetida:
            self._hechos[hecho] = respuesta
            self._diario.anotar(self.flujo, hecho, empezo, historia=self.nombre, **datos)
            return respuesta
        self._apuntar_fallo(hecho, respuesta)
        raise Fallida(respuesta)

    def leer(self, url: str, **mas: Any) -> requests.Response:
        respuesta = self.sesion.get(url, timeout=PLAZO, **mas)
        if not respuesta.ok:
            self._apuntar_fallo("leer", respuesta)
            raise Fallida(respuesta)
        return respuesta

    def _apuntar_fallo(self, hecho: str, respuesta: requests.Response) -> None:
        estado, sin_rutas = respuesta.status_code, respuesta.text.startswith(SIN_RUTAS)
        sin_texto = estado >= 500 and not respuesta.text.strip()
        self._diario.fallo(self.flujo, "404 del gateway" if sin_rutas else str(estado), sin_texto=sin_texto)
        esperables = estado >= 500 or estado in (401, 429) or sin_rutas or "Retry-After" in respuesta.headers
        if not esperables and self.flujo not in ("citas", "espacio"):
            texto = f"{self.flujo}: «{hecho}» de {self.nombre} contestó {estado} {respuesta.text[:200]}"
            self._diario.inesperada(texto)


Relato = Callable[[Historia], requests.Response]


def contar(flujo: str, relato: Relato, diario: Diario, semilla: int) -> Llamada:
    """La llamada de `Trafico` que cuenta esa historia, una vez por nombre."""
    en_curso: dict[str, Historia] = {}
    azar = random.Random(semilla)

    def llamar(_: requests.Session, nombre: str) -> requests.Response:
        if nombre not in en_curso:
            en_curso.clear()  # la anterior ya acabó, o se dejó por imposible
            en_curso[nombre] = Historia(flujo, nombre, diario, azar)
        try:
            return relato(en_curso[nombre])
        except Fallida as fallo:
            return fallo.respuesta

    return llamar


def ficha(gateway: str) -> Relato:
    """Un cliente con sus servicios, que llega al almacén a través de customer_service; a veces se borra."""
    fichas = f"{gateway}/clientes/clientes"

    def relatar(historia: Historia) -> requests.Response:
        nombre = historia.nombre
        suya = f"{fichas}/{quote(nombre)}"
        planes = historia.recuerdo.setdefault("planes", historia.azar.choices(range(4), k=1)[0])
        alta = {"nombre": nombre, "contacto": "0@ejemplo.com", "servicio": "Fibra"}
        hecha = historia.paso("alta", "POST", fichas, json=alta, valen=(201,))
        for numero in range(planes):
            servicio = {"servicio": f"Servicio {numero}"}
            historia.paso(
                f"servicio {numero}", "POST", f"{suya}/servicios", json=servicio, valen=(201,), datos=servicio
            )
        contacto = {"contacto": f"{planes}@ejemplo.com"}
        historia.paso("contacto", "PUT", suya, json=contacto, valen=(200,), datos=contacto)
        if planes == 3:
            borrada = f"{gateway}/almacen/archivos/{quote(nombre)}"
            historia.paso("borrado", "DELETE", borrada, valen=(200,), si_repite=404)
        return hecha

    return relatar


def cliente_de_canales(gateway: str) -> Relato:
    """Un cliente y sus correos y llamadas."""

    def relatar(historia: Historia) -> requests.Response:
        alta = {"nombre": historia.nombre, "tipo_servicio": "soporte"}
        hecha = historia.paso(
            "cliente", "POST", f"{gateway}/canales/cliente", json=alta, valen=(201,), datos=alta
        )
        numero = int(hecha.headers["Location"].rsplit("/", 1)[1])
        for tipo in ("email", "llamada"):
            canal = {"tipo": tipo, "contenido": f"{historia.nombre} {tipo}", "cliente_id": numero}
            historia.paso(tipo, "POST", f"{gateway}/canales/canal", json=canal, valen=(201,), datos=canal)
        return hecha

    return relatar


def partner(gateway: str) -> Relato:
    """Un partner verificado con dos integraciones, una de ellas revocada."""
    raiz = f"{gateway}/partners/api/v1/partners"

    def relatar(historia: Historia) -> requests.Response:
        correo = historia.nombre.replace(" ", ".").lower() + "@socios.example"
        alta = {"nombre": historia.nombre, "email": correo}
        hecha = historia.paso("alta", "POST", raiz, json=alta, valen=(201,), datos=alta)
        suyo = f"{raiz}/{hecha.json()['partner']['id']}"
        historia.paso("kyc", "PUT", f"{suyo}/kyc", json={"estado_kyc": "APROBADO"}, valen=(200,))
        for numero in range(2):
            cuerpo = {"tipo": "API", "nombre": f"{historia.nombre} {numero}"}
            nueva = historia.paso(
                f"integracion {numero}",
                "POST",
                f"{suyo}/integraciones",
                json=cuerpo,
                valen=(201,),
                datos={"nombre_integracion": cuerpo["nombre"]},
            )
        revocar = f"{raiz}/integraciones/{nueva.json()['integracion']['id']}/revocar"
        historia.paso("revocada", "PUT", revocar, json={"motivo": "caos"}, valen=(200,), si_repite=410)
        return hecha

    return relatar
