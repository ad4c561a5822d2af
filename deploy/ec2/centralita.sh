#!/bin/sh
# En la máquina, como root: recibe versiones, las pone en marcha y vuelve a las anteriores. `instalar.sh` lo deja en
# /usr/local/sbin/centralita y `desplegar.sh` lo llama por SSH.
set -eu
# Lo que entre no lo lee nadie más que root y el usuario de los servicios.
umask 022

raiz=/opt/centralita
versiones=$raiz/versiones
cerrojo=/run/lock/centralita

uso() {
  cat <<'FIN'
Uso: centralita recibir VERSIÓN    lee un .tar por la entrada y deja la versión preparada y en marcha
     centralita volver [VERSIÓN]   vuelve a la versión anterior, o a la que se diga
     centralita estado             qué versiones hay y cómo está cada servicio
FIN
}

en_marcha() { readlink "$raiz/actual" 2>/dev/null || true; }

# Dos despliegues a la vez se pisarían; el cerrojo se suelta solo aunque este proceso muera.
en_exclusiva() {
  exec 9>>"$cerrojo"
  flock -n 9 || { echo "Ya hay un despliegue en marcha en esta máquina: $(cat "$cerrojo"). Espera a que acabe." >&2; exit 75; }
  echo "$1, desde las $(date +%H:%M:%S)" >"$cerrojo"
}

publicar() {
  trap '' HUP # si se corta la conexión, lo empezado se acaba
  "$versiones/$1/venv/bin/python" -B "$versiones/$1/deploy/ec2/publicar.py" "$@"
}

recibir() {
  case $1 in *[!A-Za-z0-9-]* | "") echo "«$1» no sirve como nombre de versión." >&2; exit 2 ;; esac
  en_exclusiva "$1"
  carpeta=$versiones/$1
  [ ! -e "$carpeta" ] || { echo "La versión $1 ya está aquí." >&2; exit 2; }
  mkdir "$carpeta"
  trap 'rm -rf "$carpeta"' EXIT
  tar -x --no-same-owner -C "$carpeta"
  sh "$carpeta/deploy/ec2/preparar.sh" "$(en_marcha)"
  trap - EXIT
  publicar "$1"
}

volver() {
  en_exclusiva "vuelta atrás"
  destino=${1:-$(basename "$(readlink "$raiz/anterior" || true)")}
  [ -n "$destino" ] || { echo "No hay ninguna versión anterior a la que volver." >&2; exit 1; }
  [ -x "$versiones/$destino/venv/bin/python" ] || { echo "No está la versión «$destino». Las que hay:" >&2; ls "$versiones" >&2; exit 1; }
  publicar "$destino" --conocida
}

estado() {
  for version in "$versiones"/*/; do
    version=${version%/}
    marca=" "
    [ "$version" = "$(en_marcha)" ] && marca="*"
    echo "$marca ${version##*/}"
  done
  echo
  systemctl list-units --all --no-legend --plain '*_service.service' 'canales-service.service' 'partners-service.service' \
    'tuotempo-leads-service.service' 'espacio-clientes-api.service' 'centralita-*.service'
}

orden=${1:-}
[ $# -gt 0 ] && shift
case $orden in
  recibir) recibir "${1:-}" ;;
  volver) volver "${1:-}" ;;
  estado) estado ;;
  *) uso >&2; exit 2 ;;
esac
