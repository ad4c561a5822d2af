import json

import pytest

DOCUMENTOS = {"cedula": "documento_cedula.pdf", "rut": "documento_rut.pdf"}


def test_verificar_responde_lo_del_readme(api, abc):
    salida = api.kyc(abc, estado_kyc="APROBADO", documentos=DOCUMENTOS, comentarios="Correctos")
    assert (salida.status_code, salida.json["mensaje"]) == (200, "KYC verificado exitosamente")
    partner = salida.json["partner"]
    assert list(partner) == ["id", "nombre", "email", "estado_kyc", "documentos_kyc", "fecha_actualizacion"]
    assert (partner["estado_kyc"], partner["documentos_kyc"]) == ("APROBADO", DOCUMENTOS)
    assert api.leer(abc).json["partner"]["documentos_kyc"] == DOCUMENTOS


def test_cada_cambio_queda_en_la_historia_y_repetirlo_no_anade_nada(api, abc):
    assert api.historial(abc).json == {"historial": []}
    api.kyc(abc, estado_kyc="REQUIERE_DOCUMENTOS", comentarios="Falta el RUT")
    for _ in range(2):
        assert api.kyc(abc, estado_kyc="APROBADO", documentos=DOCUMENTOS, comentarios="ok").status_code == 200
    api.kyc(abc, estado_kyc="APROBADO", documentos={"rut": "nuevo.pdf"})
    historial = api.historial(abc).json["historial"]
    assert [list(linea) for linea in historial] == [["de", "a", "comentarios", "documentos", "fecha"]] * 3
    assert [tuple(linea.values())[:4] for linea in historial] == [
        ("PENDIENTE", "REQUIERE_DOCUMENTOS", "Falta el RUT", None),
        ("REQUIERE_DOCUMENTOS", "APROBADO", "ok", DOCUMENTOS),
        ("APROBADO", "APROBADO", None, {"rut": "nuevo.pdf"}),
    ]


def test_sin_documentos_se_conservan_los_que_habia(api, abc):
    api.kyc(abc, estado_kyc="APROBADO", documentos=DOCUMENTOS)
    assert (
        api.kyc(abc, estado_kyc="RECHAZADO", documentos=None).json["partner"]["documentos_kyc"] == DOCUMENTOS
    )


def test_la_historia_tambien_se_pagina(api, abc):
    for estado in ("APROBADO", "RECHAZADO", "PENDIENTE"):
        api.kyc(abc, estado_kyc=estado)
    salida = api.historial(abc, "page=2&per_page=1")
    assert [linea["a"] for linea in salida.json["historial"]] == ["RECHAZADO"]
    assert salida.headers["X-Total-Count"] == "3"


@pytest.mark.parametrize(
    ("cuerpo", "codigo", "campo"),
    [
        ({}, "DATOS_INVALIDOS", "estado_kyc"),
        ({"estado_kyc": None}, "DATOS_INVALIDOS", "estado_kyc"),
        ({"estado_kyc": 3}, "DATOS_INVALIDOS", "estado_kyc"),
        ({"estado_kyc": "VALE"}, "KYC_INVALIDO", "estado_kyc"),
        ({"estado_kyc": "aprobado"}, "KYC_INVALIDO", "estado_kyc"),
        ({"estado_kyc": "APROBADO", "documentos": ["x"]}, "DATOS_INVALIDOS", "documentos"),
        ({"estado_kyc": "APROBADO", "documentos": "x"}, "DATOS_INVALIDOS", "documentos"),
        ({"estado_kyc": "APROBADO", "comentarios": 5}, "DATOS_INVALIDOS", "comentarios"),
    ],
    ids=json.dumps,
)
def test_una_verificacion_que_no_vale_no_cambia_nada(api, abc, cuerpo, codigo, campo):
    salida = api.kyc(abc, **cuerpo)
    assert (salida.status_code, salida.json["codigo"]) == (400, codigo)
    assert f"'{campo}'" in salida.json["error"]
    assert api.historial(abc).json == {"historial": []}
