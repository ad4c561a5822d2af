"""El recordatorio de revisión de cada pull request."""

import pytest

from deploy.ci.recordatorio import recordatorio

PR = {"pull_request": {"number": 7}}


@pytest.mark.parametrize(
    ("ruta", "aviso"),
    [
        ("contracts/eventos/CitaCreada.v1.json", "contrato"),
        ("services/canales-service/src/canales/migraciones/versions/0002.py", "migración"),
        ("services/espacio-clientes-api/src/espacio_clientes/dominio/pagos.py", "dinero"),
        ("requirements.lock", "dependencias"),
        ("deploy/ec2/desplegar.sh", "despliegue"),
        (".github/workflows/ci.yml", "integración continua"),
    ],
)
def test_cada_parte_delicada_trae_su_pregunta(ruta, aviso):
    assert f"**{aviso}**" in recordatorio([ruta])
    assert f"**{aviso}**" not in recordatorio(["docs/un-evento.md"])


def test_dice_que_servicios_puede_afectar():
    assert "`canales-service`, `portal`" in recordatorio(["services/canales-service/a", "gateway/portal/b"])
    assert "puede afectar: ninguno." in recordatorio(["docs/un-evento.md"])


def test_el_pr_recibe_un_comentario_y_el_siguiente_commit_lo_pone_al_dia(en_github, tmp_path):
    en_github.ficheros = [{"filename": f"docs/{n}.md"} for n in range(100)] + [{"filename": "contracts/x"}]
    assert en_github.make("recordatorio", PR).returncode == 0
    ((metodo, ruta, comentario),) = en_github.escrito
    assert (metodo, ruta) == ("POST", "/issues/7/comments")
    assert "**contrato**" in comentario["body"], "está en la segunda página de ficheros"
    assert "aprobación de otra persona" in (tmp_path / "resumen.md").read_text("utf-8")
    en_github.comentarios = [{"id": 9, "user": {"login": "github-actions[bot]"}, "body": comentario["body"]}]
    en_github.make("recordatorio", PR)
    assert en_github.escrito[1][:2] == ("PATCH", "/issues/comments/9")


def test_en_un_pr_de_otro_repositorio_queda_el_aviso_y_el_resumen(en_github, tmp_path):
    en_github.solo_lectura = True
    hecho = en_github.make("recordatorio", PR)
    assert hecho.returncode == 0
    assert "::notice title=Revisión pendiente::" in hecho.stdout
    assert "Recordatorio de revisión" in (tmp_path / "resumen.md").read_text("utf-8")
