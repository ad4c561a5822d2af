import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from partners.config import Ajustes
from partners.config.clave import clave_de_esta_maquina
from partners.config.db import abrir, con_controlador

CARPETA = Path(__file__).parents[1]


def ajustes(**valores) -> Ajustes:
    return Ajustes(_env_file=None, **valores)


def motivo(**valores) -> str:
    with pytest.raises(ValueError) as fallo:
        ajustes(**valores)
    return str(fallo.value)


def test_los_valores_por_defecto_son_los_del_readme():
    por_defecto = ajustes()
    assert por_defecto.base_de_datos == "postgresql://postgres:postgres@localhost:5433/partners_db"
    assert (por_defecto.puerto, por_defecto.entorno, por_defecto.depuracion) == (5001, "development", False)


@pytest.mark.parametrize(
    ("direccion", "controlador"),
    [
        ("postgresql://u:p@h/b", "postgresql+psycopg"),
        ("postgres://u:p@h/b", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@h/b", "postgresql+psycopg"),
        ("sqlite:///x.sqlite", "sqlite"),
    ],
)
def test_postgresql_a_secas_es_psycopg_3(direccion, controlador):
    assert con_controlador(direccion).drivername == controlador


def test_sin_base_de_datos_se_dice_que_falta_sin_ensenar_la_contrasena():
    with pytest.raises(SystemExit) as fin:
        abrir("postgresql://usuario:secretisima@127.0.0.1:1/partners_db")
    texto = str(fin.value)
    assert "usuario:***@127.0.0.1:1/partners_db" in texto
    assert "SQLALCHEMY_DATABASE_URI" in texto
    assert "secretisima" not in texto


def test_python_app_sin_postgresql_lo_dice_y_termina(tmp_path):
    entorno = {
        "SQLALCHEMY_DATABASE_URI": "postgresql://postgres:postgres@127.0.0.1:1/x",
        "DATOS_DIR": str(tmp_path),
    }
    orden = [sys.executable, "app.py"]
    salida = subprocess.run(
        orden, cwd=CARPETA, env=entorno, capture_output=True, text=True, timeout=60, check=False
    )
    assert salida.returncode == 1
    assert salida.stderr.startswith(
        "No se puede usar la base de datos postgresql+psycopg://postgres:***@127.0.0.1:1/x"
    )


def test_una_url_que_no_se_entiende_se_dice():
    assert "no es una URL de SQLAlchemy" in motivo(base_de_datos="no es una url")


class TestClave:
    def test_en_produccion_es_obligatoria(self):
        assert "PARTNERS_CLAVE_CIFRADO" in motivo(flask_env="production")
        assert "PARTNERS_CLAVE_CIFRADO" in motivo(entorno="production")
        assert ajustes(flask_env="production", clave_cifrado=Fernet.generate_key().decode()).claves

    def test_una_que_no_vale_se_dice_sin_ensenarla(self, monkeypatch, tmp_path):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PARTNERS_CLAVE_CIFRADO", "clave-corta")
        with pytest.raises(SystemExit) as fin:
            Ajustes.cargar()
        assert "PARTNERS_CLAVE_CIFRADO: " in str(fin.value)
        assert "clave-corta" not in str(fin.value)

    def test_al_desarrollar_se_crea_una_vez_y_solo_la_lee_su_dueno(self, tmp_path):
        clave = ajustes(directorio_datos=tmp_path / "datos").claves
        assert ajustes(directorio_datos=tmp_path / "datos").claves == clave
        assert (tmp_path / "datos/partners.clave").stat().st_mode & 0o077 == 0

    def test_dos_procesos_que_llegan_a_la_vez_se_quedan_con_la_misma(self, tmp_path, a_la_vez):
        assert len(set(a_la_vez(lambda _: clave_de_esta_maquina(tmp_path), 16))) == 1

    def test_no_aparece_al_escribir_los_ajustes(self):
        clave = Fernet.generate_key().decode()
        assert clave not in repr(ajustes(clave_cifrado=clave))


def test_el_depurador_no_se_enciende_en_produccion():
    clave = Fernet.generate_key().decode()
    assert "FLASK_DEBUG" in motivo(flask_env="production", depuracion=True, clave_cifrado=clave)


def test_flask_env_y_flask_debug_se_honran(monkeypatch):
    monkeypatch.setenv("FLASK_ENV", "development")
    monkeypatch.setenv("FLASK_DEBUG", "1")
    monkeypatch.setenv("ENVIRONMENT", "production")
    leidos = ajustes()
    assert (leidos.entorno, leidos.depuracion) == ("development", True)
