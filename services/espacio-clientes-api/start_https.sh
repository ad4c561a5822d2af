#!/bin/sh
# Arranca la API con HTTPS. Uso: CERTIFICADO=ruta.pem CLAVE=ruta.key ./start_https.sh
set -eu
cd "$(dirname "$0")"
: "${CERTIFICADO:?di dónde está el certificado: CERTIFICADO=ruta.pem}" "${CLAVE:?di dónde está su clave: CLAVE=ruta.key}"
exec uvicorn api.api:app --host "${HOST:-0.0.0.0}" --port "${PORT:-8000}" --ssl-certfile "$CERTIFICADO" --ssl-keyfile "$CLAVE"
