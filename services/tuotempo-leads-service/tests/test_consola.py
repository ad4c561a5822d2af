import pytest

from tests.panel_de_leads import CLAVE
from tuotempo_leads.aplicacion import contrasenas
from tuotempo_leads.infraestructura.tablas import usuarios


@pytest.fixture
def crear(app):
    def crear(nombre="ana", clave=CLAVE, *opciones):
        entrada = f"{nombre}\n{clave}\n{clave}\n"
        return app.test_cli_runner().invoke(args=["create-user", *opciones], input=entrada)

    return crear


def test_create_user_pregunta_y_guarda_solo_el_hash(crear, fila, monkeypatch):
    monkeypatch.setattr(contrasenas, "_ARGON2", contrasenas.CIFRADOR)
    salida = crear()
    assert (salida.exit_code, "Usuario ana creado (admin)." in salida.output) == (0, True)
    assert CLAVE not in salida.output
    guardado = fila(usuarios)
    assert (guardado.username, guardado.rol, guardado.activo) == ("ana", "admin", True)
    assert guardado.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    ("nombre", "clave", "texto"),
    [
        ("ana", "corta", "La contraseña debe tener de 12 a 200 caracteres"),
        ("x" * 51, CLAVE, "El nombre debe tener de 1 a 50 caracteres"),
    ],
)
def test_create_user_dice_que_esta_mal(crear, filas, nombre, clave, texto):
    salida = crear(nombre, clave)
    assert (salida.exit_code, texto in salida.output) == (1, True)
    assert filas(usuarios) == []


def test_create_user_no_repite_nombre_pero_distingue_mayusculas(crear, filas):
    crear()
    salida = crear()
    assert (salida.exit_code, "Ya existe el usuario ana" in salida.output) == (1, True)
    assert crear("Ana", CLAVE, "--rol", "agente").exit_code == 0
    assert [(u.username, u.rol) for u in filas(usuarios)] == [("ana", "admin"), ("Ana", "agente")]
