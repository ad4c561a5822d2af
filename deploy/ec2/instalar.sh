#!/bin/sh
# Prepara una máquina (Amazon Linux 2023 o Debian 12 y posteriores) para recibir versiones de Centralita. Como root; se
# puede repetir: no toca los secretos ni los datos que ya haya.
# Uso: instalar.sh [--nombre NOMBRE]… [--tuotempo FICHERO] [--compose]
#   --nombre NOMBRE      nombre o dirección por la que se entra desde fuera (espacio-clientes no atiende otros)
#   --tuotempo FICHERO   TUOTEMPO_BASE_URL, TUOTEMPO_API_KEY_PRE o _PRO y lo que haga falta más (.env.example)
#   --compose            para máquinas más grandes: instala Docker y levanta la pila real de contenedores
set -eu

aqui=$(cd "$(dirname "$0")" && pwd)
ajustes=/etc/centralita
nombres='"localhost", "127.0.0.1", "*.localhost"'
tuotempo="" con_compose=""

morir() { echo "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in --nombre | --tuotempo) [ $# -gt 1 ] || morir "Falta el valor de $1." ;; esac
  case $1 in
    --nombre) nombres="$nombres, \"$2\""; shift 2 ;;
    --tuotempo) tuotempo=$2; shift 2 ;;
    --compose) con_compose=1; shift ;;
    *) morir "No entiendo «$1». Uso: instalar.sh [--nombre NOMBRE]… [--tuotempo FICHERO] [--compose]" ;;
  esac
done
[ -z "$tuotempo" ] || [ -r "$tuotempo" ] || morir "No puedo leer «$tuotempo»."
[ "$(id -u)" = 0 ] || morir "Hay que ser root: sudo $0"

instalar_paquetes() {
  if command -v dnf >/dev/null; then
    # El Python del sistema es 3.9; curl ya viene, y su paquete completo choca con el que hay.
    dnf install -q -y python3.13 python3.13-pip nginx util-linux tar make || dnf install -q -y python3.11 python3.11-pip nginx util-linux tar make
  elif command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      python3 python3-venv ca-certificates curl nginx-light util-linux tar make >/dev/null
  else
    morir "Solo sé instalar en Amazon Linux 2023 (dnf) y en Debian (apt-get)."
  fi
}

# Los contenedores llevan dentro todo lo demás; sus datos, en los volúmenes de Docker.
levantar_contenedores() {
  if command -v dnf >/dev/null; then
    dnf install -q -y docker
    # Amazon Linux no trae `docker compose`: se pone como dice su documentación, con la versión y el hash a la vista.
    [ -n "${COMPOSE_URL:-}" ] && [ -n "${COMPOSE_SHA256:-}" ] ||
      morir "Di qué docker compose instalar: COMPOSE_URL (el binario de sus publicaciones) y COMPOSE_SHA256."
    complementos=/usr/local/lib/docker/cli-plugins
    mkdir -p "$complementos"
    curl -fsSL -o "$complementos/docker-compose" "$COMPOSE_URL"
    echo "$COMPOSE_SHA256  $complementos/docker-compose" | sha256sum -c --quiet
    chmod 755 "$complementos/docker-compose"
  else
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io docker-compose docker-buildx >/dev/null
  fi
  systemctl enable --now docker
  cd "$aqui/../.."
  make up ORACLE="${ORACLE:-0}"
}

secreto() { head -c 32 /dev/urandom | base64 | tr '+/' '-_'; }

# Cada servicio tiene su fichero, que solo lee root; systemd le entrega lo suyo y nada de lo de los demás.
guardar_si_falta() {
  [ -e "$ajustes/$1" ] || { cat >"$ajustes/$1.nuevo" && mv "$ajustes/$1.nuevo" "$ajustes/$1"; }
}

generar_ajustes() {
  install -d -m 700 "$ajustes"
  memoria=$(awk '/MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
  guardar_si_falta comun.env <<FIN
ENVIRONMENT=production
LOG_FORMAT=json
EVENTOS_CLAVE=$(secreto)
WEB_PROCESOS=$([ "$memoria" -lt 2000 ] && echo 1 || echo 2)
FIN
  guardar_si_falta partners-service.env <<FIN
PARTNERS_CLAVE_CIFRADO=$(secreto)
SQLALCHEMY_DATABASE_URI=sqlite+pysqlite:////var/lib/centralita/partners.sqlite
FIN
  guardar_si_falta espacio-clientes-api.env <<FIN
SECRET_KEY=$(secreto)
ALLOWED_HOSTS=[$nombres]
FIN
  if [ ! -e "$ajustes/tuotempo-leads-service.env" ]; then
    [ -n "$tuotempo" ] || morir "Leads no arranca sin TuoTempo: pasa --tuotempo con un fichero que diga al menos
TUOTEMPO_BASE_URL=… y TUOTEMPO_API_KEY_PRE=…"
    { cat "$tuotempo"; echo "SECRET_KEY=$(secreto)"; echo "ADMIN_TOKEN=$(secreto)"; } | guardar_si_falta tuotempo-leads-service.env
  fi
}

umask 077
if [ -n "$con_compose" ]; then
  instalar_paquetes
  levantar_contenedores
  exit 0
fi
generar_ajustes
umask 022
instalar_paquetes
id centralita >/dev/null 2>&1 || useradd --system --user-group --no-create-home --home-dir /var/lib/centralita --shell /usr/sbin/nologin centralita
install -d -m 755 /opt/centralita /opt/centralita/versiones
install -d -m 750 -o centralita -g centralita /var/lib/centralita
install -d -m 755 /var/log/centralita
install -m 755 "$aqui/centralita.sh" /usr/local/sbin/centralita
install -m 644 "$aqui/nginx.conf" /etc/nginx/conf.d/centralita.conf
[ -e /etc/nginx/centralita-gateway.servidor ] || echo "server 127.0.0.1:8080;" >/etc/nginx/centralita-gateway.servidor
rm -f /etc/nginx/sites-enabled/default # el de bienvenida de Debian
nginx -t -q
systemctl enable --quiet nginx
systemctl restart nginx
echo "La máquina está lista. Los secretos están en $ajustes (haz copia: sin ellos no se lee lo cifrado)."
