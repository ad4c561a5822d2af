"""Lo que no vale se dice y no cambia nada."""

import json

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tuotempo_leads.infraestructura.tablas import leads

from .conftest import RUTA


@pytest.mark.parametrize(
    ("cuerpo", "texto"),
    [
        ({}, "Se requiere el número de teléfono"),
        ({"telefono": None, "conPack": True}, "Se requiere el número de teléfono"),
        ({"telefono": "", "conPack": True}, "Se requiere el número de teléfono"),
        ({"telefono": "  ", "nuevaCita": "ayer"}, "Se requiere el número de teléfono"),
        ({"telefono": "600123456"}, "No se proporcionaron datos para actualizar"),
        ({"telefono": "600123456", "status_level_1": None}, "No se proporcionaron datos para actualizar"),
        ({"telefono": "600123456", "status_level_2": " "}, "No se proporcionaron datos para actualizar"),
        ({"telefono": "600123456", "otro": 1}, "No se proporcionaron datos para actualizar"),
        ({"telefono": "600123456", "noInteresado": False}, "No se proporcionaron datos para actualizar"),
        ({"telefono": "abc", "conPack": True}, "El teléfono abc no tiene nueve cifras"),
        ({"telefono": True, "conPack": True}, "El campo 'telefono' debe ser un texto"),
        ({"telefono": "600123456", "conPack": "quizá"}, "El campo 'conPack' debe ser verdadero o falso"),
        ({"telefono": "600123456", "conPack": 2}, "El campo 'conPack' debe ser verdadero o falso"),
        (
            {"telefono": "600123456", "status_level_1": "x" * 101},
            "El campo 'status_level_1' admite como máximo 100 caracteres",
        ),
        ({"telefono": "600123456", "razonNoInteres": 5}, "El campo 'razonNoInteres' debe ser un texto"),
        (
            {"telefono": "600123456", "nuevaCita": "2025-02-30 10:00"},
            "Formato de fecha inválido: 2025-02-30 10:00. Use YYYY-MM-DD HH:MM (campo nuevaCita)",
        ),
        (
            {"telefono": "600123456", "codigoNoInteres": "nada"},
            (
                "El valor de codigoNoInteres no es válido: nada. "
                "Valores admitidos: no disponibilidad, descontento, bajaProxima, otros"
            ),
        ),
        (
            {"telefono": "600123456", "codigoVolverLlamar": ["x", "buzon"]},
            (
                "El valor de codigoVolverLlamar no es válido: x. "
                "Valores admitidos: buzon, interrupcion, proble_tecnico"
            ),
        ),
        (
            {"telefono": "600123456", "codigoNoInteres": "otros", "codigoVolverLlamar": "buzon"},
            (
                "Envíe solo uno de los dos códigos: codigoNoInteres (no disponibilidad, descontento, bajaProxima, "
                "otros) o codigoVolverLlamar (buzon, interrupcion, proble_tecnico)"
            ),
        ),
    ],
    ids=lambda valor: json.dumps(valor)[:60] if isinstance(valor, dict) else "",
)
def test_lo_que_no_vale_es_un_400_que_lo_dice_y_no_cambia_nada(web, ana, fila, cuerpo, texto):
    antes = fila(leads, id=ana)
    salida = web.post(RUTA, json=cuerpo)
    assert (salida.status_code, salida.json) == (
        400,
        {"success": False, "error": texto, "message": texto},
    )
    assert fila(leads, id=ana) == antes


def test_un_telefono_de_nadie_es_un_404_con_el_telefono_recibido(enviar):
    texto = "No se encontró ningún lead con el teléfono +34 699 999 999"
    assert enviar("+34 699 999 999", conPack=True) == (404, texto)


def test_b_un_telefono_vacio_no_alcanza_a_los_contactos_sin_telefono(alta, fila, enviar):
    mudo = alta(nombre="Sin teléfono", telefono=None)
    assert enviar("abc", conPack=True)[0] == 400
    assert fila(leads, id=mudo).conPack is False


@pytest.mark.parametrize(
    ("datos", "tipo", "estado"),
    [
        ("[]", "application/json", 400),
        ("{", "application/json", 400),
        ('"600123456"', "application/json", 400),
        ("telefono=600123456", "application/x-www-form-urlencoded", 400),
        ("{}", "text/plain", 400),
        ("", "application/json", 400),
    ],
)
def test_un_cuerpo_que_no_es_un_objeto_json_es_un_400_en_json(web, datos, tipo, estado):
    salida = web.post(RUTA, data=datos, content_type=tipo)
    assert (salida.status_code, salida.json["success"]) == (estado, False)
    assert salida.json["error"] == salida.json["message"]


def test_j_con_api_key_puesta_se_exige_en_toda_la_api(otra_app):
    web = otra_app(clave_de_api=SecretStr("una-llave")).test_client()
    for ruta in ("/api/status", "/api/obtener_resultados"):
        salida = web.get(ruta)
        assert (salida.status_code, salida.json["success"]) == (401, False)
        assert web.get(ruta, headers={"X-API-Key": "otra"}).status_code == 401
        assert web.get(ruta, headers={"X-API-Key": "una-llave"}).status_code == 200
        assert web.get(ruta, headers={"Authorization": "Bearer una-llave"}).status_code == 200
    assert web.get("/health/live").status_code == 200


def test_j_sin_base_de_datos_es_un_500_que_no_ensena_nada_por_dentro(app, web, ana):
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(sa.text("DROP TABLE llamadas"))
    salida = web.post(RUTA, json={"telefono": "600123456", "conPack": True})
    assert salida.status_code == 500
    assert salida.json["error"].startswith("Error de ")
    assert "llamadas" not in salida.text
