#!/bin/sh
# Deja lista para funcionar la versión en cuya carpeta está este guion: su entorno de Python, con lo de fuera por hash.
# Uso: preparar.sh [VERSIÓN_EN_MARCHA]
set -eu
cd "$(dirname "$0")/../.."
en_marcha=${1:-}
[ -z "$en_marcha" ] || renice -n 5 -p $$ >/dev/null # quien atiende va antes que quien instala
fijadas=deploy/ec2/requirements.lock

buscar_python() {
  for candidato in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidato" >/dev/null && "$candidato" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      echo "$candidato"
      return
    fi
  done
  echo "Hace falta Python 3.11 o posterior: vuelve a pasar instalar.sh." >&2
  exit 1
}

# Si lo de fuera es lo mismo que en la versión en marcha, se comparte con enlaces duros: no se descarga ni ocupa dos veces.
compartir_entorno() {
  [ -n "$en_marcha" ] && cmp -s "$fijadas" "$en_marcha/$fijadas" && [ -e "$en_marcha/venv/.completo" ] || return 1
  cp -al "$en_marcha/venv" venv
  rm venv/.completo
  grep -rlI "$en_marcha" venv/bin venv/pyvenv.cfg | xargs -r sed -i "s#$en_marcha#$PWD#g"
  echo "Lo de fuera no ha cambiado: se comparte con ${en_marcha##*/}."
}

instalar_entorno() {
  echo "Instalando lo que fija $fijadas…"
  "$(buscar_python)" -m venv venv
  venv/bin/python -m pip install -q --disable-pip-version-check --no-compile --require-hashes -r "$fijadas"
  venv/bin/python -m compileall -q -j 0 venv/lib
}

compartir_entorno || instalar_entorno
# shellcheck disable=SC2046 # una opción por paquete
venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation \
  $(for paquete in services/*/pyproject.toml gateway/portal/pyproject.toml; do echo "-e ${paquete%/pyproject.toml}"; done)
venv/bin/python -m compileall -q services gateway/portal
touch venv/.completo
