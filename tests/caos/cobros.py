"""La historia del dinero: deudas al carrito, pagadas y, a veces, anuladas."""

from __future__ import annotations

from typing import Any

import requests

from tests.caos.historias import PLAZO, Fallida, Historia, Relato

_OPERADOR = "operador"  # paga por cualquiera


def pago(gateway: str, documentos: list[str], clave: str) -> Relato:
    """El token y la sesión pueden caducar a mitad: se entra otra vez, o se empieza con otras deudas y otro código."""
    espacio = f"{gateway}/espacio"

    def relatar(historia: Historia) -> requests.Response:
        recuerdo = historia.recuerdo
        recuerdo.setdefault("vez", 0)
        try:
            con_token = {"headers": _entrar(historia, espacio, clave)}
            if recuerdo.get("consultada") != recuerdo["vez"]:
                _elegir(historia, espacio, documentos, con_token)
            return _pagar(historia, espacio, con_token)
        except Fallida as fallo:
            if fallo.respuesta.status_code == 401:
                recuerdo.pop("token", None)
            elif fallo.respuesta.status_code == 409 and "Retry-After" not in fallo.respuesta.headers:
                recuerdo["vez"] += 1  # la sesión caducó, u otra historia pagó antes esa deuda
            raise

    return relatar


def _entrar(historia: Historia, espacio: str, clave: str) -> dict[str, str]:
    if "token" not in historia.recuerdo:
        entrada = {"username": _OPERADOR, "password": clave}
        dado = historia.sesion.post(f"{espacio}/token", data=entrada, timeout=PLAZO)
        if not dado.ok:
            raise Fallida(dado)
        historia.recuerdo["token"] = {"Authorization": f"Bearer {dado.json()['access_token']}"}
    token: dict[str, str] = historia.recuerdo["token"]
    return token


def _elegir(historia: Historia, espacio: str, documentos: list[str], con_token: dict[str, Any]) -> None:
    """Unas deudas pendientes de alguien, y la sesión para pagarlas."""
    azar, recuerdo = historia.azar, historia.recuerdo
    deudas: list[dict[str, Any]] = []
    while not deudas:
        consulta = f"{espacio}/consulta/deuda-cliente/?documento={azar.choice(documentos)}&moneda=1"
        cuenta = historia.leer(consulta, **con_token).json()
        deudas = cuenta["deudas"]
    elegidas = azar.sample(deudas, min(len(deudas), azar.randint(1, 3)))
    recuerdo["deudas"] = [deuda["CODMOVIMIENTO"] for deuda in elegidas]
    recuerdo["sesion"], recuerdo["consultada"] = cuenta["idsession"], recuerdo["vez"]
    recuerdo["anula"] = azar.random() < 0.5


def _pagar(historia: Historia, espacio: str, con_token: dict[str, Any]) -> requests.Response:
    recuerdo = historia.recuerdo
    vez, deudas = recuerdo["vez"], recuerdo["deudas"]
    for deuda in deudas:
        linea = {
            "idsession": recuerdo["sesion"],
            "indicador": "S",
            "codmovimiento": deuda,
            "usuario": _OPERADOR,
        }
        agregar = f"{espacio}/carrito/agregar"
        historia.paso(f"carrito {vez} {deuda}", "POST", agregar, params=linea, valen=(200,), **con_token)
    _, serie, hilo, numero = historia.nombre.split()
    cod = f"P{serie[:6]}-{hilo}-{numero}-{vez}"
    cobro = {"session": recuerdo["sesion"], "user": _OPERADOR, "cod_transaccion": cod}
    datos = {"cod": cod, "deudas": deudas}
    hecho = historia.paso(
        f"pago {vez}", "POST", f"{espacio}/pago", params=cobro, valen=(201,), datos=datos, **con_token
    )
    if recuerdo["anula"]:
        cual = {"cod_transaccion": cod}
        anular = f"{espacio}/anulacion"
        historia.paso(
            f"anulacion {vez}", "POST", anular, params=cual, valen=(200,), datos={"cod": cod}, **con_token
        )
    return hecho
