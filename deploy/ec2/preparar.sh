#!/bin/sh
# Deja lista para funcionar la versión en cuya carpeta está este guion: su entorno de Python, con lo de fuera por hash.
# Uso: preparar.sh [VERSIÓN_EN_MARCHA]
set -eu
renice -n 15 -p $$ >/dev/null # quien atiende va antes que quien instala
cd "$(dirname "$0")/../.."
parecida=${1:-}

python=""
for candidato in python3.13 python3.12 python3.11 python3; do
  if command -v "$candidato" >/dev/null && "$candidato" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python=$candidato
    break
  fi
done
[ -n "$python" ] || { echo "Hace falta Python 3.11 o posterior: vuelve a pasar instalar.sh." >&2; exit 1; }

"$python" -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check --no-compile --require-hashes -r deploy/ec2/requirements.lock
# shellcheck disable=SC2046 # una opción por paquete
venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation \
  $(for paquete in services/*/pyproject.toml gateway/portal/pyproject.toml; do echo "-e ${paquete%/pyproject.toml}"; done)
venv/bin/python -m compileall -q -j 0 venv/lib services gateway/portal
if [ -n "$parecida" ]; then venv/bin/python deploy/ec2/compartir.py "$parecida/venv" venv; fi
