"""Lo que le pasa a uno no retiene a los demás, ni al que entra ni al que sale."""

import pytest
from argon2 import PasswordHasher

from chasis.errores import Conflicto
from espacio_clientes.aplicacion import acceso
from espacio_clientes.dominio.pago import Estado
from espacio_clientes.infraestructura import accesos, altas
from espacio_clientes.infraestructura.deudas import DeudasEnTablas

from .conftest import CLAVE


@pytest.fixture
def no_admiten_cambios(monkeypatch):
    """El sistema de las deudas, desde ahora, no acepta nada del primer pago."""

    def avisar(_, __, cod_transaccion, *___):
        if cod_transaccion == "PAGO-1":
            raise Conflicto("Deuda ya pagada o en proceso")

    return lambda: monkeypatch.setattr(DeudasEnTablas, "avisar", avisar)


def test_un_pago_que_no_se_puede_resolver_no_retiene_a_los_siguientes(
    lucia, piezas, procesador, no_admiten_cambios
):
    procesador.calla = True
    for deuda, codigo in (("123", "PAGO-1"), ("124", "PAGO-2")):
        assert lucia.pagar(lucia.carrito_con(deuda), codigo).status_code == 202
    procesador.calla = False
    no_admiten_cambios()
    assert piezas.conciliador.una_pasada() == 1
    estados = [lucia.pedir("GET", f"/pagos/{c}").json()["estado"] for c in ("PAGO-1", "PAGO-2")]
    assert estados == [Estado.DESCONOCIDO, Estado.APROBADO]


def test_una_anulacion_que_no_se_puede_terminar_no_retiene_a_las_siguientes(
    lucia, piezas, procesador, no_admiten_cambios
):
    for deuda, codigo in (("123", "PAGO-1"), ("124", "PAGO-2")):
        lucia.pagar(lucia.carrito_con(deuda), codigo)
    procesador.calla = True
    assert {lucia.anular(codigo).status_code for codigo in ("PAGO-1", "PAGO-2")} == {202}
    procesador.calla = False
    no_admiten_cambios()
    assert piezas.conciliador.una_pasada() == 1
    estados = [lucia.pedir("GET", f"/pagos/{c}").json()["estado"] for c in ("PAGO-1", "PAGO-2")]
    assert estados == [Estado.APROBADO, Estado.ANULADO]


def test_revocar_un_token_que_otra_peticion_acaba_de_revocar_no_falla(lucia, monkeypatch):
    # Las dos lo vieron sin revocar: solo una puede anotarlo.
    monkeypatch.setattr("espacio_clientes.api.routes.acceso.identificar", lambda *_: None)
    assert [lucia.pedir("POST", "/token/revocar").status_code for _ in range(2)] == [204, 204]
    assert lucia.deudas().status_code == 401


def test_una_clave_anticuada_se_vuelve_a_cifrar_sin_retener_ninguna_conexion(piezas, monkeypatch):
    antigua = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(CLAVE)
    with piezas.bd.escritura() as conexion:
        altas.alta_de_usuario(conexion, "antiguo", antigua, "operador", None)
    en_curso = []

    class Vigilado(PasswordHasher):
        def hash(self, *datos, **mas):
            with piezas.bd.escritura():  # si alguien tuviera el turno, aquí se quedaría esperándolo
                en_curso.append(True)
            return super().hash(*datos, **mas)

    monkeypatch.setattr(acceso, "ARGON2", Vigilado(time_cost=1, memory_cost=16, parallelism=1))
    acceso.entrar(piezas.bd, "antiguo", CLAVE)
    with piezas.bd.lectura() as conexion:
        assert (en_curso, accesos.clave_de(conexion, "antiguo") != antigua) == ([True], True)
