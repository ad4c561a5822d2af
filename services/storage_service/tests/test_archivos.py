import json
import unicodedata
from urllib.parse import quote

import pytest

from storage_service.entradas.http import PLAZO

RAROS = [
    "Maria Lopez",
    "..",
    ".",
    "../../etc/passwd",
    "/etc/passwd",
    "a//b",
    "CON",
    "nul.txt",
    "a\nb",
    "a\tb",
    " con espacios ",
    "50% \\ ? # ; & +",
    "José Núñez",
    "😀 Ana 😀",
    "x" * 300,
    "ñ" * 300,
    "@" + "a" * 64,
    "~",
]


def ruta(nombre: str) -> str:
    return "/archivos/" + quote(nombre, safe="")


def guardar(web, nombre, cabeceras=None, **resto):
    return web.post("/archivos", json={"nombre": nombre, **resto}, headers=cabeceras)


def test_guardar_obtener_y_eliminar_dicen_lo_del_readme(web):
    salida = guardar(web, "Maria Lopez", contacto="maria@sky.com")
    hecho = {"message": "Cliente Maria Lopez guardado/actualizado.", "status": "ok"}
    assert (salida.status_code, salida.json) == (201, hecho)
    leido = web.get("/archivos/Maria%20Lopez")
    assert leido.json == {"nombre": "Maria Lopez", "contacto": "maria@sky.com"}
    assert leido.headers["ETag"] == salida.headers["ETag"]
    borrado = web.delete("/archivos/Maria%20Lopez")
    assert (borrado.status_code, borrado.json) == (
        200,
        {"message": "Cliente Maria Lopez eliminado.", "status": "ok"},
    )
    for respuesta in (web.get("/archivos/Maria%20Lopez"), web.delete("/archivos/Maria%20Lopez")):
        assert (respuesta.status_code, respuesta.json) == (404, {"error": "Cliente no encontrado"})


@pytest.mark.parametrize("nombre", RAROS, ids=lambda nombre: repr(nombre[:20]))
def test_cualquier_nombre_es_un_cliente_corriente(web, nombre):
    salida = guardar(web, nombre, n=1)
    assert salida.status_code == 201
    assert web.get("/archivos").json == [nombre]
    assert web.get(ruta(nombre)).json == {"nombre": nombre, "n": 1}
    assert web.delete(ruta(nombre)).status_code == 200
    assert web.get("/archivos").json == []


def test_los_nombres_raros_no_se_confunden_entre_si(web):
    for numero, nombre in enumerate(RAROS):
        guardar(web, nombre, n=numero)
    assert web.get("/archivos").json == sorted(RAROS)
    assert [web.get(ruta(nombre)).json["n"] for nombre in RAROS] == list(range(len(RAROS)))


def test_compuesto_y_descompuesto_es_el_mismo_nombre(web):
    guardar(web, unicodedata.normalize("NFD", "María"), n=1)
    guardar(web, "María", n=2)
    assert web.get("/archivos").json == ["María"]
    assert web.get(ruta(unicodedata.normalize("NFD", "María"))).json["n"] == 2


@pytest.mark.parametrize(
    "cuerpo", [{}, {"nombre": ""}, {"nombre": "  "}, {"nombre": None}, {"nombre": 3}], ids=json.dumps
)
def test_sin_nombre_no_hay_documento(web, cuerpo):
    salida = web.post("/archivos", json=cuerpo)
    assert (salida.status_code, salida.json) == (400, {"error": "El nombre del cliente es requerido"})


@pytest.mark.parametrize("cuerpo", [b"[]", b"null", b'"x"', b"{", b"", b"[" * 100_000])
def test_un_documento_es_un_objeto_json(web, cuerpo):
    salida = web.post("/archivos", data=cuerpo, content_type="application/json")
    assert salida.status_code == 400
    assert list(salida.json) == ["error"]


def test_un_nombre_de_mas_de_1000_bytes_se_rechaza_diciendo_por_que(web):
    salida = guardar(web, "ñ" * 501)
    assert salida.status_code == 400
    assert salida.json == {"error": "El campo 'nombre' admite como máximo 1000 bytes en UTF-8"}


def test_un_documento_de_mas_de_un_mebibyte_es_413(web):
    assert guardar(web, "x", relleno="y" * 2**20).status_code == 413
    assert web.get("/archivos").json == []


class TestVersiones:
    def test_el_etag_cambia_con_el_contenido_y_vuelve_con_el(self, web):
        versiones = [guardar(web, "Ana", n=n).headers["ETag"] for n in (1, 2, 1)]
        assert versiones[0] == versiones[2] != versiones[1]

    def test_si_no_ha_cambiado_no_se_vuelve_a_enviar(self, web):
        version = guardar(web, "Ana").headers["ETag"]
        salida = web.get("/archivos/Ana", headers={"If-None-Match": version})
        assert (salida.status_code, salida.data) == (304, b"")

    @pytest.mark.parametrize(
        ("cabecera", "estado"),
        [
            ({"If-None-Match": "*"}, 412),
            ({"If-Match": '"otra"'}, 412),
            ({"If-Match": "{actual}"}, 201),
            ({"If-Match": '"otra", {actual}'}, 201),
            ({"If-Match": "*"}, 201),
            ({"If-None-Match": "{actual}"}, 412),
            ({"If-None-Match": '"otra"'}, 201),
        ],
        ids=str,
    )
    def test_las_precondiciones_deciden_sobre_un_documento_que_existe(self, web, cabecera, estado):
        actual = guardar(web, "Ana", n=1).headers["ETag"]
        cabecera = {nombre: valor.replace("{actual}", actual) for nombre, valor in cabecera.items()}
        salida = guardar(web, "Ana", cabecera, n=2)
        assert salida.status_code == estado
        assert web.get("/archivos/Ana").json["n"] == (2 if estado == 201 else 1)
        assert estado == 201 or salida.json == {"error": "Precondición fallida"}

    @pytest.mark.parametrize(
        ("cabecera", "estado"),
        [({"If-None-Match": "*"}, 201), ({"If-Match": '"x"'}, 412), ({"If-Match": "*"}, 412)],
    )
    def test_las_precondiciones_deciden_sobre_uno_que_no_existe(self, web, cabecera, estado):
        assert guardar(web, "Ana", cabecera).status_code == estado

    def test_de_veinte_altas_a_la_vez_gana_una(self, app, web, a_la_vez):
        def crear(numero):
            return guardar(app.test_client(), "Ana", {"If-None-Match": "*"}, n=numero).status_code

        estados = a_la_vez(crear, 20)
        assert sorted(estados) == [201] + [412] * 19
        assert web.get("/archivos/Ana").json["n"] == estados.index(201)


