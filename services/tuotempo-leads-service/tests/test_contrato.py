CON_REGLAS_PROPIAS = (
    "POST /api/actualizar_resultado",
    "GET /api/actividades",
    "GET /api/slots",
    "GET /api/clinica/code",
    "GET /slots",
    "POST /register",
    "POST /confirm",
    "POST /admin/importaciones",  # el fichero va en un formulario
)


def test_hace_lo_que_dice_su_openapi(con_tuotempo, cumplir_su_openapi):
    cumplir_su_openapi(
        con_tuotempo,
        reglas_propias=CON_REGLAS_PROPIAS,
        fallan_adrede=("GET /admin/load-excel",),  # sin EXCEL_URL, su README dice 500
        ejemplos=8,
    )
