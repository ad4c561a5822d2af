#!/bin/sh
# Traefik no combina su fichero con variables: lo que depende de dónde corre se añade aquí al fichero.
# GATEWAY_PROXIES (redes, con comas): a quién se cree cuando dice quién llama y que llegó por HTTPS.
set -eu
configuracion=/gateway/traefik.yml
if [ -n "${GATEWAY_PROXIES:-}" ]; then
    creer="    forwardedHeaders: {trustedIPs: [$GATEWAY_PROXIES]}"
    sed "s|^    address: \":8080\"\$|&\\n$creer|" "$configuracion" >/tmp/traefik.yml
    configuracion=/tmp/traefik.yml
fi
exec traefik --configFile="$configuracion"
