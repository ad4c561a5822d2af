import json
from functools import partial

import pytest

UN_UUID = "00000000-0000-4000-8000-000000000000"
REQUERIDOS = {"error": "Nombre y email son requeridos", "codigo": "DATOS_INVALIDOS"}
NO_EXISTE = {"error": "Partner no existe", "codigo": "PARTNER_NO_ENCONTRADO"}
ELIMINADO = {"error": "Partner está eliminado", "codigo": "PARTNER_ELIMINADO"}
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


def test_lo_que_no_elige_quien_llama_no_se_puede_elegir(api):
    ajenos = {
        "id": UN_UUID, "estado_kyc": "VERIFICADO", "fecha_creacion": "2020-01-01T00:00:00", "version": 9,
        "integraciones": [{"tipo": "API", "nombre": "x"}], "documentos_kyc": {"cedula": "x"},
    }  # fmt: skip
    creado = api.crear(**ajenos).json["partner"]
    assert creado["id"] != UN_UUID
    cambiado = api.cambiar(creado["id"], nombre="Otra", **ajenos).json["partner"]
    for partner in (creado, cambiado, api.leer(creado["id"]).json["partner"]):
        assert (partner["id"], partner["estado_kyc"]) == (creado["id"], "PENDIENTE")
        assert partner["fecha_creacion"] == creado["fecha_creacion"]
        assert not partner.get("integraciones")
        assert not partner.get("documentos_kyc")


def test_actualizar_cambia_lo_que_se_dice_y_deja_lo_demas(api, abc):
    antes = api.leer(abc).json["partner"]
    salida = api.cambiar(abc, nombre="Empresa XYZ", telefono=None, estado="SUSPENDIDO", email=None)
    assert (salida.status_code, salida.json["mensaje"]) == (200, "Partner actualizado exitosamente")
    cambiado = salida.json["partner"]
    assert cambiado == api.leer(abc).json["partner"]
    assert (cambiado["nombre"], cambiado["estado"]) == ("Empresa XYZ", "SUSPENDIDO")
    iguales = ("id", "email", "telefono", "direccion", "estado_kyc", "fecha_creacion")
    assert [cambiado[c] for c in iguales] == [antes[c] for c in iguales]


@pytest.mark.parametrize(
    "cambios",
    [
        {"email": "otro@ejemplo.com"},
        {"estado": "ELIMINADO"},
        {"estado": "activo"},
        {"nombre": ""},
        {"nombre": "x" * 256},
        {"telefono": 5},
        {"direccion": []},
    ],
    ids=json.dumps,
)
def test_un_cambio_rechazado_no_cambia_nada(api, abc, cambios):
    antes = api.leer(abc).json
    salida = api.cambiar(abc, **{"nombre": "Otro", "telefono": "1", **cambios})
    assert (salida.status_code, salida.json["codigo"]) == (400, "DATOS_INVALIDOS")
    assert f"'{next(iter(cambios))}'" in salida.json["error"]
    assert api.leer(abc).json == antes


def test_eliminar_conserva_la_ficha_y_cierra_los_cambios(api, abc):
    una = api.integrar(abc).json["integracion"]["id"]
    salida = api.eliminar(abc)
    esperado = {"mensaje": "Partner eliminado exitosamente", "partner_id": abc}
    assert (salida.status_code, salida.json) == (200, esperado)
    leido = api.leer(abc).json["partner"]
    assert (leido["estado"], leido["integraciones"][0]["activa"]) == ("ELIMINADO", False)
    for intento in (
        api.eliminar(abc),
        api.cambiar(abc, nombre="x"),
        api.kyc(abc, estado_kyc="APROBADO"),
        api.integrar(abc),
    ):
        assert (intento.status_code, intento.json) == (410, ELIMINADO)
    assert api.revocar(una).json["codigo"] == "INTEGRACION_YA_REVOCADA"
    assert api.leer(abc).json["partner"] == leido


@pytest.mark.parametrize("partner_id", [UN_UUID, "1", "no-es-un-id", "%00", "x" * 500, "%F0%9F%98%80"])
def test_un_partner_que_no_existe_o_un_id_mal_escrito_es_404(api, web, partner_id):
    for intento in (
        api.leer(partner_id),
        api.cambiar(partner_id, nombre="x"),
        api.eliminar(partner_id),
        api.kyc(partner_id, estado_kyc="APROBADO"),
        api.historial(partner_id),
        api.integrar(partner_id),
        web.get(f"/api/v1/partners/{partner_id}/integraciones?page=1"),
    ):
        assert (intento.status_code, intento.json) == (404, NO_EXISTE)


@pytest.mark.parametrize(
    ("metodo", "ruta", "opciones", "estado", "codigo"),
    [
        ("GET", "/nada", {}, 404, "RUTA_NO_ENCONTRADA"),
        ("PATCH", "/api/v1/partners", {}, 405, "METODO_NO_PERMITIDO"),
        ("POST", "/api/v1/partners", {"data": "nombre=x"}, 415, "TIPO_NO_SOPORTADO"),
        (
            "POST",
            "/api/v1/partners",
            {"data": "{", "content_type": "application/json"},
            400,
            "DATOS_INVALIDOS",
        ),
        ("POST", "/api/v1/partners", {"json": ["x"]}, 400, "DATOS_INVALIDOS"),
        ("POST", "/api/v1/partners", {"json": {"nombre": "x" * 1_100_000}}, 413, "CUERPO_DEMASIADO_GRANDE"),
    ],
)
def test_todo_error_habla_el_mismo_dialecto(web, metodo, ruta, opciones, estado, codigo):
    salida = web.open(ruta, method=metodo, **opciones)
    assert (salida.status_code, salida.json["codigo"]) == (estado, codigo)
    assert list(salida.json) == ["error", "codigo"]


def test_salud_es_exactamente_la_del_readme(web):
    assert web.get("/health").json == {"status": "healthy", "service": "partners-service"}


def test_con_la_base_caida_se_contesta_503_y_luego_todo_vuelve(web, app, api, abc, monkeypatch):
    bd = app.extensions["bd"]
    bd.cerrar()

    def no_contesta(*_, **__):
        raise bd.motor.dialect.loaded_dbapi.OperationalError(
            "terminating connection due to administrator command"
        )

    caida = {"error": "Base de datos no disponible", "codigo": "NO_DISPONIBLE"}
    alta = {"nombre": "X", "email": "x@y.co"}
    con_clave = partial(web.post, "/api/v1/partners", json=alta, headers={"Idempotency-Key": "k"})
    with monkeypatch.context() as averia:
        averia.setattr(bd.motor.dialect, "connect", no_contesta)
        for salida in (api.crear("x@y.co"), con_clave(), api.leer(abc), api.listar(), api.eliminar(abc)):
            assert (salida.status_code, salida.json, salida.headers["Retry-After"]) == (503, caida, "1")
    assert con_clave().status_code == 201


def test_un_fallo_de_la_base_es_un_500_sin_detalles(web, app, api, abc):
    with app.extensions["bd"].escritura() as conexion:
        conexion.exec_driver_sql("ALTER TABLE partners RENAME TO otra")
    for salida in (api.crear("x@y.co"), api.leer(abc), api.listar(), api.eliminar(abc)):
        assert (salida.status_code, salida.json) == (
            500,
            {"error": "Error interno del servidor", "codigo": "ERROR_INTERNO"},
        )
