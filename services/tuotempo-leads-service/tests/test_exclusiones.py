import pytest
import sqlalchemy as sa

from chasis.errores import Conflicto, PeticionInvalida
from tuotempo_leads.aplicacion import exclusiones, reparto, usuarios
from tuotempo_leads.infraestructura.tablas import exclusiones as tabla, leads, llamadas, rellamadas

RUTA = "/api/actualizar_resultado"


@pytest.fixture
def ana(alta):
    return alta(nombre="Ana", telefono="600123456")


@pytest.fixture
def excluir(app):
    def excluir(*telefonos, origen="interna", motivo="lo pidió"):
        with app.extensions["bd"].escritura() as conexion:
            return exclusiones.anadir(conexion, telefonos, origen, motivo, None)

    return excluir


@pytest.fixture
def rellamar(web):
    def rellamar(**campos):
        return web.post(RUTA, json={"telefono": "600123456", **campos}).status_code

    return rellamar


def test_excluir_un_numero_cancela_su_rellamada(rellamar, ana, excluir, fila):
    rellamar(codigoVolverLlamar="buzon")
    assert excluir("+34 600-123-456") == exclusiones.Anadidas(1, 1, 1)
    assert fila(rellamadas, lead_id=ana).estado == "cancelada"
    apuntada = fila(tabla)
    assert (apuntada.telefono_norm, apuntada.origen, apuntada.motivo) == ("600123456", "interna", "lo pidió")


def test_repetir_un_numero_no_lo_duplica_y_otra_lista_lo_apunta_aparte(excluir, filas):
    assert excluir("600123456", "600 123 456").nuevos == 1
    assert excluir("600123456", motivo="otro").nuevos == 0
    assert excluir("600123456", origen="robinson").nuevos == 1
    assert [(e.origen, e.motivo) for e in filas(tabla)] == [("interna", "lo pidió"), ("robinson", "lo pidió")]


@pytest.mark.parametrize(
    ("telefono", "origen", "motivo", "queja"),
    [
        ("12", "interna", "", "El teléfono 12 no tiene nueve cifras"),
        ("600123456", "otra", "", "El origen debe ser interna, robinson, rne"),
        ("600123456", "interna", "x" * 256, "como máximo 255"),
    ],
)
def test_lo_que_no_vale_se_dice_y_no_apunta_nada(excluir, filas, telefono, origen, motivo, queja):
    with pytest.raises(PeticionInvalida, match=queja):
        excluir(telefono, origen=origen, motivo=motivo)
    assert filas(tabla) == []


@pytest.mark.parametrize("campos", [{"codigoVolverLlamar": "buzon"}, {"horaRellamada": "2027-03-02 10:00"}])
def test_a_un_excluido_no_se_le_programa_nada_y_la_api_contesta_como_siempre(
    rellamar, ana, excluir, filas, campos
):
    excluir("600123456")
    assert rellamar(**campos) == 200
    assert filas(rellamadas) == []
    assert len(filas(llamadas, lead_id=ana)) == 1


def test_si_no_se_puede_mirar_la_lista_no_se_programa_ni_se_anota_nada(app, rellamar, ana, filas):
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(sa.text("DROP TABLE exclusiones"))
    assert rellamar(codigoVolverLlamar="buzon") == 500
    assert filas(rellamadas) == []
    assert filas(llamadas) == []


def test_una_rellamada_de_un_excluido_no_se_puede_asignar(app, alta, web, ana, filas):
    alta(nombre="Berta", telefono="600000002")
    for telefono in ("600123456", "600000002"):
        web.post(RUTA, json={"telefono": telefono, "codigoVolverLlamar": "buzon"})
    bd = app.extensions["bd"]
    with bd.escritura() as conexion:
        agente = usuarios.crear(conexion, "marta", "una-clave-larga", "agente")
        # Como si la hubieran excluido a la vez que se programaba: la pendiente sigue ahí.
        apunte = {"telefono_norm": "600123456", "origen": "interna", "fecha": sa.func.now()}
        conexion.execute(sa.insert(tabla).values(apunte))
        hecho = reparto.repartir_rellamadas(conexion, [r.id for r in filas(rellamadas)], agente, None)
        assert (hecho.elegidos, hecho.dados, hecho.excluidos) == (2, 1, 1)
    assert [r.agente_id for r in filas(rellamadas)] == [None, agente]


def test_exigir_llamable_dice_que_lista_y_desde_cuando(app, excluir):
    excluir("600123456", origen="robinson")
    with app.extensions["bd"].lectura() as conexion:
        exclusiones.exigir_llamable(conexion, "600000002")
        with pytest.raises(Conflicto, match=r"lista de exclusión \(Lista Robinson, \d\d/\d\d/\d{4}\)"):
            exclusiones.exigir_llamable(conexion, "600123456")


def test_muchos_numeros_se_apuntan_con_pocas_consultas(app, alta, excluir, consultas):
    alta(telefono="600000001")
    numeros = [f"6{n:08}" for n in range(2500)]
    hechas = consultas(lambda: excluir(*numeros))
    assert (
        len([una for una in hechas if una != "COMMIT"]) == 3 * 3
    )  # mirar, apuntar y cancelar, de mil en mil
    with app.extensions["bd"].lectura() as conexion:
        assert conexion.execute(sa.select(sa.func.count()).select_from(leads)).scalar_one() == 1
