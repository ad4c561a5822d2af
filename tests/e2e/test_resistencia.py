"""Lo confirmado sigue ahí pase lo que pase, y cuando algo falta los demás lo dicen y esperan a que vuelva."""

import json
import os
import signal
import threading
import time

import requests

from tests.pila import contesta, esperar

CAIDO = {"error": "Servicio de almacenamiento no disponible"}


def guardar_hasta_que_lo_confirme(url: str, documento: dict, intentos: list[str]) -> None:
    while True:
        intentos.append(documento["nombre"])
        try:
            if requests.post(url, json=documento, timeout=5).status_code == 201:
                return
        except requests.RequestException:
            time.sleep(0.05)


def test_kill_9_al_almacen_durante_mil_escrituras_no_pierde_nada_confirmado(otra_pila):
    pila = otra_pila()
    url, confirmados, intentos = pila.url("almacen") + "/archivos", {}, []

    def escribir(escritor: int) -> None:
        for numero in range(escritor, 1000, 8):
            documento = {"nombre": f"cliente {numero}", "relleno": "x" * 2000, "n": numero}
            guardar_hasta_que_lo_confirme(url, documento, intentos)
            confirmados[documento["nombre"]] = documento

    hilos = [threading.Thread(target=escribir, args=(n,)) for n in range(8)]
    for hilo in hilos:
        hilo.start()
    for parada in (200, 450, 700):
        esperar(lambda n=parada: len(confirmados) > n, 60)
        for pid in pila.pids("almacen"):
            os.kill(pid, signal.SIGKILL)
    for hilo in hilos:
        hilo.join()
    assert len(intentos) > 1000  # hubo escrituras en vuelo cuando murió
    assert sorted(requests.get(url, timeout=5).json()) == sorted(confirmados)
    for nombre, documento in confirmados.items():
        assert requests.get(f"{url}/{nombre}", timeout=5).json() == documento


def test_con_el_almacen_parado_o_congelado_se_contesta_503_y_luego_todo_vuelve(otra_pila):
    pila = otra_pila()
    url = pila.url("clientes") + "/clientes"
    alta = {"nombre": "Ana", "contacto": "a@ejemplo.com", "servicio": "s"}
    assert requests.post(url, json=alta, timeout=10).status_code == 201

    pila.senal("almacen", signal.SIGSTOP)
    congelado = requests.get(f"{url}/Ana", timeout=10)  # 10 s: contesta él, no nuestro plazo
    assert (congelado.status_code, congelado.json()) == (503, CAIDO)
    assert int(congelado.headers["Retry-After"]) >= 1
    pila.senal("almacen", signal.SIGCONT)
    esperar(lambda: contesta(f"{url}/Ana"), 30)

    for pid in pila.pids("almacen"):
        os.kill(pid, signal.SIGKILL)
    esperar(lambda: contesta(f"{url}/Ana", 503) or contesta(f"{url}/Ana"), 30)
    esperar(lambda: contesta(f"{url}/Ana"), 40)


def test_cincuenta_servicios_y_veinte_altas_a_la_vez_sobre_el_sistema_entero(pila, a_la_vez):
    url = pila.por_el_gateway("clientes") + "/clientes"

    def crear(numero: int) -> int:
        alta = {"nombre": "Reñida", "contacto": "r@ejemplo.com", "servicio": f"alta {numero}"}
        return requests.post(url, json=alta, timeout=20).status_code

    def agregar(numero: int) -> int:
        return requests.post(
            f"{url}/Reñida/servicios", json={"servicio": f"s{numero}"}, timeout=20
        ).status_code

    assert sorted(a_la_vez(crear, 20)) == [201] + [409] * 19
    assert set(a_la_vez(agregar, 50)) == {201}
    servicios = [s["descripcion"] for s in requests.get(f"{url}/Reñida", timeout=5).json()["servicios"]]
    assert sorted(servicios[1:]) == sorted(f"s{n}" for n in range(50))


def test_dieciseis_escritores_a_la_vez_no_ven_nunca_la_base_bloqueada(pila, a_la_vez):
    url = pila.url("canales")
    alta = requests.post(f"{url}/cliente", json={"nombre": "Base", "tipo_servicio": "s"}, timeout=5)
    cliente_id = int(alta.headers["Location"].rsplit("/", 1)[1])

    def escribir(numero: int) -> set[int]:
        sesion, entrada = requests.Session(), {"tipo": "llamada", "contenido": "x", "cliente_id": cliente_id}
        return {sesion.post(f"{url}/canal", json=entrada, timeout=30).status_code for _ in range(25)}

    assert set.union(*a_la_vez(escribir, 16)) == {201}
    assert len(requests.get(f"{url}/canales/{cliente_id}", timeout=10).json()) == 16 * 25
    assert "locked" not in pila.registro("canales")


def es_json(linea: str) -> bool:
    try:
        return isinstance(json.loads(linea), dict)
    except ValueError:
        return False


def test_ninguna_linea_de_registro_lleva_los_datos_de_las_personas(pila):
    persona = {"nombre": "Genoveva Ruipérez", "contacto": "genoveva@ejemplo.com", "servicio": "s"}
    clientes = pila.por_el_gateway("clientes") + "/clientes"
    requests.post(clientes, json=persona, timeout=10)
    requests.get(f"{clientes}/Genoveva Ruipérez?q=genoveva@ejemplo.com", timeout=10)
    requests.post(f"{clientes}/Genoveva Ruipérez/servicios", json={}, timeout=10)
    partners = pila.por_el_gateway("partners") + "/api/v1/partners"
    requests.post(partners, json={"nombre": "Genoveva S. A.", "email": "genoveva@ejemplo.com"}, timeout=10)
    requests.get(f"{partners}?q=genoveva@ejemplo.com", timeout=10)
    for proceso in ("canales", "clientes", "almacen", "partners", "portal", "gateway"):
        texto = pila.registro(proceso)
        assert "genoveva@" not in texto
        assert "Genoveva" not in texto
        assert [linea for linea in texto.splitlines() if not es_json(linea)] == [], proceso
