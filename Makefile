# Todo lo que se hace con este repositorio empieza aquí. `make help` se genera de los comentarios `##`.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PAQUETES := services/chasis services/canales-service services/storage_service services/customer_service \
	services/partners-service services/tuotempo-leads-service services/tuotempo-simulado \
	services/espacio-clientes-api gateway/portal
MODULOS := chasis canales storage_service customer_service partners tuotempo_leads tuotempo_simulado espacio_clientes portal
D := http://127.0.0.1
DE_LA_PILA := canales=$(D):5000,almacen=$(D):5001,clientes=$(D):5002,partners=$(D):5003,leads=$(D):5004,espacio=$(D):8000,gateway=$(D):8080
.DEFAULT_GOAL := help
.PHONY: up down ps shell reiniciar images help run stop status logs seguir dlq dlq-reintentar usuario datos-demo limpiar test test-e2e test-arranques test-integracion fuzz carga carga-pila lint tipos formato lock env-ejemplo esquema-oracle contratos contratos-compatibles

##@ Usarla

run: $(VENV)/.instalado ## Instala lo necesario, arranca todo y se queda vigilando (Ctrl-C para parar)
	@$(PY) deploy/local/arrancar.py

stop: $(VENV)/.instalado ## Detiene lo que `make run` puso en marcha
	@$(PY) deploy/local/controlar.py parar

status: $(VENV)/.instalado ## Qué procesos están en marcha y desde cuándo
	@$(PY) deploy/local/controlar.py estado

logs: ## Sigue los registros, de lo que esté en marcha; de un solo servicio con `make logs s=canales`
	@if docker ps -q --filter label=com.docker.compose.project=centralita 2>/dev/null | grep -q .; \
		then $(PYTHON) deploy/compose/pila.py registros $(s); \
		else $(MAKE) -s $(VENV)/.instalado && $(PY) deploy/local/controlar.py registros $(s); fi

seguir: $(VENV)/.instalado ## Qué fue de una petición en todos los servicios: `make seguir id=<X-Request-ID>`
	@$(PY) deploy/local/eventos.py seguir $(id)

dlq: $(VENV)/.instalado ## Los eventos que agotaron sus intentos, con su error
	@$(PY) deploy/local/eventos.py dlq

dlq-reintentar: $(VENV)/.instalado ## Vuelve a intentar los eventos muertos; solo uno con `id=<evento>`
	@$(PY) deploy/local/eventos.py dlq-reintentar $(id)

usuario: $(VENV)/.instalado ## Crea un usuario del panel de leads (pregunta el nombre y la contraseña)
	@$(PY) deploy/local/crear_usuario.py

datos-demo: $(VENV)/.instalado ## Carga datos ficticios a través de las API públicas
	@$(PY) deploy/local/datos_demo.py

limpiar: ## Borra datos/ y el entorno virtual (pide confirmación; `make limpiar si=1` no pregunta)
	@test -n "$(si)" || { printf 'Se borrarán datos/ y $(VENV)/. ¿Seguro? [s/N] '; read r; test "$$r" = s; }
	rm -rf datos $(VENV)

##@ En contenedores (hace falta Docker)

export ORACLE OBS REPLICAS DATOS

up: ## Levanta la pila real; `ORACLE=0` sin Oracle, `REPLICAS=3` con réplicas, `OBS=1` con Grafana
	@$(PYTHON) deploy/compose/pila.py subir

down: ## Quita los contenedores; los datos se quedan (`DATOS=0` los borra)
	@$(PYTHON) deploy/compose/pila.py bajar

ps: ## Qué contenedores hay, cómo están y cuánta memoria ocupan
	@$(PYTHON) deploy/compose/pila.py ver

shell: ## Una consola dentro de un servicio: `make shell s=leads`
	@$(PYTHON) deploy/compose/pila.py consola $(s)

reiniciar: ## Reinicia un servicio réplica a réplica, sin cortar a nadie: `make reiniciar s=partners`
	@$(PYTHON) deploy/compose/pila.py reiniciar $(s)

