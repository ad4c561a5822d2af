"""La ficha de un partner: leerla, cambiarla y eliminarla."""

import json

import pytest

UN_UUID = "00000000-0000-4000-8000-000000000000"
NO_EXISTE = {"error": "Partner no existe", "codigo": "PARTNER_NO_ENCONTRADO"}
ELIMINADO = {"error": "Partner está eliminado", "codigo": "PARTNER_ELIMINADO"}


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
