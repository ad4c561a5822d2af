"""El despliegue de verdad, ensayado: sshd y systemd en un contenedor, versiones buenas y rotas, y clientes llamando.

Las pruebas van en orden y sobre la misma máquina, como en la vida de una: cada una parte de donde dejó la anterior.
"""

import pytest
import requests

from tests.ensayo.maquina import Despliegue, Maquina, Repositorio
from tests.pila import esperar
from tests.trafico import Trafico, crear, leer

pytestmark = pytest.mark.timeout(900)

SALUDO = "services/customer_service/src/customer_service/entradas/http.py"
MIGRACION = "services/canales-service/src/canales/migraciones/versions/9999_nota.py"
APP = "services/partners-service/app.py"
NUEVA_COLUMNA = '''"""Una nota en cada cliente."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{ultima}"


def upgrade() -> None:
    op.add_column("clientes", sa.Column("nota", sa.String(200)))
'''
NO_ESTA_LISTA = """
from chasis.errores import NoDisponible

@app.before_request
def rota():
    raise NoDisponible("rota: no está lista")
"""
SOLO_FALLA_EN_SU_SITIO = """
import os
if "prueba" not in os.environ["PROMETHEUS_MULTIPROC_DIR"]:
    raise RuntimeError("rota: al cambiar")
"""
TUOTEMPO = "TUOTEMPO_BASE_URL=https://tuotempo.invalid\nTUOTEMPO_API_KEY_PRE=llave-de-las-pruebas\n"


@pytest.fixture(scope="module")
def maquina(tmp_path_factory):
    maquina = Maquina(tmp_path_factory.mktemp("maquina"))
    yield maquina
    maquina.quitar()


@pytest.fixture(scope="module")
def repositorio(tmp_path_factory) -> Repositorio:
    return Repositorio(tmp_path_factory.mktemp("repositorio") / "centralita")


@pytest.fixture(scope="module")
def desplegar(repositorio, maquina):
    return lambda *opciones: Despliegue(repositorio, maquina, *opciones)


@pytest.fixture(scope="module")
def calle(maquina) -> str:
    return f"http://{maquina.direccion}"


@pytest.fixture
def clientela(calle):
    """Gente por el puerto 80; entre todos, por debajo de lo que el gateway admite de una dirección."""
    lecturas = (
        "",
        "partners/api/v1/partners",
        "leads/health",
        "espacio/health/live",
        "canales/clientes?per_page=5",
    )
    trafico = Trafico(
        leer(f"{calle}/clientes/saludo"),
        crear(f"{calle}/canales/cliente", lambda n: {"nombre": n, "tipo_servicio": "soporte"}),
        # Esta pasa por dos servicios: clientes llama a almacén.
        crear(
            f"{calle}/clientes/clientes",
            lambda n: {"nombre": n, "contacto": "eva@example.com", "servicio": "Fibra"},
        ),
        leer(*(f"{calle}/{lectura}" for lectura in lecturas)),
        por_segundo=15,
    )
    yield trafico
    print(f"\nCarga: {trafico.resumen()}")


@pytest.fixture(scope="module")
def versiones() -> dict[str, str]:
    """Cómo se llama en la máquina cada versión desplegada."""
    return {}


def saludo(calle: str) -> str:
    return requests.get(f"{calle}/clientes/saludo", timeout=10).json()["message"]


def test_una_maquina_sin_preparar_lo_dice(desplegar):
    intento = desplegar()
    assert intento.codigo == 1
    assert "--instalar" in intento.texto


def test_v1_se_instala_y_responde(desplegar, maquina, calle, versiones, tmp_path):
    ajustes = tmp_path / "tuotempo.env"
    ajustes.write_text(TUOTEMPO)
    intento = desplegar("--instalar", "--tuotempo", str(ajustes))
    assert intento.codigo == 0, intento.texto
    versiones["v1"] = maquina.en_marcha()
    assert saludo(calle) == "Hola desde Sky App v2.0 mejorada!"
    print(
        maquina.dentro(
            "cd /opt/centralita; du -sh versiones/*; systemctl status --no-pager storage_service | head -8"
        )
    )


@pytest.mark.parametrize("unidad", ["customer_service", "storage_service"])
def test_las_unidades_del_readme_existen_y_estan_en_marcha(maquina, unidad):
    assert maquina.dentro(f"systemctl is-active {unidad}.service").strip() == "active"
    assert maquina.dentro(f"systemctl is-enabled {unidad}.service").strip() == "enabled"


def test_los_servicios_no_son_root_y_los_secretos_solo_los_lee_root(maquina):
    usuarios = maquina.dentro("ps -o user= -C gunicorn,traefik,python | sort -u").split()
    assert usuarios in (["centralit+"], ["centralita"])
    assert set(maquina.dentro("stat -c '%a %U' /etc/centralita/*.env").splitlines()) == {"600 root"}
    assert "denied" in maquina.dentro("setpriv --reuid centralita cat /etc/centralita/comun.env 2>&1")


