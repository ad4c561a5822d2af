import json
import subprocess
import sys

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from partners.modulos.partners.infraestructura.cifrado import Cifrador
from partners.modulos.partners.infraestructura.dto import integraciones
from partners.modulos.partners.infraestructura.repositorios import recifrar

CONFIGURACION = {"endpoint": "https://api.partner.com/webhook", "api_key": "secreto-que-no-sale"}
UN_UUID = "00000000-0000-4000-8000-000000000000"


def configuraciones(app) -> list[bytes]:
    with app.extensions["bd"].lectura() as conexion:
        return [bytes(una) for una in conexion.scalars(sa.select(integraciones.c.configuracion)) if una]


def test_crear_responde_lo_del_readme(api, abc):
    salida = api.integrar(abc, descripcion="Sincronización", configuracion=CONFIGURACION)
    assert (salida.status_code, salida.json["mensaje"]) == (201, "Integración creada exitosamente")
    nueva = salida.json["integracion"]
    claves = ["id", "partner_id", "tipo", "nombre", "descripcion", "activa", "fecha_creacion"]
    assert list(nueva) == claves
    assert (nueva["partner_id"], nueva["tipo"], nueva["activa"]) == (abc, "API", True)
    (leida,) = api.leer(abc).json["partner"]["integraciones"]
    assert list(leida) == [
        "id",
        "tipo",
        "nombre",
        "descripcion",
        "activa",
        "fecha_creacion",
        "fecha_revocacion",
    ]
    assert leida["fecha_revocacion"] is None


def test_la_configuracion_se_guarda_cifrada_y_no_sale_por_ninguna_parte(api, app, web, abc, capsys):
    creada = api.integrar(abc, configuracion=CONFIGURACION, cabeceras={"Idempotency-Key": "k"})
    repetida = api.integrar(abc, configuracion=CONFIGURACION, cabeceras={"Idempotency-Key": "k"})
    (guardada,) = configuraciones(app)
    assert b"secreto" not in guardada
    assert app.extensions["cifrador"].descifrar(guardada) == CONFIGURACION
    lista = web.get(f"/api/v1/partners/{abc}/integraciones")
    revocada = api.revocar(creada.json["integracion"]["id"])
    for salida in (creada, repetida, lista, revocada, api.leer(abc)):
        assert "configuracion" not in salida.text
    assert "secreto" not in capsys.readouterr().out


def test_la_base_de_datos_entera_no_contiene_el_secreto(api, app, abc):
    api.integrar(abc, configuracion=CONFIGURACION, cabeceras={"Idempotency-Key": "k"})
    with app.extensions["bd"].lectura() as conexion:
        for tabla in sa.inspect(conexion).get_table_names():
            for fila in conexion.execute(sa.text(f"SELECT * FROM {tabla}")):
                assert "secreto-que-no-sale" not in repr(fila), tabla


def test_las_claves_de_cifrado_rotan_sin_perder_lo_guardado():
    vieja, nueva = (Fernet.generate_key().decode() for _ in range(2))
    cifrada = Cifrador([vieja]).cifrar(CONFIGURACION)
    ambas = Cifrador([nueva, vieja])
    assert ambas.descifrar(cifrada) == CONFIGURACION
    assert Cifrador([nueva]).descifrar(ambas.recifrar(cifrada)) == CONFIGURACION


def test_recifrar_deja_todo_con_la_clave_nueva(api, app, abc, tmp_path):
    api.integrar(abc, configuracion=CONFIGURACION)
    api.integrar(abc)
    nueva = Fernet.generate_key().decode()
    vieja = (tmp_path / "partners.clave").read_text()
    with app.extensions["bd"].escritura() as conexion:
        assert recifrar(conexion, Cifrador([nueva, vieja])) == 1
    (guardada,) = configuraciones(app)
    assert Cifrador([nueva]).descifrar(guardada) == CONFIGURACION


def test_la_orden_de_recifrar_dice_cuantas_eran(api, app, abc, url, tmp_path):
    api.integrar(abc, configuracion=CONFIGURACION)
    nueva, vieja = Fernet.generate_key().decode(), (tmp_path / "partners.clave").read_text()
    entorno = {"SQLALCHEMY_DATABASE_URI": url, "PARTNERS_CLAVE_CIFRADO": f"{nueva},{vieja}"}
    orden = [sys.executable, "-m", "partners.recifrar"]
    salida = subprocess.run(
        orden, cwd=tmp_path, env=entorno, capture_output=True, text=True, timeout=60, check=True
    )
    assert salida.stdout == "1 configuraciones cifradas con la primera clave.\n"
    (guardada,) = configuraciones(app)
    assert Cifrador([nueva]).descifrar(guardada) == CONFIGURACION


