"""El comprobador no dice nada de lo que está bien, y de cada sabotaje dice algo y en su sitio."""

import json
import shutil

import pytest

from tests.caos import bases, comprobador, pequena
from tests.caos.estado import Estado


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    carpeta = tmp_path_factory.mktemp("pequena")
    pequena.montar(carpeta)
    return carpeta


@pytest.fixture
def comprobar(original, tmp_path):
    """Con un sabotaje (servicio y SQL), las comprobaciones que encuentran fallos."""
    carpeta = shutil.copytree(original, tmp_path / "copia")
    estado, diario = Estado(bases.urls(carpeta, {}), carpeta / "clientes"), carpeta / "diario.jsonl"

    def comprobar(servicio: str = "", sabotaje: str = "") -> set[str]:
        if sabotaje:
            bases.ejecutar(estado.bases[servicio], sabotaje)
        return {nombre for nombre, fallos in comprobador.comprobar(diario, estado).items() if fallos}

    comprobar.documentos = estado.documentos
    return comprobar


def test_lo_que_esta_bien_no_da_ningun_fallo(comprobar):
    assert comprobar() == set()


EVENTOS, EFECTOS = (
    "cada evento, una vez a cada suscriptor",
    "cada cambio dio su evento, y cada evento su efecto",
)
CANALES, PAGOS, DINERO = (
    "clientes y mensajes de canales",
    "pagos y anulaciones confirmados",
    "el dinero cuadra",
)
PARTNERS, LLAMADAS, CITAS = "partners e integraciones", "llamadas", "citas"
SIN_REPARTIR = (
    """INSERT INTO outbox VALUES ('canales', '', CAST('{"id": "e50", "type": "X", "tema": ""}' AS BLOB))"""
)
OTRO_HUECO = pequena.HUECO.replace("09:00", "10:00")
OTRA_CITA = (
    "INSERT INTO citas SELECT 'c2', lead_id, telefono_norm, nombre, estado, 'r2', NULL, "
    f"'{OTRO_HUECO}' FROM citas"
)
OTRA_VEZ = "INSERT INTO {0} SELECT * FROM {0} WHERE {1}"


@pytest.mark.parametrize(
    ("servicio", "sabotaje", "hallan"),
    [
        ("canales", "DELETE FROM clientes WHERE nombre = 'Ana'", {CANALES}),
        ("canales", OTRA_VEZ.format("clientes", "nombre = 'Ana'"), {CANALES}),
        ("canales", "DELETE FROM canales WHERE contenido = 'Ana email'", {CANALES}),
        ("canales", OTRA_VEZ.format("canales", "contenido LIKE 'Recibo R-1%'"), {EFECTOS}),
        ("canales", "DELETE FROM canales WHERE contenido LIKE 'Cita%'", {EFECTOS}),
        ("canales", "DELETE FROM inbox WHERE evento_id = 'e2'", {EVENTOS, EFECTOS}),
        ("canales", "INSERT INTO inbox VALUES ('e99', 'registrar_cliente_guardado')", {EVENTOS}),
        ("canales", "DELETE FROM referencias WHERE cliente_id = 2", {EFECTOS}),
        ("canales", "INSERT INTO inbox_espera VALUES ('e1', 1)", {EVENTOS, "nada a medias"}),
        ("almacen", "INSERT INTO intenciones (id) VALUES (1)", {"nada a medias"}),
        ("clientes", "DELETE FROM inbox", {EVENTOS}),
        ("partners", "DELETE FROM partners", {PARTNERS}),
        ("partners", OTRA_VEZ.format("integraciones", "nombre = 'Socia 0'"), {PARTNERS}),
        ("partners", "UPDATE integraciones SET activa = 1", {PARTNERS}),
        ("leads", "DELETE FROM llamadas", {LLAMADAS, EFECTOS}),
        ("leads", "INSERT INTO llamadas VALUES (2, 7, '600000001', 'Llamada 1')", {LLAMADAS, EFECTOS}),
        ("leads", "DELETE FROM leads WHERE id = 7", {LLAMADAS}),
        ("leads", "DELETE FROM leads WHERE id = 8", {CITAS}),
        ("leads", "UPDATE citas SET estado = 'desconocida'", {CITAS, EFECTOS}),
        ("leads", "UPDATE citas SET resid = NULL", {CITAS}),
        ("leads", "UPDATE citas SET resid = NULL, motivo = 'CONCILIADA'", set()),
        ("leads", f"UPDATE citas SET disponibilidad = '{OTRO_HUECO}'", {CITAS}),
        ("leads", OTRA_CITA, {CITAS, EFECTOS}),
        ("leads", "DELETE FROM caos_testigo WHERE CAST(cuerpo AS TEXT) LIKE '%llamada_id%'", {EVENTOS, EFECTOS}),
        ("espacio", "DELETE FROM pagos WHERE cod_transaccion = 'P1'", {PAGOS, DINERO}),
        ("espacio", "UPDATE pagos SET estado = 'INICIADO' WHERE cod_transaccion = 'P1'", {PAGOS, DINERO}),
        ("espacio", "UPDATE pagos SET total = 104 WHERE cod_transaccion = 'P1'", {DINERO}),
        ("espacio", "UPDATE lineas_pago SET ocupa = NULL", {DINERO}),
        ("espacio", "DELETE FROM lineas_pago WHERE cod_transaccion = 'P1'", {PAGOS, DINERO}),
        ("espacio", "DELETE FROM movimientos_pago WHERE numero = 3", {DINERO}),
        ("espacio", "UPDATE pagos SET recibo = 1", {DINERO}),
        ("espacio", OTRA_VEZ.format("caos_testigo", "CAST(cuerpo AS TEXT) LIKE '%PagoAnulado%'"), {EVENTOS}),
        ("espacio", SIN_REPARTIR, {EVENTOS}),
    ],
)  # fmt: skip
def test_un_sabotaje_se_nota_y_se_dice_donde(comprobar, servicio, sabotaje, hallan):
    assert comprobar(servicio, sabotaje) == hallan


def test_un_documento_perdido_a_medias_o_repetido_se_nota(comprobar):
    fichero = comprobar.documentos / "Ficha.json"
    fichero.write_bytes(fichero.read_bytes()[:20])
    assert comprobar() == {"fichas de clientes", EFECTOS}
    fichero.unlink()
    assert comprobar() == {"fichas de clientes", EFECTOS}
    ficha = pequena.FICHAS["Ficha"]
    fichero.write_text(json.dumps({**ficha, "servicios": [*ficha["servicios"], ficha["servicios"][0]]}))
    assert comprobar() == {"fichas de clientes", EFECTOS}


def test_un_documento_borrado_que_vuelve_se_nota(comprobar):
    (comprobar.documentos / "Borrada.json").write_text('{"nombre": "Borrada", "servicios": []}')
    assert comprobar() == {"fichas de clientes", EFECTOS}