images: ## Construye las imágenes y dice cuánto ocupan
	@$(PYTHON) deploy/compose/pila.py imagenes

##@ Cambiarla

test: $(VENV)/.instalado ## Pruebas unitarias y de componente (minutos)
	$(PY) -m pytest services gateway tests/casa tests/contratos tests/eventos $(args)

test-e2e: $(VENV)/.instalado ## Todo en marcha a través de Traefik, con los ejemplos de los README
	$(PY) -m pytest tests/e2e $(args)

test-arranques: $(VENV)/.instalado ## Las órdenes de arranque de cada README, en entornos virtuales nuevos (minutos)
	$(PY) -m pytest tests/arranques $(args)

test-integracion: $(VENV)/.instalado ## Con PostgreSQL, MySQL y Pulsar de verdad, en contenedores (necesita Docker; minutos)
	PRUEBAS_DE_INTEGRACION=1 $(PY) -m pytest services/chasis services/partners-service \
		services/tuotempo-leads-service tests/eventos -k "postgresql or mysql or pulsar or broker" $(args)

fuzz: $(VENV)/.instalado ## Peticiones generadas contra cada servicio: `make fuzz n=10000`, y `s=canales` solo uno
	FUZZ_PETICIONES=$(or $(n),500) $(PY) -m pytest -s --timeout=7200 -k openapi \
		$(wildcard services/$(or $(s),)*/tests/test_contrato.py) $(args)

carga: $(VENV)/.instalado ## Mide todo frente a referencias desnudas y rehace tests/carga/RESULTADOS.md; uno con `s=canales`
	PYTHONPATH=. $(PY) $(if $(wildcard tests/carga/$(or $(s),cuadro).py),tests/carga/$(or $(s),cuadro).py,tests/carga/medir.py $(s))

carga-pila: $(VENV)/.instalado ## Lo mismo contra los contenedores de `make up`
	docker compose exec -T -e ESPACIO_DEMO_PASSWORD_CLIENTE=clave-de-ejemplo espacio python -m espacio_clientes.semillas
	PYTHONPATH=. CARGA_DIRECCIONES=$(or $(CARGA_DIRECCIONES),$(DE_LA_PILA)) $(PY) tests/carga/cuadro.py

lint: $(VENV)/.instalado ## Estilo y reglas de la casa
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-logo

tipos: $(VENV)/.instalado ## Tipos (mypy estricto)
	$(VENV)/bin/mypy $(MODULOS:%=-p %) -p contracts

formato: $(VENV)/.instalado ## Da formato y arregla lo que se arregla solo
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

##@ Mantenerla

lock: $(VENV)/.instalado ## Rehace requirements.lock con las versiones más nuevas que admiten los rangos
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-package centralita-chasis $(PAQUETES:%=%/pyproject.toml) --group local --group pruebas \
		--upgrade -o requirements.lock

env-ejemplo: $(VENV)/.instalado ## Rehace .env.example a partir de la configuración de los servicios
	$(PY) deploy/local/env_ejemplo.py > .env.example

esquema-oracle: $(VENV)/.instalado ## Rehace deploy/oracle/esquema.sql a partir de las tablas de espacio-clientes
	$(PY) -m espacio_clientes.esquema > deploy/oracle/esquema.sql

contratos: $(VENV)/.instalado ## Rehace contracts/ a partir del código de los servicios
	$(PY) -m contracts.generar

contratos-compatibles: $(VENV)/.instalado ## Comprueba que contracts/ solo añade a lo que hay en main
	$(PY) -m contracts.compatibilidad

help: ## Esta ayuda
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} \
		/^[a-z0-9-]+:.*## / {printf "  \033[36mmake %-22s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.instalado: requirements.lock $(PAQUETES:%=%/pyproject.toml) deploy/local/instalar.sh
	@PYTHON=$(PYTHON) sh deploy/local/instalar.sh $(VENV) $(PAQUETES)
	@touch $@
