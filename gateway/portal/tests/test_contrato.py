def test_hace_lo_que_dice_su_openapi(app, cumplir_su_openapi):
    cumplir_su_openapi(app)
