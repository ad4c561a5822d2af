def test_hace_lo_que_dice_su_openapi(app, ana, cumplir_su_openapi):
    cumplir_su_openapi(
        app,
        reglas_propias=("POST /canal", "GET /mensajes/{tipo_canal}"),
        fallan_adrede=("GET /test-error",),
    )
