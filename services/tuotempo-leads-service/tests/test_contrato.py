from chasis.web.respuestas import respuesta  # noqa: F401


def test_hace_lo_que_dice_su_openapi(con_tuotempo, cumplir_su_openapi):
    cumplir_su_openapi(con_tuotempo)
