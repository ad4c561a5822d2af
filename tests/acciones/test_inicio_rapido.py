"""Un README cuyo comienzo no funciona no pasa. Los de verdad los sigue tests/arranques/test_inicio_rapido.py."""

import subprocess

import pytest

from deploy.ci import inicio_rapido

ARRANCA = "python3 -u -c \"import signal; print('está lista'); signal.pause()\""


@pytest.fixture
def repositorio(tmp_path, monkeypatch):
    """Un repositorio con un README que enseña esas órdenes; solo lo confirmado llega al clon."""

    def crear(*ordenes):
        consola = "\n".join(f"{orden}  # un comentario" for orden in ordenes)
        (tmp_path / "README.md").write_text(f"# Prueba\n\n```bash\n{consola}\n```\n", "utf-8")
        git = ["git", "-C", str(tmp_path), "-c", "user.name=prueba", "-c", "user.email=prueba@ejemplo.es"]
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "README.md"], check=True)
        subprocess.run([*git, "commit", "-qm", "prueba"], check=True)
        (tmp_path / "sin-confirmar").touch()
        monkeypatch.setattr(inicio_rapido, "RAIZ", tmp_path)

    return crear


def seguir():
    with inicio_rapido.en_marcha("README.md"):
        pass


def test_si_la_primera_orden_se_muere_se_ve_lo_que_escribio(repositorio):
    repositorio("echo no me va; false")
    with pytest.raises(SystemExit, match="No ha llegado a estar lista:\nno me va"):
        seguir()


def test_si_falla_otra_se_dice_cual_y_no_queda_nada_en_marcha(repositorio):
    repositorio(ARRANCA, "ls sin-confirmar")
    with pytest.raises(SystemExit, match="«ls sin-confirmar» ha fallado"):
        seguir()


def test_un_readme_que_no_dice_donde_mirar_no_vale(repositorio):
    repositorio(ARRANCA, "true")
    with pytest.raises(SystemExit, match="no dice dónde está la portada"):
        seguir()
