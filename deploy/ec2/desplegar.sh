#!/bin/sh
# Despliega un commit en una máquina por SSH, o vuelve al anterior. Desde donde esté el repositorio.
set -eu

uso() {
  cat <<'FIN'
Uso: deploy/ec2/desplegar.sh [opciones] USUARIO@MÁQUINA

  (sin opciones)        envía el commit actual, lo prueba al lado del que está en marcha y lo cambia sin cortes
  --instalar            la primera vez: prepara la máquina (instalar.sh) antes de desplegar
  --tuotempo FICHERO    con --instalar: las variables TUOTEMPO_* de leads
  --rollback [VERSIÓN]  vuelve a la versión anterior, o a la que se diga
  --estado              qué versiones hay en la máquina y cómo están los servicios
  --commit REF          en lugar del commit actual
  --sucio               deja desplegar con cambios sin confirmar (no se envían: va el commit)
  --clave FICHERO       clave privada de SSH
  --conocidas FICHERO   claves públicas de la máquina (known_hosts); sin él, se acepta la de la primera vez
  --puerto N            puerto de SSH (22)
FIN
}

morir() { echo "✘ $*" >&2; exit 1; }
con_valor() { [ $# -gt 1 ] || morir "Falta el valor de $1."; }

accion=desplegar commit=HEAD sucio="" clave="" conocidas="" puerto=22 maquina="" version="" instalar="" tuotempo=""
while [ $# -gt 0 ]; do
  case $1 in
    --instalar) instalar=1 ;;
    --tuotempo) con_valor "$@"; tuotempo=$2; shift ;;
    --rollback)
      accion=volver
      case ${2:-} in *@* | -* | "") ;; *) version=$2; shift ;; esac ;;
    --estado) accion=estado ;;
    --commit) con_valor "$@"; commit=$2; shift ;;
    --sucio) sucio=1 ;;
    --clave) con_valor "$@"; clave=$2; shift ;;
    --conocidas) con_valor "$@"; conocidas=$2; shift ;;
    --puerto) con_valor "$@"; puerto=$2; shift ;;
    -h | --help) uso; exit 0 ;;
    -*) uso >&2; exit 2 ;;
    *) maquina=$1 ;;
  esac
  shift
done
[ -n "$maquina" ] || { uso >&2; exit 2; }
# Los ficheros son relativos a donde está quien llama, y los guiones trabajan en la raíz del repositorio.
fichero() { case $1 in "" | /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
for uno in "$clave" "$conocidas" "$tuotempo"; do
  [ -z "$uno" ] || [ -r "$uno" ] || morir "No puedo leer «$uno»."
done
clave=$(fichero "$clave") conocidas=$(fichero "$conocidas") tuotempo=$(fichero "$tuotempo")
cd "$(dirname "$0")/../.."

en_la_maquina() {
  set -- "$maquina" "$@"
  [ -z "$clave" ] || set -- -i "$clave" -o IdentitiesOnly=yes "$@"
  if [ -n "$conocidas" ]; then
    set -- -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$conocidas" "$@"
  else
    set -- -o StrictHostKeyChecking=accept-new "$@"
  fi
  ssh -p "$puerto" -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 "$@"
}

preparar_maquina() {
  echo "Preparando $maquina…"
  en_la_maquina "rm -rf centralita-instalar && mkdir -m 700 centralita-instalar"
  git archive "$commit" deploy/ec2 | en_la_maquina "tar -x -C centralita-instalar"
  opciones="--nombre ${maquina#*@}"
  if [ -n "$tuotempo" ]; then
    en_la_maquina "umask 077 && cat > centralita-instalar/tuotempo.env" <"$tuotempo"
    opciones="$opciones --tuotempo centralita-instalar/tuotempo.env"
  fi
  estado=0
  en_la_maquina "sudo sh centralita-instalar/deploy/ec2/instalar.sh $opciones" || estado=$?
  en_la_maquina "rm -rf centralita-instalar"
  [ "$estado" = 0 ] || morir "La máquina no ha quedado preparada."
}

case $accion in
  estado) en_la_maquina sudo centralita estado; exit ;;
  volver)
    en_la_maquina sudo centralita volver "$version" || morir "No se ha podido volver. Mira arriba por qué y \`$0 --estado $maquina\`."
    exit ;;
esac

commit=$(git rev-parse --verify --quiet "$commit^{commit}") || morir "No conozco ese commit."
if [ -z "$sucio" ] && [ -n "$(git status --porcelain)" ]; then
  morir "Hay cambios sin confirmar, y lo que se despliega es un commit. Confírmalos, o usa --sucio si no van."
fi
[ -z "$instalar" ] || preparar_maquina
en_la_maquina "command -v /usr/local/sbin/centralita >/dev/null" || morir "No llego a $maquina, o no está preparada: la primera vez, con --instalar."

version=$(date -u +%Y%m%d-%H%M%S)-$(git rev-parse --short=8 "$commit")
echo "Enviando $version: $(git log -1 --format=%s "$commit")"
if git archive "$commit" | en_la_maquina sudo /usr/local/sbin/centralita recibir "$version"; then
  echo "Desplegado. Para volver a lo de antes: $0 --rollback $maquina"
else
  morir "No se ha desplegado. Arriba está el motivo; en la máquina queda en /var/log/centralita/despliegues.log."
fi
