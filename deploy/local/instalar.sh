#!/bin/sh
# Crea el entorno virtual e instala lo que fija requirements.lock: con uv, y con pip si uv no puede.
# Uso: instalar.sh CARPETA_DEL_ENTORNO PAQUETE…
set -eu

entorno=$1
shift
python=${PYTHON:-python3}

command -v "$python" >/dev/null || {
  echo "No se encuentra «$python»: hace falta Python 3.11 o posterior." >&2
  exit 1
}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Hace falta Python 3.11 o posterior y «$python» es $("$python" -V 2>&1). Elige otro: make run PYTHON=python3.12" >&2
  exit 1
}

echo "Preparando el entorno en $entorno (solo la primera vez o si cambian las dependencias)…"
[ -x "$entorno/bin/pip" ] || "$python" -m venv "$entorno" || {
  echo "«$python» no puede crear entornos virtuales. En Debian y Ubuntu: sudo apt install python3-venv" >&2
  exit 1
}

for paquete in "$@"; do
  shift
  set -- "$@" -e "$paquete"
done

con_uv() {
  "$entorno/bin/python" -m pip install -q --disable-pip-version-check 'uv>=0.9' &&
    "$entorno/bin/uv" pip install -q --python "$entorno/bin/python" --require-hashes -r requirements.lock &&
    "$entorno/bin/uv" pip install -q --python "$entorno/bin/python" --no-deps --no-build-isolation "$@"
}

con_pip() {
  echo "uv no ha podido instalar; sigo con pip (tarda algo más)…"
  "$entorno/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock &&
    "$entorno/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation "$@"
}

con_uv "$@" || con_pip "$@"
