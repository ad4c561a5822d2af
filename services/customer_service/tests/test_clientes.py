import json
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest

CREADO = {"message": "Cliente Maria Lopez guardado/actualizado.", "status": "ok"}
FALTAN = "Faltan datos: nombre, contacto y servicio son requeridos."
LARGO = "El campo 'contacto' admite como máximo 255 caracteres"
CAIDO = {"error": "Servicio de almacenamiento no disponible"}


def crear(web, nombre="Maria Lopez", cabeceras=None, **cambios):
    cuerpo = {"nombre": nombre, "contacto": "maria@sky.com", "servicio": "Paquete Premium TV", **cambios}
    return web.post("/clientes", json=cuerpo, headers=cabeceras)


def agregar(web, servicio="Internet Fibra 1Gbps", nombre="Maria%20Lopez", cabeceras=None):
    return web.post(f"/clientes/{nombre}/servicios", json={"servicio": servicio}, headers=cabeceras)


def servicios(web, nombre="Maria%20Lopez") -> list[str]:
    return [servicio["descripcion"] for servicio in web.get(f"/clientes/{nombre}").json["servicios"]]


def test_el_recorrido_del_readme(web):
    salida = crear(web)
    assert (salida.status_code, salida.json) == (201, CREADO)
    repetido = crear(web, servicio="Otro Servicio")
    assert (repetido.status_code, repetido.json) == (409, {"error": "El cliente 'Maria Lopez' ya existe."})
    ficha = web.get("/clientes/Maria%20Lopez").json
    assert list(ficha) == ["contacto", "nombre", "servicios"]
    assert list(ficha["servicios"][0]) == ["descripcion", "fecha_contratacion"]
    assert agregar(web).json == CREADO
    cambio = web.put("/clientes/Maria%20Lopez", json={"contacto": "nuevo@sky.com"})
    assert (cambio.status_code, cambio.json) == (
        200,
        {"message": "Cliente Maria Lopez actualizado.", "status": "ok"},
    )
    assert web.get("/clientes/Maria%20Lopez").json["contacto"] == "nuevo@sky.com"
    assert servicios(web) == ["Paquete Premium TV", "Internet Fibra 1Gbps"]
    assert web.get("/clientes").json == ["Maria Lopez"]
    assert web.get("/saludo").json == {"message": "Hola desde Sky App v2.0 mejorada!"}
    assert web.get(salida.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("metodo", "ruta", "cuerpo", "texto"),
    [
        ("post", "/clientes", {}, FALTAN),
        ("post", "/clientes", {"nombre": "A", "contacto": "b", "servicio": " "}, FALTAN),
        ("post", "/clientes", {"nombre": "A", "contacto": None, "servicio": "c"}, FALTAN),
        ("post", "/clientes", {"nombre": 1, "contacto": "b", "servicio": "c"}, FALTAN),
        ("post", "/clientes", {"nombre": "A", "contacto": "b" * 256, "servicio": "c"}, LARGO),
        ("put", "/clientes/Ana", {}, "El campo 'contacto' es requerido."),
        ("put", "/clientes/Ana", {"contacto": ["x"]}, "El campo 'contacto' es requerido."),
        ("post", "/clientes/Ana/servicios", {"servicio": ""}, "El campo 'servicio' es requerido."),
    ],
    ids=lambda v: json.dumps(v)[:40] if isinstance(v, dict) else None,
)
def test_lo_que_falta_se_dice_con_el_texto_de_la_casa(web, vecino, metodo, ruta, cuerpo, texto):
    salida = getattr(web, metodo)(ruta, json=cuerpo)
    assert (salida.status_code, salida.json) == (400, {"error": texto})
    assert vecino.recibidas == []


@pytest.mark.parametrize(
    ("metodo", "ruta", "cuerpo"),
    [
        ("get", "/clientes/Nadie", None),
        ("put", "/clientes/Nadie", {"contacto": "x"}),
        ("post", "/clientes/Nadie/servicios", {"servicio": "x"}),
    ],
)
def test_quien_no_existe_es_un_404(web, metodo, ruta, cuerpo):
    salida = getattr(web, metodo)(ruta, json=cuerpo) if cuerpo else web.get(ruta)
    assert (salida.status_code, salida.json) == (404, {"error": "Cliente no encontrado"})


@pytest.mark.parametrize("nombre", ["..", "a/b", "/etc/passwd", "x/servicios", "a\nb", "50% ?#", "😀" * 75])
def test_cualquier_nombre_llega_entero_al_almacen(web, almacen, nombre):
    assert crear(web, nombre).status_code == 201
    assert list(almacen.documentos) == [nombre]
    codificado = quote(nombre, safe="").replace(".", "%2E")
    assert agregar(web, nombre=codificado).status_code == 201
    assert web.get(f"/clientes/{codificado}").json["nombre"] == nombre


