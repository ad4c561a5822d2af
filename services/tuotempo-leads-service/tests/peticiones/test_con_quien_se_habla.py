"""Con qué TuoTempo se habla y con qué clave."""

import pytest

from tuotempo_leads.infraestructura.tuotempo import SIMULADOR, Conexion
from tuotempo_leads.infraestructura.tuotempo.conexion import plazo

from .conftest import HUECO


class TestConQuienSeHabla:
    def test_sin_decir_nada_es_el_simulador(self):
        conexion = Conexion.de("PRE", entorno={})
        assert (conexion.raiz, conexion.clave) == (f"{SIMULADOR}/api/v3/tt_portal_adeslas", "simulador")

    def test_en_produccion_hay_que_decirlo(self):
        with pytest.raises(ValueError, match="TUOTEMPO_BASE_URL"):
            Conexion.de("PRO", entorno={"ENVIRONMENT": "production"})

    @pytest.mark.parametrize(
        "base", ["https://ejemplo.test", "https://ejemplo.test/", "https://ejemplo.test/api/v3/"]
    )
    def test_la_direccion_vale_con_la_version_y_sin_ella(self, base):
        conexion = Conexion.de("PRE", entorno={"TUOTEMPO_BASE_URL": base, "TUOTEMPO_INSTANCE_ID": "otra"})
        assert conexion.raiz == "https://ejemplo.test/api/v3/otra"

    def test_el_entorno_elige_la_clave_y_la_clave_no_dice_el_entorno(self):
        entorno = {"TUOTEMPO_API_KEY_PRE": "clave-PRO-rara", "TUOTEMPO_API_KEY_PRO": "otra"}
        assert Conexion.de("PRE", entorno=entorno).clave == "clave-PRO-rara"
        assert Conexion.de("PRO", entorno=entorno).clave == "otra"

    def test_lo_que_se_pasa_al_crearlo_gana_a_las_variables(self):
        entorno = {"TUOTEMPO_API_KEY_PRE": "a", "TUOTEMPO_INSTANCE_ID": "b", "TUOTEMPO_BASE_URL": "http://c"}
        conexion = Conexion.de("PRE", instance_id="i", api_key="k", base_url="http://u", entorno=entorno)
        assert (conexion.raiz, conexion.clave) == ("http://u/api/v3/i", "k")

    def test_la_clave_no_sale_al_imprimirla(self):
        assert "secretisima" not in repr(Conexion.de("PRE", api_key="secretisima", entorno={}))

    def test_sin_clave_se_puede_mirar_pero_no_reservar(self, crear, monkeypatch):
        monkeypatch.setenv("ENVIRONMENT", "production")
        monkeypatch.delenv("TUOTEMPO_API_KEY_PRO", raising=False)
        api = crear(api_key=None, environment="PRO")
        assert api.get_centers()["result"] == "OK"
        with pytest.raises(ValueError, match="TUOTEMPO_API_KEY_PRO"):
            api.confirm_appointment(HUECO, "600000000", userid="x")

    @pytest.mark.parametrize(
        ("base", "clave"),
        [
            ("http://simulado:5010", "simulador"),
            ("https://app.tuotempo.com", ""),
            ("https://PRE.TUOTEMPO.com", ""),
        ],
    )
    def test_solo_a_un_simulador_se_le_da_una_clave_inventada(self, base, clave):
        assert Conexion.de("PRE", entorno={"TUOTEMPO_BASE_URL": base}).clave == clave

    @pytest.mark.parametrize(
        ("opcion", "valor"), [("lang", "fr"), ("environment", "PROD"), ("base_url", "app.tuotempo.com")]
    )
    def test_lo_que_no_vale_se_dice_al_crearlo(self, crear, opcion, valor):
        with pytest.raises(ValueError, match=valor):
            crear(**{opcion: valor})

    @pytest.mark.parametrize("texto", ["0", "-1", "pronto", "inf", "nan"])
    def test_un_plazo_que_no_vale_se_dice(self, texto):
        with pytest.raises(ValueError, match="TUOTEMPO_TIMEOUT"):
            plazo({"TUOTEMPO_TIMEOUT": texto})

    def test_el_plazo_es_mayor_que_lo_que_tarda_el_portal_en_rendirse(self):
        assert (plazo({}), plazo({"TUOTEMPO_TIMEOUT": "40"})) == (30.0, 40.0)
