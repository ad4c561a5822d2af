#!/bin/sh
# Traefik no combina su fichero con variables: lo que depende de dónde corre se añade aquí al fichero.
# GATEWAY_PROXIES (redes, con comas): a quién se cree cuando dice quién llama y que llegó por HTTPS.
# GATEWAY_TRAZAS (dirección OTLP/HTTP): a qué recolector van sus tramos, que llevan las direcciones enteras.
set -eu
configuracion=${TMPDIR:-/tmp}/traefik.yml
creer=
if [ -n "${GATEWAY_PROXIES:-}" ]; then
    redes=$(echo "$GATEWAY_PROXIES" | sed 's/[^, ][^, ]*/"&"/g') # entre comillas: una IPv6 lleva dos puntos
    creer="\\n    forwardedHeaders: {trustedIPs: [$redes]}"
fi
sed "s|^    address: \":8080\"\$|&$creer|" "$(dirname "$0")/traefik.yml" >"$configuracion"
if [ -n "${GATEWAY_TRAZAS:-}" ]; then
    echo "tracing: {serviceName: gateway, otlp: {http: {endpoint: \"$GATEWAY_TRAZAS\"}}}" >>"$configuracion"
fi
exec traefik --configFile="$configuracion"
