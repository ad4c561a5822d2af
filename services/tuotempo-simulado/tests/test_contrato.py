"""Lo que el servicio dice de sí mismo: su OpenAPI, su salud y los ejemplos de su README."""

from pathlib import Path

from tests import ejemplos

README = Path(__file__).parents[1] / "README.md"


def test_hace_lo_que_dice_su_openapi(app, cumplir_su_openapi):
    # Una fecha, entre las que el esquema admite como texto, puede no serlo.
    cumplir_su_openapi(app, reglas_propias=("GET /api/v3/tt_portal_adeslas/availabilities",))


def test_su_salud_dice_cuanto_recuerda(web, portal):
    portal.usuario()
    listo = web.get("/health/ready").json
    assert listo["status"] == "ready"
    assert (listo["comprobaciones"]["agenda"]["usuarios"], web.get("/health").json) == (
        1,
        {"status": "healthy"},
    )


def test_los_ejemplos_del_readme_son_verdad(direccion):
    leidos = list(ejemplos.de(README))
    ordenes = [linea for linea in README.read_text("utf-8").splitlines() if linea.startswith("curl ")]
    assert len(leidos) == len(ordenes)
    for ejemplo in leidos:
        salida = ejemplo.ejecutar({"http://127.0.0.1:5010": direccion})
        assert (ejemplo.linea, *salida) == (ejemplo.linea, ejemplo.estado, ejemplo.cuerpo)
