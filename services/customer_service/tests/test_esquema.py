def test_las_migraciones_crean_exactamente_las_tablas_del_codigo(app, diferencias_con_la_base):
    assert diferencias_con_la_base(app.extensions["bd"]) == []