class TestIdempotencia:
    def test_repetir_un_alta_no_la_convierte_en_conflicto(self, web):
        cabeceras = {"If-None-Match": "*", "Idempotency-Key": "k"}
        primera, segunda = guardar(web, "Ana", cabeceras), guardar(web, "Ana", cabeceras)
        assert (primera.status_code, segunda.status_code) == (201, 201)
        assert segunda.headers["ETag"] == primera.headers["ETag"]
        assert segunda.headers["Idempotent-Replayed"] == "true"

    def test_una_precondicion_fallida_no_gasta_la_clave(self, web):
        version = guardar(web, "Ana", n=1).headers["ETag"]
        assert guardar(web, "Ana", {"If-Match": '"x"', "Idempotency-Key": "k"}, n=2).status_code == 412
        assert guardar(web, "Ana", {"If-Match": version, "Idempotency-Key": "k"}, n=2).status_code == 201

    @pytest.fixture
    def morir_tras_escribir(self, web, morir_sin_contestar):
        """Guarda un documento, muere antes de apuntar la respuesta y deja pasar lo que dura la reserva."""
        return lambda cabeceras, **otros: morir_sin_contestar(
            lambda: guardar(web, "Ana", cabeceras, **otros), PLAZO
        )

    def test_si_el_primer_intento_murio_tras_escribir_el_segundo_lo_reconoce(self, web, morir_tras_escribir):
        cabeceras = {"If-None-Match": "*", "Idempotency-Key": "k"}
        morir_tras_escribir(cabeceras)
        assert web.get("/archivos/Ana").status_code == 200
        assert guardar(web, "Ana", cabeceras).status_code == 201

    def test_una_operacion_que_se_escribio_y_murio_no_se_hace_otra_vez_sobre_lo_escrito(
        self, web, morir_tras_escribir
    ):
        """Quien agrega parte de lo que lee: al repetirla, el documento ya trae lo agregado y pide otra cosa."""
        version = guardar(web, "Ana", servicios=[]).headers["ETag"]
        morir_tras_escribir({"If-Match": version, "Idempotency-Key": "agregar"}, servicios=["s"])
        version = web.get("/archivos/Ana").headers["ETag"]
        otra_vez = {"If-Match": version, "Idempotency-Key": "agregar"}
        assert guardar(web, "Ana", otra_vez, servicios=["s", "s"]).status_code == 422
        assert guardar(web, "Ana", otra_vez, servicios=["s", "s"]).status_code == 422
        assert web.get("/archivos/Ana").json["servicios"] == ["s"]

    def test_una_operacion_que_murio_sin_escribirse_se_hace(
        self, web, almacen, monkeypatch, morir_tras_escribir
    ):
        guardar(web, "Ana", servicios=[])
        with monkeypatch.context() as sin_escribir:
            sin_escribir.setattr(type(almacen), "guardar", lambda *_: None)
            morir_tras_escribir({"Idempotency-Key": "agregar"}, servicios=["s"])
        version = guardar(web, "Ana", servicios=["otro"]).headers["ETag"]
        otra_vez = {"If-Match": version, "Idempotency-Key": "agregar"}
        assert guardar(web, "Ana", otra_vez, servicios=["otro", "s"]).status_code == 201


class TestLista:
    @pytest.fixture(autouse=True)
    def _clientes(self, web):
        for nombre in ("Zoe", "Ana", "Andrés", "ana maría"):
            guardar(web, nombre)

    @pytest.mark.parametrize(
        ("consulta", "nombres"),
        [
            ("", ["Ana", "Andrés", "Zoe", "ana maría"]),
            ("?prefijo=An", ["Ana", "Andrés"]),
            ("?q=ANA", ["Ana", "ana maría"]),
            ("?page=2&per_page=3", ["ana maría"]),
            ("?page=9", []),
        ],
    )
    def test_se_ordena_se_filtra_y_se_pagina(self, web, consulta, nombres):
        assert web.get(f"/archivos{consulta}").json == nombres

    def test_una_pagina_dice_el_total(self, web):
        salida = web.get("/archivos?per_page=1&q=an")
        assert salida.headers["X-Total-Count"] == "3"
        assert "q=an&page=2&per_page=1" in salida.headers["Link"]

    def test_un_parametro_que_no_vale_es_un_400(self, web):
        salida = web.get("/archivos?page=x")
        assert (salida.status_code, salida.json) == (
            400,
            {"error": "El campo 'page' debe ser un número entero"},
        )


def test_salud(web):
    assert web.get("/health").json == {"status": "healthy"}
    assert web.get("/health/ready").json["comprobaciones"]["almacen"]["documentos_corruptos"] == 0