def test_de_fuera_solo_se_entra_por_el_gateway(maquina):
    for puerto in (5000, 5001, 5002, 5003, 5004, 5080, 8000, 8090):
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://{maquina.direccion}:{puerto}/health", timeout=5)


def test_v2_entra_con_clientes_llamando_y_nadie_lo_nota(
    desplegar, maquina, repositorio, calle, versiones, clientela
):
    versiones_de_canales = repositorio.carpeta / MIGRACION.rsplit("/", 1)[0]
    ultima = max(versiones_de_canales.glob("0*.py")).name[:4]
    repositorio.cambiar(MIGRACION, "", NUEVA_COLUMNA.format(ultima=ultima))
    repositorio.cambiar("gateway/rutas.yml", "Rutas y middlewares", "Rutas, middlewares y un gateway nuevo")
    repositorio.confirmar("Una columna más y otro gateway")
    repositorio.cambiar(SALUDO, "v2.0 mejorada!", "v2.1 ensayada!")
    repositorio.confirmar("Un saludo nuevo")
    with clientela:
        intento = desplegar()
    assert intento.codigo == 0, intento.texto
    assert not clientela.fallos
    versiones["v2"] = maquina.en_marcha()
    assert saludo(calle) == "Hola desde Sky App v2.1 ensayada!"
    print(
        maquina.dentro(
            "cd /opt/centralita; du -sh versiones/*; cat /proc/meminfo | head -3; df -h / | tail -1"
        )
    )


def test_una_v3_rota_no_llega_a_atender_a_nadie(desplegar, maquina, repositorio, calle, versiones, clientela):
    repositorio.cambiar(APP, "", NO_ESTA_LISTA)
    repositorio.confirmar("Arranca, pero no está lista")
    with clientela:
        intento = desplegar()
    repositorio.git("revert", "--no-edit", "HEAD")
    assert intento.codigo == 1
    assert "rota:" in intento.texto
    assert not clientela.fallos
    assert maquina.en_marcha() == versiones["v2"]
    assert maquina.dentro("ls /opt/centralita/versiones").split() == sorted(versiones.values())


def test_si_falla_al_cambiar_se_vuelve_sola(desplegar, maquina, repositorio, calle, versiones, clientela):
    repositorio.cambiar(APP, "", SOLO_FALLA_EN_SU_SITIO)
    repositorio.confirmar("Solo falla en su sitio")
    with clientela:
        intento = desplegar()
    repositorio.git("revert", "--no-edit", "HEAD")
    assert intento.codigo == 1
    assert "Vuelta automática" in intento.texto
    assert not clientela.fallos
    assert maquina.en_marcha() == versiones["v2"]
    assert saludo(calle) == "Hola desde Sky App v2.1 ensayada!"


def test_dos_despliegues_a_la_vez_no_se_pisan(desplegar, maquina):
    maquina.dentro("flock /run/lock/centralita sleep 10 >/dev/null 2>&1 & sleep 0.5")
    intento = desplegar()
    esperar(lambda: "libre" in maquina.dentro("flock -n /run/lock/centralita echo libre"), 60)
    assert intento.codigo == 1
    assert "Ya hay un despliegue en marcha" in intento.texto


def test_rollback_vuelve_a_v1_con_la_base_de_v2(desplegar, maquina, calle, versiones, clientela):
    with clientela:
        intento = desplegar("--rollback")
    assert intento.codigo == 0, intento.texto
    assert not clientela.fallos
    assert maquina.en_marcha() == versiones["v1"]
    assert saludo(calle) == "Hola desde Sky App v2.0 mejorada!"
    assert "base_de_datos_posterior" in maquina.dentro("journalctl -u canales-service -o cat --no-pager")


def test_git_revert_y_desplegar_deja_atras_el_cambio(
    desplegar, repositorio, calle, versiones, maquina, clientela
):
    primero = repositorio.git("log", "--format=%h", "--grep", "Un saludo nuevo", "-1").strip()
    print(repositorio.git("revert", "--no-edit", primero))
    with clientela:
        intento = desplegar()
    assert intento.codigo == 0, intento.texto
    assert not clientela.fallos
    assert maquina.en_marcha() not in versiones.values()
    assert saludo(calle) == "Hola desde Sky App v2.0 mejorada!"


def test_con_cambios_sin_confirmar_no_se_despliega(desplegar, repositorio):
    repositorio.cambiar(SALUDO, "v2.0", "v9.9")
    intento = desplegar()
    repositorio.git("checkout", "-q", ".")
    assert intento.codigo == 1
    assert "sin confirmar" in intento.texto
