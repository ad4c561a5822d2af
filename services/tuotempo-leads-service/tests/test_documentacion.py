from pathlib import Path

from tuotempo_leads import documentacion

FICHERO = Path(__file__).parents[1] / "API_DOCUMENTATION.md"


def test_la_referencia_de_la_api_es_la_que_dice_el_codigo(web):
    generada = documentacion.escribir(web.get("/openapi.json").json)
    assert FICHERO.read_text("utf-8") == generada, "rehazla con `python -m tuotempo_leads.documentacion`"


def test_la_referencia_nombra_las_rutas_y_los_campos_del_readme():
    texto = FICHERO.read_text("utf-8")
    for ruta in ("POST /api/actualizar_resultado", "GET /api/centros/{cp}", "GET /admin/load-excel"):
        assert f"`{ruta}`" in texto
    for campo in ("telefono", "razonvueltaallamar", "codigoVolverLlamar"):
        assert f"| `{campo}` | cuerpo |" in texto
