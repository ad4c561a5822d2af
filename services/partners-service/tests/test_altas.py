"""Dar de alta un partner."""

import json

import pytest

REQUERIDOS = {"error": "Nombre y email son requeridos", "codigo": "DATOS_INVALIDOS"}
EXISTENTE = {"error": "Email ya registrado", "codigo": "EMAIL_EXISTENTE"}
DE_ALTA = ["id", "nombre", "email", "telefono", "direccion", "estado", "estado_kyc", "fecha_creacion"]


def test_crear_responde_lo_del_readme_y_dice_donde_quedo(web, api):
    salida = api.crear(telefono="+57 300 123 4567", direccion="Calle 123 #45-67, Bogotá")
    assert (salida.status_code, salida.json["mensaje"]) == (201, "Partner creado exitosamente")
    partner = salida.json["partner"]
    assert list(partner) == DE_ALTA
    assert (partner["estado"], partner["estado_kyc"]) == ("ACTIVO", "PENDIENTE")
    assert (partner["telefono"], partner["direccion"]) == ("+57 300 123 4567", "Calle 123 #45-67, Bogotá")
    leido = web.get(salida.headers["Location"]).json["partner"]
    assert list(leido) == [*DE_ALTA, "documentos_kyc", "fecha_actualizacion", "integraciones"]
    assert {clave: leido[clave] for clave in DE_ALTA} == partner
    assert (leido["documentos_kyc"], leido["integraciones"]) == (None, [])


@pytest.mark.parametrize(
    "cuerpo",
    [
        {},
        {"nombre": "A"},
        {"email": "a@b.co"},
        {"nombre": " ", "email": "a@b.co"},
        {"nombre": "A", "email": None},
    ],
    ids=json.dumps,
)
def test_sin_nombre_o_email_no_se_crea(web, api, cuerpo):
    salida = web.post("/api/v1/partners", json=cuerpo)
    assert (salida.status_code, salida.json) == (400, REQUERIDOS)
    assert api.listar().json == {"partners": [], "total": 0}


@pytest.mark.parametrize(
    ("campo", "valor"),
    [
        ("nombre", 7),
        ("nombre", "x" * 256),
        ("email", ["a@b.co"]),
        ("email", "a" * 250 + "@b.com"),
        ("telefono", 300),
        ("telefono", "1" * 51),
        ("direccion", {"calle": "x"}),
    ],
)
def test_lo_que_no_vale_se_dice_con_el_nombre_del_campo(api, campo, valor):
    salida = api.crear(**{campo: valor})
    assert (salida.status_code, salida.json["codigo"]) == (400, "DATOS_INVALIDOS")
    assert f"'{campo}'" in salida.json["error"]


@pytest.mark.parametrize(
    "email",
    [
        "sin-arroba",
        "a@b",
        "@b.co",
        "a@",
        "a b@c.co",
        "a..b@c.co",
        ".a@c.co",
        "a@-c.co",
        "a@c..co",
        "a@c.co\n.x",
    ],
)
def test_un_email_mal_escrito_se_rechaza(api, email):
    salida = api.crear(email)
    assert (salida.status_code, salida.json["codigo"]) == (400, "DATOS_INVALIDOS")
    assert "'email'" in salida.json["error"]


def test_las_longitudes_maximas_caben(api):
    email = "a" * 64 + "@" + ".".join(["b" * 63, "c" * 63, "d" * 59, "co"])
    assert len(email) == 255
    assert api.crear(email, "ñ" * 255, telefono="1" * 50).status_code == 201


def test_el_email_se_recorta_y_se_compara_sin_mayusculas(api):
    assert api.crear("  Contacto@EmpresaABC.com ").json["partner"]["email"] == "Contacto@EmpresaABC.com"
    salida = api.crear("contacto@empresaabc.COM")
    assert (salida.status_code, salida.json) == (409, EXISTENTE)


def test_de_veinte_altas_a_la_vez_con_un_email_gana_una(app, a_la_vez):
    def crear(numero: int) -> int:
        cuerpo = {
            "nombre": f"Empresa {numero}",
            "email": "Unico@ejemplo.com" if numero % 2 else "unico@ejemplo.com",
        }
        return app.test_client().post("/api/v1/partners", json=cuerpo).status_code

    assert sorted(a_la_vez(crear, 20)) == [201] + [409] * 19


def test_repetir_un_alta_con_la_misma_clave_no_da_conflicto(api):
    clave = {"Idempotency-Key": "alta-1"}
    primera, segunda = api.crear(cabeceras=clave), api.crear(cabeceras=clave)
    assert (segunda.status_code, segunda.json) == (201, primera.json)
    assert segunda.headers["Location"] == primera.headers["Location"]
    assert segunda.headers["Idempotent-Replayed"] == "true"
    assert api.crear("otro@ejemplo.com", cabeceras=clave).status_code == 422


def test_un_conflicto_tambien_se_recuerda_con_su_clave(api, abc):
    clave = {"Idempotency-Key": "alta-2"}
    assert api.crear(cabeceras=clave).json == EXISTENTE
    segunda = api.crear(cabeceras=clave)
    assert (segunda.status_code, segunda.headers["Idempotent-Replayed"]) == (409, "true")
