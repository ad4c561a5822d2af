"""Lo que vale para todas las rutas: identidad, registros sin datos personales, CORS y producción."""

import json
import re
import subprocess
import sys

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from espacio_clientes import semillas
from espacio_clientes.arranque import crear_app
from espacio_clientes.config.secreto import clave_de_firma
from espacio_clientes.config.settings import SECRETO_DEL_README, Ajustes
from espacio_clientes.infraestructura.procesadores import Simulador
from espacio_clientes.puertos import Cobro, SinRespuesta

from .conftest import CLAVE, ajustes_de


def test_la_identidad_de_la_peticion_vuelve_y_sale_en_el_registro(web, capsys):
    salida = web.get(
        "/health", headers={"X-Request-ID": "pet-1", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    )
    assert salida.json() == {"status": "healthy"}
    assert salida.headers["X-Request-ID"] == "pet-1"
    assert salida.headers["traceparent"].startswith(f"00-{'a' * 32}-")
    web.get("/nada", headers={"X-Request-ID": "pet-2"})
    linea = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (linea["peticion"], linea["ruta"], linea["estado"]) == ("pet-2", "(ninguna)", 404)


def test_ni_documento_ni_usuario_ni_token_ni_clave_llegan_a_los_registros(web, lucia, mateo, capfd):
    web.post("/token", data={"username": "usuario-secreto", "password": CLAVE})
    lucia.pagar(lucia.carrito_con("123"))
    mateo.deudas("30111222")
    mateo.agregar(1, usuario="otro-usuario-secreto")
    lucia.pedir("GET", "/pagos/PAGO-0001/recibo")
    escrito = "".join(capfd.readouterr())
    assert "/consulta/deuda-cliente/" in escrito
    for secreto in ("30111222", "usuario-secreto", CLAVE, lucia.token, lucia.token.split(".")[1], "Lucía"):
        assert secreto not in escrito


@pytest.mark.parametrize("opciones", [{"origenes": ["https://frontal.ejemplo"]}])
def test_cors_admite_exactamente_los_origenes_dichos(web):
    preguntar = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    bueno = web.options("/pago", headers={"Origin": "https://frontal.ejemplo", **preguntar})
    assert bueno.headers["Access-Control-Allow-Origin"] == "https://frontal.ejemplo"
    for origen in ("https://otro.ejemplo", "https://frontal.ejemplo.malo", "http://frontal.ejemplo", "null"):
        malo = web.options("/pago", headers={"Origin": origen, **preguntar})
        assert "Access-Control-Allow-Origin" not in malo.headers
        assert malo.status_code == 400


@pytest.mark.parametrize("ruta", ["/metrics", "/health/ready", "/espacio/metrics", "/espacio/health/ready"])
def test_lo_interno_no_existe_para_quien_llega_por_un_proxy(web, ruta):
    assert web.get(ruta).status_code == 200
    for cabecera in ("X-Forwarded-Host", "X-Forwarded-For"):
        assert web.get(ruta, headers={cabecera: "203.0.113.7"}).status_code == 404


def test_por_el_gateway_los_enlaces_llevan_su_prefijo_y_directo_no(web, lucia, procesador):
    procesador.calla = True
    sesion = lucia.carrito_con("123")
    consulta = {"session": sesion, "user": "cliente", "cod_transaccion": "PAGO-0001"}
    assert lucia.pedir("POST", "/espacio/pago", consulta).headers["Location"] == "/espacio/pagos/PAGO-0001"
    assert lucia.pagar(sesion).headers["Location"] == "/pagos/PAGO-0001"
    assert web.get("/espacio/openapi.json").json()["servers"] == [{"url": "/espacio"}]
    assert web.get("/openapi.json").json()["servers"] == [{"url": "/"}]
    assert (
        web.get("/espacio/consulta/deuda-cliente", follow_redirects=False)
        .headers["Location"]
        .endswith("/espacio/consulta/deuda-cliente/")
    )


@pytest.mark.parametrize("pagina", ["/docs", "/redoc"])
def test_la_documentacion_se_sirve_entera_desde_aqui(web, pagina):
    texto = web.get(pagina).text
    recursos = re.findall(r'(?:src|href|spec-url)="([^"]+)"', texto)
    assert len(recursos) >= 3
    for recurso in recursos:
        assert "//" not in recurso
        assert web.get("/" + recurso).status_code == 200, recurso
    assert web.get("/docs/../api.py").status_code == 404
    assert web.get("/docs/nada.js").status_code == 404
    assert "cdn.redoc" not in web.get("/docs/redoc.standalone.js").text


def test_las_metricas_cuentan_por_ruta_y_no_por_direccion(web, lucia):
    lucia.deudas()
    texto = web.get("/metrics").text
    assert 'http_peticiones_total{estado="200",metodo="GET",ruta="/consulta/deuda-cliente/"}' in texto
    assert "30111222" not in texto
    assert "eventos_pendientes" in texto


def test_lo_que_nadie_previo_es_un_500_sin_pistas(web, lucia, piezas, monkeypatch, capsys):
    monkeypatch.setattr("espacio_clientes.aplicacion.carritos.ahora", lambda: 1 / 0)
    salida = lucia.deudas()
    assert (salida.status_code, salida.json()) == (500, {"detail": "Error interno del servidor"})
    assert "ZeroDivisionError" in capsys.readouterr().out


@pytest.mark.parametrize("secreto", ["", SECRETO_DEL_README, "corta", "x" * 31])
def test_produccion_no_arranca_con_una_clave_que_no_vale(secreto):
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        Ajustes(_env_file=None, entorno="production", secreto=secreto)


def test_produccion_no_arranca_con_el_simulador():
    with pytest.raises(ValidationError, match="PROCESADOR_PAGOS"):
        Ajustes(_env_file=None, entorno="production", secreto="s" * 32, procesador="simulador")


@pytest.mark.parametrize("secreto", ["", SECRETO_DEL_README])
def test_desarrollo_sin_clave_se_hace_una_la_guarda_y_lo_dice(tmp_path, secreto, capsys):
    ajustes = Ajustes(_env_file=None, directorio_datos=tmp_path, secreto=secreto)
    clave = clave_de_firma(ajustes)
    assert len(clave) >= 32
    assert clave_de_firma(ajustes) == clave
    assert (tmp_path / "espacio_secreto.key").stat().st_mode & 0o777 == 0o600
    assert "SECRET_KEY" in capsys.readouterr().out


def test_produccion_exige_https_y_nombres_conocidos_salvo_a_la_salud(tmp_path):
    app = crear_app(ajustes_de(tmp_path, entorno="production", anfitriones=["api.ejemplo"]))
    with TestClient(app, base_url="http://api.ejemplo") as web:
        salida = web.get("/docs", follow_redirects=False)
        assert (salida.status_code, salida.headers["Location"]) == (307, "https://api.ejemplo/docs")
        assert web.get("/docs", headers={"Host": "otro.ejemplo"}).status_code == 400
        assert web.get("/health/live", headers={"Host": "10.0.0.7"}).status_code == 200


def test_las_semillas_se_siembran_una_vez_y_ensenan_las_claves_una_vez(tmp_path):
    entorno = {
        "DATOS_DIR": str(tmp_path),
        "SECRET_KEY": "s" * 40,
        "ESPACIO_DEMO_PASSWORD_OPERADOR": "elegida",
    }
    orden = [sys.executable, "-m", "espacio_clientes.semillas"]
    primera, segunda = (
        subprocess.run(orden, env=entorno, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert "11 deudas nuevas" in primera
    assert "la del entorno" in primera
    clave = primera.split("contraseña: ")[1].split()[0]
    assert "0 deudas nuevas" in segunda
    assert segunda.count("ya estaba") == 3
    with TestClient(crear_app(ajustes_de(tmp_path))) as web:
        for usuario, suya in (("cliente", clave), ("operador", "elegida")):
            assert web.post("/token", data={"username": usuario, "password": suya}).status_code == 200


def test_las_semillas_tienen_las_deudas_que_dice_su_especificacion():
    por_cliente = [(d["documento"], d["moneda"]) for d in semillas.deudas()]
    assert por_cliente.count(("30111222", 1)) >= 6
    assert por_cliente.count(("30111222", 2)) == 2
    assert por_cliente.count(("30333444", 1)) == 3


def test_el_simulador_ensena_cada_final_de_un_pago():
    simulador = Simulador(0.01)
    assert simulador.cobrar(Cobro("PAGO-1", 1, 1)) == "aprobado"
    assert simulador.cobrar(Cobro("RECHAZO-1", 1, 1)) == "rechazado"
    for clave, final in (("SILENCIO-1", "rechazado"), ("TARDE-1", "aprobado")):
        for _ in range(2):
            with pytest.raises(SinRespuesta):
                simulador.cobrar(Cobro(clave, 1, 1))
        assert simulador.resolver(clave) == final
    assert simulador.resolver("NUNCA-VISTO") == "rechazado"
    assert simulador.cobrar(Cobro("NUNCA-VISTO", 1, 1)) == "rechazado"
    assert {clave for clave, veces in simulador.cobros.items() if veces} == {"PAGO-1", "TARDE-1"}


def test_por_el_gateway_no_se_ensena_lo_que_el_gateway_no_deja_pasar(web):
    por_fuera = web.get("/openapi.json", headers={"X-Forwarded-Host": "localhost:8080"}).json()["paths"]
    assert web.get("/openapi.json").json()["paths"].keys() - por_fuera.keys() == {"/health/ready"}
