# La imagen de cualquiera de los servicios: CARPETA dice cuál. Con la misma corren la web (lo que trae por defecto)
# y el trabajador (`python -m <paquete>.trabajador`).
#   docker build --build-arg CARPETA=services/canales-service -t centralita/canales .
FROM python:3.13-slim AS instalar
WORKDIR /obra
RUN python -m venv /venv
# Primero lo de fuera, que casi nunca cambia: las versiones y los hashes, los de requirements.lock.
COPY requirements.lock deploy/imagenes/dependencias.py ./
COPY services/chasis/pyproject.toml chasis/
ARG CARPETA
COPY ${CARPETA}/pyproject.toml servicio/
RUN python dependencias.py chasis servicio > dependencias.txt \
    && sed -e '/^ *--hash/d' -e 's/ *\\$//' requirements.lock > versiones.txt \
    && pip download -q --no-cache-dir --only-binary :all: -d de-fuera -c versiones.txt -r dependencias.txt \
    && sha256sum de-fuera/* | while read -r hash fichero; do \
        grep -q "sha256:$hash" requirements.lock || { echo "$fichero no es el de requirements.lock" >&2; exit 1; }; done \
    && /venv/bin/pip install -q --no-cache-dir --no-compile --no-index --no-deps de-fuera/* && rm -r de-fuera
# Después lo de aquí; lo que hace falta para construirlo no llega a la imagen.
COPY services/chasis services/chasis
COPY ${CARPETA} ${CARPETA}
RUN PIP_CONSTRAINT=versiones.txt pip wheel -q --no-cache-dir --no-deps -w ruedas ./services/chasis ./${CARPETA} \
    && /venv/bin/pip install --no-cache-dir --no-compile --no-deps --no-index ruedas/*.whl \
    && python -m compileall -q -j 0 /venv/lib \
    && /venv/bin/pip uninstall -q -y pip
# Lo que se ejecuta desde la carpeta del servicio y no va en su paquete.
RUN mkdir /servicio && for algo in app.py ejemplos; do \
        if [ -e "${CARPETA}/$algo" ]; then cp -r "${CARPETA}/$algo" /servicio/; fi; done
COPY contracts/suscripciones.json contracts/*.yaml /servicio/contracts/
COPY deploy/pulsar/temas.py /servicio/
COPY contracts/openapi /servicio/contracts/openapi
COPY contracts/eventos /servicio/contracts/eventos

FROM python:3.13-slim
ARG CARPETA
ARG VERSION=0
ARG REVISION=
LABEL org.opencontainers.image.title="${CARPETA}" \
      org.opencontainers.image.description="Un servicio de Centralita: la web y su trabajador" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Ni pip ni nada con que instalar: solo Python y el servicio.
RUN rm -rf /usr/local/lib/python3.13/site-packages/pip* /usr/local/lib/python3.13/ensurepip /usr/local/bin/pip* \
    && useradd --system --uid 10001 --home-dir /servicio --no-create-home centralita \
    && install -d -o centralita -g centralita /datos
COPY --from=instalar /venv /venv
COPY --from=instalar /servicio /servicio
WORKDIR /servicio
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATOS_DIR=/datos \
    CONTRATOS_DIR=/servicio/contracts \
    LOG_FORMAT=json
USER centralita
VOLUME /datos
EXPOSE 8000
# Con bash y no con Python: se pregunta cada pocos segundos y arrancar un intérprete cuesta más que contestar.
HEALTHCHECK --interval=3s --timeout=3s --start-period=120s --retries=5 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/${TRABAJADOR_PORT:-$PORT} && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && read -r linea <&3 && [[ $linea == *' 200 '* ]]"]
CMD ["gunicorn", "-c", "python:chasis.gunicorn", "app:app"]