def test_el_dia_de_contratacion_es_el_de_la_zona_horaria(web, app, monkeypatch):
    class Reloj(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 1, 31, 23, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr("customer_service.aplicacion.casos.datetime", Reloj)
    crear(web)
    ficha = web.get("/clientes/Maria%20Lopez").json
    assert date.fromisoformat(ficha["servicios"][0]["fecha_contratacion"]) == date(2026, 2, 1)


def test_lo_que_el_documento_trae_de_mas_se_conserva_y_no_se_muestra(web, almacen):
    almacen.documentos["Ana"] = b'{"nombre": "Ana", "contacto": "x", "servicios": [], "nota": "vip"}'
    agregar(web, nombre="Ana")
    assert list(web.get("/clientes/Ana").json) == ["contacto", "nombre", "servicios"]
    assert json.loads(almacen.documentos["Ana"])["nota"] == "vip"


def test_un_documento_sin_lista_de_servicios_no_se_estropea_mas(web, almacen):
    almacen.documentos["Ana"] = b'{"nombre": "Ana", "servicios": "ninguno"}'
    assert agregar(web, nombre="Ana").status_code == 409
    assert almacen.documentos["Ana"] == b'{"nombre": "Ana", "servicios": "ninguno"}'


class TestVersiones:
    def test_la_ficha_lleva_version_y_no_se_repite_si_no_cambia(self, web):
        crear(web)
        version = web.get("/clientes/Maria%20Lopez").headers["ETag"]
        assert web.get("/clientes/Maria%20Lopez", headers={"If-None-Match": version}).status_code == 304

    def test_cambiar_el_contacto_sobre_una_version_vieja_es_412(self, web):
        crear(web)
        vieja = web.get("/clientes/Maria%20Lopez").headers["ETag"]
        agregar(web)
        opciones = {"json": {"contacto": "x"}, "headers": {"If-Match": vieja}}
        assert web.put("/clientes/Maria%20Lopez", **opciones).status_code == 412
        actual = web.get("/clientes/Maria%20Lopez").headers["ETag"]
        opciones["headers"] = {"If-Match": actual}
        assert web.put("/clientes/Maria%20Lopez", **opciones).status_code == 200

    def test_cincuenta_altas_de_servicio_a_la_vez_dejan_cincuenta_servicios(self, app, web, a_la_vez):
        crear(web, servicio="base")
        estados = a_la_vez(lambda n: agregar(app.test_client(), f"s{n}").status_code, 50)
        assert set(estados) == {201}
        assert sorted(servicios(web)) == sorted(["base", *(f"s{n}" for n in range(50))])

    def test_de_veinte_altas_del_mismo_cliente_gana_una(self, app, a_la_vez):
        estados = a_la_vez(lambda n: crear(app.test_client(), servicio=f"s{n}").status_code, 20)
        assert sorted(estados) == [201] + [409] * 19


class TestIdempotencia:
    def test_repetir_un_alta_no_da_conflicto(self, web):
        clave = {"Idempotency-Key": "k"}
        assert crear(web, cabeceras=clave).status_code == 201
        segunda = crear(web, cabeceras=clave)
        assert (segunda.status_code, segunda.headers["Idempotent-Replayed"]) == (201, "true")

    def test_repetir_un_servicio_no_lo_duplica(self, web):
        crear(web)
        for _ in range(3):
            assert agregar(web, cabeceras={"Idempotency-Key": "k"}).status_code == 201
        assert len(servicios(web)) == 2

    def test_si_esta_parte_murio_tras_el_efecto_repetir_no_lo_duplica(self, web, app, almacen, monkeypatch):
        crear(web)

        def morir():
            raise ConnectionResetError

        almacen.tras_guardar = morir
        assert agregar(web, cabeceras={"Idempotency-Key": "k"}).status_code == 503
        almacen.tras_guardar = lambda: None
        assert agregar(web, cabeceras={"Idempotency-Key": "k"}).status_code == 201
        assert len(servicios(web)) == 2


class TestSinAlmacen:
    @pytest.mark.parametrize(
        ("metodo", "ruta", "cuerpo"),
        [
            ("get", "/clientes", None),
            ("get", "/clientes/Ana", None),
            ("post", "/clientes", {"nombre": "A", "contacto": "b", "servicio": "c"}),
            ("put", "/clientes/Ana", {"contacto": "x"}),
            ("post", "/clientes/Ana/servicios", {"servicio": "x"}),
        ],
    )
    @pytest.mark.parametrize("estado", [500, 502, 503])
    def test_toda_ruta_contesta_503_y_dice_cuando_volver(self, web, almacen, metodo, ruta, cuerpo, estado):
        almacen.fallar_con = estado
        salida = getattr(web, metodo)(ruta, json=cuerpo) if cuerpo else web.get(ruta)
        assert (salida.status_code, salida.json) == (503, CAIDO)
        assert int(salida.headers["Retry-After"]) >= 1

    def test_lo_que_no_necesita_almacen_sigue_funcionando(self, web, almacen):
        almacen.fallar_con = 503
        assert web.get("/saludo").status_code == 200
        assert web.get("/health").json == {"status": "healthy"}
        listo = web.get("/health/ready")
        assert (listo.status_code, listo.json["comprobaciones"]["almacen"]["ok"]) == (503, False)

    def test_un_cambio_a_medias_no_existe(self, web, almacen):
        crear(web)
        antes = dict(almacen.documentos)
        almacen.fallar_con = 500
        assert agregar(web).status_code == 503
        assert almacen.documentos == antes


def test_la_lista_se_busca_y_se_retransmite(web, almacen):
    for nombre in ("Ana", "Eva", "Mariana"):
        crear(web, nombre)
    assert web.get("/clientes?q=ANA").json == ["Ana", "Mariana"]
    assert web.get("/clientes?page=x").status_code == 400