@pytest.mark.parametrize(
    ("cuerpo", "campo"),
    [
        ({"nombre": "x"}, "tipo"),
        ({"tipo": "FTP", "nombre": "x"}, "tipo"),
        ({"tipo": 1, "nombre": "x"}, "tipo"),
        ({"tipo": "API"}, "nombre"),
        ({"tipo": "API", "nombre": " "}, "nombre"),
        ({"tipo": "API", "nombre": "x" * 256}, "nombre"),
        ({"tipo": "API", "nombre": "x", "descripcion": "x" * 2001}, "descripcion"),
        ({"tipo": "API", "nombre": "x", "configuracion": "clave"}, "configuracion"),
    ],
    ids=lambda v: json.dumps(v)[:50] if isinstance(v, dict) else None,
)
def test_lo_que_no_vale_se_dice_con_el_nombre_del_campo(web, api, abc, cuerpo, campo):
    salida = web.post(f"/api/v1/partners/{abc}/integraciones", json=cuerpo)
    assert (salida.status_code, salida.json["codigo"]) == (400, "DATOS_INVALIDOS")
    assert f"'{campo}'" in salida.json["error"]
    assert api.leer(abc).json["partner"]["integraciones"] == []


def test_un_tipo_desconocido_dice_los_cuatro_que_hay(api, abc):
    texto = api.integrar(abc, tipo="FTP").json["error"]
    assert all(tipo in texto for tipo in ("API", "WEBHOOK", "BATCH", "REAL_TIME"))


def test_revocar_responde_lo_del_readme_y_no_se_repite(api, abc):
    una = api.integrar(abc).json["integracion"]["id"]
    salida = api.revocar(una, json={"motivo": "Cambio de proveedor de servicios"})
    assert (salida.status_code, salida.json) == (
        200,
        {
            "mensaje": "Integración revocada exitosamente",
            "integracion_id": una,
            "motivo": "Cambio de proveedor de servicios",
        },
    )
    (antes,) = api.leer(abc).json["partner"]["integraciones"]
    assert (antes["activa"], antes["fecha_revocacion"] is None) == (False, False)
    otra_vez = api.revocar(una, json={"motivo": "otro"})
    esperado = {"error": "Integración ya revocada", "codigo": "INTEGRACION_YA_REVOCADA"}
    assert (otra_vez.status_code, otra_vez.json) == (410, esperado)
    assert api.leer(abc).json["partner"]["integraciones"] == [antes]


def test_el_primer_motivo_se_conserva(api, app, abc):
    una = api.integrar(abc).json["integracion"]["id"]
    for motivo in ("primero", "segundo"):
        api.revocar(una, json={"motivo": motivo})
    with app.extensions["bd"].lectura() as conexion:
        assert conexion.scalar(sa.select(integraciones.c.motivo_revocacion)) == "primero"


@pytest.mark.parametrize(
    "opciones", [{}, {"json": {}}, {"json": {"motivo": None}}, {"content_type": "application/json"}], ids=str
)
def test_revocar_sin_motivo_o_sin_cuerpo_tambien_vale(api, abc, opciones):
    salida = api.revocar(api.integrar(abc).json["integracion"]["id"], **opciones)
    assert (salida.status_code, salida.json["motivo"]) == (200, None)


def test_un_cuerpo_que_no_vale_no_revoca(api, abc):
    una = api.integrar(abc).json["integracion"]["id"]
    assert api.revocar(una, json={"motivo": 5}).status_code == 400
    assert api.revocar(una, data="motivo=x").status_code == 415
    assert api.leer(abc).json["partner"]["integraciones"][0]["activa"]


@pytest.mark.parametrize("una", [UN_UUID, "7", "%00"])
def test_una_integracion_que_no_existe_es_404(api, una):
    salida = api.revocar(una)
    esperado = {"error": "Integración no existe", "codigo": "INTEGRACION_NO_ENCONTRADA"}
    assert (salida.status_code, salida.json) == (404, esperado)


def test_veinte_integraciones_a_la_vez_quedan_todas(api, app, abc, a_la_vez):
    def integrar(numero: int) -> int:
        cuerpo = {"tipo": "API", "nombre": f"n{numero}"}
        return app.test_client().post(f"/api/v1/partners/{abc}/integraciones", json=cuerpo).status_code

    assert a_la_vez(integrar, 20) == [201] * 20
    nombres = {una["nombre"] for una in api.leer(abc).json["partner"]["integraciones"]}
    assert nombres == {f"n{numero}" for numero in range(20)}


def test_de_diez_revocaciones_a_la_vez_gana_una(api, app, abc, a_la_vez):
    una = api.integrar(abc).json["integracion"]["id"]
    ruta = f"/api/v1/partners/integraciones/{una}/revocar"
    estados = a_la_vez(lambda n: app.test_client().put(ruta, json={"motivo": str(n)}).status_code, 10)
    assert sorted(estados) == [200] + [410] * 9
