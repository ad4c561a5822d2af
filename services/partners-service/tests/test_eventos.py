import pytest
import sqlalchemy as sa

from chasis.eventos.tablas import ESPERA, INBOX
from partners.arranque import crear_app
from partners.config import Ajustes
from partners.modulos.partners.dominio.eventos import EJEMPLOS, PUBLICA
from tests.bandeja import entregar, publicados


@pytest.fixture
def app(url, tmp_path):
    """La aplicación con alguien suscrito a sus eventos."""
    ajustes = Ajustes(
        _env_file=None,
        base_de_datos=url,
        directorio_datos=tmp_path,
        formato_registros="json",
        destinos_de_eventos="partners=otro@http://127.0.0.1:1",
        clave_de_eventos="clave",
    )
    app = crear_app(ajustes)
    yield app
    app.extensions["bd"].cerrar()


def tipos(app) -> list[str]:
    return [evento["type"] for evento in publicados(app.extensions["bd"])]


def ordenar(app, **datos) -> None:
    entregar(app, "comandos-partners", "CrearPartner", datos)


def contar(app, tabla) -> int:
    with app.extensions["bd"].lectura() as conexion:
        return conexion.scalar(sa.select(sa.func.count()).select_from(tabla))


def test_cada_cambio_publica_su_evento_con_la_clave_del_partner_y_en_orden(app, api):
    abc = api.crear().json["partner"]["id"]
    api.cambiar(abc, estado="SUSPENDIDO")
    api.kyc(abc, estado_kyc="APROBADO")
    una = api.integrar(abc).json["integracion"]["id"]
    api.revocar(una, json={"motivo": "Cambio"})
    eventos = publicados(app.extensions["bd"])
    comunes = {"partner_id": abc, "nombre": "Empresa ABC", "email": "contacto@empresaabc.com"}
    assert [(evento["type"], evento["data"]) for evento in eventos] == [
        ("PartnerCreado", {**comunes, "estado": "ACTIVO", "estado_kyc": "PENDIENTE"}),
        (
            "PartnerActualizado",
            {**comunes, "estado": "SUSPENDIDO", "estado_kyc": "PENDIENTE", "estado_anterior": "ACTIVO"},
        ),
        (
            "KYCVerificado",
            {"partner_id": abc, "estado_kyc_anterior": "PENDIENTE", "estado_kyc_nuevo": "APROBADO"},
        ),
        (
            "IntegracionCreada",
            {"integracion_id": una, "partner_id": abc, "tipo": "API", "nombre": "Integración API REST"},
        ),
        ("IntegracionRevocada", {"integracion_id": una, "partner_id": abc, "motivo": "Cambio"}),
    ]
    assert {(evento["subject"], evento["tema"]) for evento in eventos} == {(abc, "partners")}
    assert [evento["secuencia"] for evento in eventos] == [1, 2, 3, 4, 5]


def test_eliminar_revoca_cada_integracion_activa_con_su_evento(app, api, abc):
    ids = [api.integrar(abc).json["integracion"]["id"] for _ in range(3)]
    api.revocar(ids[0])
    antes = len(publicados(app.extensions["bd"]))
    api.eliminar(abc)
    nuevos = publicados(app.extensions["bd"])[antes:]
    assert [evento["type"] for evento in nuevos] == ["IntegracionRevocada"] * 2 + ["PartnerEliminado"]
    assert [evento["data"].get("integracion_id") for evento in nuevos] == [*ids[1:], None]
    assert [evento["secuencia"] for evento in nuevos] == [6, 7, 8]


@pytest.mark.parametrize(
    "intento",
    [
        lambda api, abc: api.kyc(abc, estado_kyc="PENDIENTE"),
        lambda api, abc: api.cambiar(abc, nombre="Empresa ABC", estado="ACTIVO"),
        lambda api, abc: api.cambiar(abc),
        lambda api, abc: api.cambiar(abc, nombre="Otra", estado="ELIMINADO"),
        lambda api, abc: api.crear(),
        lambda api, abc: api.integrar(abc, tipo="FTP"),
    ],
    ids=["mismo kyc", "mismos datos", "nada", "rechazado", "email repetido", "tipo desconocido"],
)
def test_lo_que_no_cambia_nada_no_publica_nada(app, api, abc, intento):
    intento(api, abc)
    assert tipos(app) == ["PartnerCreado"]


def test_la_configuracion_no_se_publica(app, api, abc):
    api.integrar(abc, configuracion={"api_key": "secreto"})
    assert "secreto" not in str(publicados(app.extensions["bd"]))


def test_los_cambios_a_la_vez_sobre_un_partner_llevan_secuencias_seguidas(app, api, abc, a_la_vez):
    ruta = f"/api/v1/partners/{abc}/integraciones"
    a_la_vez(lambda n: app.test_client().post(ruta, json={"tipo": "API", "nombre": f"n{n}"}), 12)
    assert [evento["secuencia"] for evento in publicados(app.extensions["bd"])] == list(range(1, 14))


def test_la_orden_crear_partner_hace_lo_mismo_que_la_llamada_y_una_sola_vez(app, api):
    for _ in range(2):
        ordenar(app, nombre="Empresa ABC", email=" Contacto@EmpresaABC.com ", telefono="+57 300", sobra=1)
    (partner,) = api.listar().json["partners"]
    assert (partner["email"], partner["telefono"]) == ("Contacto@EmpresaABC.com", "+57 300")
    assert tipos(app) == ["PartnerCreado"]
    assert contar(app, INBOX) == 1


def test_una_orden_con_un_email_que_ya_existe_se_da_por_hecha_y_se_anota(app, api, abc, capsys):
    ordenar(app, nombre="Otra", email="CONTACTO@empresaabc.com")
    assert (contar(app, INBOX), contar(app, ESPERA)) == (1, 0)
    assert api.listar().json["total"] == 1
    salida = capsys.readouterr().out
    assert "partner_ya_registrado" in salida
    assert "empresaabc.com" not in salida.lower()


@pytest.mark.parametrize(
    ("datos", "campo"),
    [
        ({"nombre": "A"}, "email"),
        ({"nombre": "A", "email": "no"}, "email"),
        ({"nombre": 5, "email": "a@b.co"}, "nombre"),
    ],
)
def test_una_orden_que_no_vale_espera_otro_intento_con_su_motivo(app, api, datos, campo):
    ordenar(app, **datos)
    with app.extensions["bd"].lectura() as conexion:
        assert campo in conexion.scalar(sa.select(ESPERA.c.error))
    assert (contar(app, ESPERA), api.listar().json["total"]) == (1, 0)


def test_hay_un_ejemplo_de_cada_evento():
    assert tuple(type(ejemplo) for ejemplo in EJEMPLOS) == PUBLICA["partners"]
