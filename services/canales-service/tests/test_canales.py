import json
import re

import pytest


def enviar(web, **cuerpo):
    salida = web.post("/canal", json=cuerpo)
    return salida.status_code, salida.json["mensaje"]


def test_lo_recibido_aparece_en_las_dos_listas(web, ana):
    assert enviar(web, tipo="email", contenido="Correo de prueba", cliente_id=ana) == (
        201,
        "Información recibida exitosamente",
    )
    (mensaje,) = web.get("/mensajes/email").json
    (canal,) = web.get(f"/canales/{ana}").json
    assert list(mensaje) == ["id", "tipo", "contenido", "timestamp", "cliente_id"]
    assert list(canal) == ["id", "tipo", "contenido", "timestamp"]
    assert (mensaje["tipo"], mensaje["contenido"], mensaje["cliente_id"]) == (
        "email",
        "Correo de prueba",
        ana,
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", mensaje["timestamp"])


@pytest.mark.parametrize(
    ("cuerpo", "texto"),
    [
        ({}, "Tipo de canal inválido"),
        ({"tipo": "fax", "contenido": "", "cliente_id": "abc"}, "Tipo de canal inválido"),
        ({"tipo": None, "contenido": "x", "cliente_id": 1}, "Tipo de canal inválido"),
        ({"tipo": ["email"], "contenido": "x", "cliente_id": 1}, "Tipo de canal inválido"),
        ({"tipo": "email"}, "Contenido y cliente_id son obligatorios"),
        ({"tipo": "email", "contenido": "x"}, "Contenido y cliente_id son obligatorios"),
        ({"tipo": "email", "contenido": " ", "cliente_id": 1}, "Contenido y cliente_id son obligatorios"),
        (
            {"tipo": "email", "contenido": None, "cliente_id": "abc"},
            "Contenido y cliente_id son obligatorios",
        ),
        ({"tipo": "email", "contenido": "x" * 10_001}, "Contenido y cliente_id son obligatorios"),
        ({"tipo": "email", "contenido": "x", "cliente_id": ""}, "Contenido y cliente_id son obligatorios"),
        ({"tipo": "email", "contenido": "x", "cliente_id": "abc"}, "cliente_id debe ser un número"),
        ({"tipo": "email", "contenido": "x", "cliente_id": True}, "cliente_id debe ser un número"),
        ({"tipo": "email", "contenido": "x", "cliente_id": 1.5}, "cliente_id debe ser un número"),
        ({"tipo": "email", "contenido": "x", "cliente_id": []}, "cliente_id debe ser un número"),
        ({"tipo": "email", "contenido": "x", "cliente_id": 99}, "El cliente con id 99 no existe"),
        ({"tipo": "email", "contenido": "x", "cliente_id": "99"}, "El cliente con id 99 no existe"),
        ({"tipo": "email", "contenido": "x", "cliente_id": -1}, "El cliente con id -1 no existe"),
        (
            {"tipo": "email", "contenido": "x", "cliente_id": "9" * 25},
            f"El cliente con id {'9' * 25} no existe",
        ),
        ({"tipo": "email", "contenido": "x" * 10_001, "cliente_id": 1}, "Contenido demasiado largo"),
        ({"tipo": "email", "contenido": 5, "cliente_id": 1}, "El campo 'contenido' debe ser un texto"),
    ],
    ids=lambda valor: json.dumps(valor)[:70] if isinstance(valor, dict) else None,
)
def test_se_comprueba_en_el_orden_del_readme_y_no_se_guarda_nada(web, ana, cuerpo, texto):
    assert enviar(web, **cuerpo) == (400, texto)
    assert web.get("/mensajes/email").status_code == 404


def test_el_id_tambien_puede_venir_como_texto(web, ana):
    assert enviar(web, tipo="llamada", contenido="x", cliente_id=str(ana))[0] == 201


def test_el_contenido_se_guarda_tal_como_llega(web, ana):
    enviar(web, tipo="email", contenido="  Hola,\n\n  adiós ", cliente_id=ana)
    assert web.get("/mensajes/email").json[0]["contenido"] == "  Hola,\n\n  adiós "


def test_sin_mensajes_se_dice_de_que_tipo(web):
    salida = web.get("/mensajes/llamada")
    esperado = {"mensaje": "No hay mensajes para el tipo de canal 'llamada'"}
    assert (salida.status_code, salida.json) == (404, esperado)


def test_un_tipo_de_canal_que_no_existe_es_un_400(web):
    salida = web.get("/mensajes/fax")
    assert (salida.status_code, salida.json) == (400, {"mensaje": "Tipo de canal inválido"})


@pytest.mark.parametrize("cliente_id", [1, 99, 2**70])
def test_un_cliente_sin_canales_o_que_no_existe_es_el_mismo_404(web, ana, cliente_id):
    salida = web.get(f"/canales/{cliente_id}")
    esperado = {"mensaje": "No hay canales registrados para este cliente"}
    assert (salida.status_code, salida.json) == (404, esperado)


def test_los_mensajes_tambien_se_paginan_y_se_filtran(web, ana):
    for numero in range(3):
        enviar(web, tipo="email", contenido=f"n{numero}", cliente_id=ana)
    salida = web.get("/mensajes/email?per_page=1&page=2&orden=-id")
    assert [mensaje["contenido"] for mensaje in salida.json] == ["n1"]
    assert salida.headers["X-Total-Count"] == "3"
    assert web.get("/mensajes/email?hasta=2000-01-01").json == []


def test_el_error_de_prueba_es_el_del_readme_y_queda_anotado(web, capsys):
    salida = web.get("/test-error", headers={"X-Request-ID": "prueba-1"})
    assert (salida.status_code, salida.json) == (500, {"mensaje": "Error interno del servidor"})
    fallo = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (fallo["level"], fallo["peticion"]) == ("error", "prueba-1")


def test_salud_es_exactamente_la_del_readme(web):
    assert web.get("/health").json == {"status": "healthy"}


def test_con_la_base_caida_cada_ruta_da_su_500_o_un_503_y_luego_todo_vuelve(web, ana, base_caida):
    with base_caida():
        comprobar_que_cada_ruta_lo_dice(web, ana)
    assert enviar(web, tipo="email", contenido="x", cliente_id=ana)[0] == 201
    assert web.get("/health/ready").status_code == 200


def comprobar_que_cada_ruta_lo_dice(web, ana):
    assert enviar(web, tipo="email", contenido="x", cliente_id=ana) == (
        500,
        "Error al guardar la información",
    )
    salida = web.post("/cliente", json={"nombre": "x", "tipo_servicio": "y"})
    assert (salida.status_code, salida.json) == (500, {"mensaje": "Error al registrar cliente"})
    assert salida.headers["Retry-After"] == "1"
    lista = web.get("/clientes")  # de esta el README no dice nada
    assert (lista.status_code, lista.json) == (503, {"mensaje": "Base de datos no disponible"})
    assert (lista.headers["Retry-After"], web.get("/health/ready").status_code) == ("1", 503)
