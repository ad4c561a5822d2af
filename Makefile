# Todo lo que se hace con este repositorio empieza aquí. `make help` se genera de los comentarios `##`.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PAQUETES := services/chasis services/canales-service services/storage_service services/customer_service \
	services/partners-service services/tuotempo-leads-service services/tuotempo-simulado \
	services/espacio-clientes-api gateway/portal
MODULOS := chasis canales storage_service customer_service partners tuotempo_leads tuotempo_simulado espacio_clientes portal
DE_LA_CASA := tests/casa tests/contratos tests/eventos tests/acciones tests/observabilidad tests/despliegue tests/caos
D := http://127.0.0.1
DE_LA_PILA := canales=$(D):5000,almacen=$(D):5001,clientes=$(D):5002,partners=$(D):5003,leads=$(D):5004,espacio=$(D):8000,gateway=$(D):8080
.DEFAULT_GOAL := help
.PHONY: $(shell sed -n "s/^\\([a-z0-9-]*\\):.*/\\1/p" Makefile)

##@ Usarla

run: $(VENV)/.instalado ## Instala lo necesario, arranca todo y se queda vigilando (Ctrl-C para parar)
	@$(PY) deploy/local/arrancar.py

stop: $(VENV)/.instalado ## Detiene lo que `make run` puso en marcha
	@$(PY) deploy/local/controlar.py parar

status: $(VENV)/.instalado ## Qué procesos están en marcha y desde cuándo
	@$(PY) deploy/local/controlar.py estado

logs: ## Sigue los registros, de lo que esté en marcha; de un solo servicio con `make logs s=canales`
	@if docker ps -q --filter label=com.docker.compose.project=$${COMPOSE_PROJECT_NAME:-centralita} 2>/dev/null | grep -q .; \
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

export ORACLE OBS REPLICAS DATOS SI

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

respaldo: ## Copia de seguridad de todo, sin parar nada: de los contenedores o de datos/
	@$(PYTHON) deploy/compose/respaldo.py

restaurar: ## Vuelve a una copia: `make restaurar de=respaldos/…` (SI=1 no pregunta)
	@$(PYTHON) deploy/compose/restauracion.py $(de)

swarm: $(VENV)/.instalado ## Pone o actualiza la pila en este enjambre de Docker (docs/despliegue/swarm.md)
	@$(PY) deploy/swarm/desplegar.py desplegar

swarm-quitar: $(VENV)/.instalado ## La quita del enjambre; los secretos y los datos se quedan
	@$(PY) deploy/swarm/desplegar.py quitar

##@ Cambiarla

test: $(VENV)/.instalado ## Pruebas unitarias y de componente (minutos); de un solo servicio con `make test s=canales`
	@carpeta=$$($(PY) deploy/local/carpeta.py $(s)) && $(PY) -m pytest $${carpeta:-services gateway $(DE_LA_CASA)} $(args)

test-casa: $(VENV)/.instalado ## Solo lo que no es de ningún servicio: reglas de la casa, contratos, eventos y flujos de GitHub
	$(PY) -m pytest $(DE_LA_CASA) $(args)

test-e2e: $(VENV)/.instalado ## Todo en marcha a través de Traefik, con los ejemplos de los README
	$(PY) -m pytest tests/e2e $(args)

test-arranques: $(VENV)/.instalado ## Las órdenes de arranque de cada README, en entornos virtuales nuevos (minutos)
	$(PY) -m pytest tests/arranques $(args)

test-integracion: $(VENV)/.instalado ## Con PostgreSQL, MySQL y Pulsar de verdad, en contenedores (necesita Docker; minutos)
	PRUEBAS_DE_INTEGRACION=1 $(PY) -m pytest services/chasis services/canales-service \
		services/storage_service services/customer_service services/partners-service \
		services/tuotempo-leads-service tests/eventos -k "(postgresql or mysql or pulsar or broker) and not navegador" $(args)

test-pila: $(VENV)/.instalado ## La pila real entera: README, averías, réplicas, copias (necesita Docker; minutos)
	$(PY) -m pytest tests/ensayo/test_pila.py $(args)

test-ec2: $(VENV)/.instalado ## El despliegue, ensayado en un contenedor con systemd y sshd (necesita Docker; minutos)
	$(PY) -m pytest tests/ensayo/test_ec2.py $(args)

test-swarm: $(VENV)/.instalado ## Ensaya la pila en Docker Swarm: crecer, actualizar bajo carga, perder una réplica (minutos)
	ENSAYO_DE_SWARM=1 $(PY) -m pytest tests/ensayo/test_swarm.py $(args)

fuzz: $(VENV)/.instalado ## Peticiones generadas contra cada servicio: `make fuzz n=10000`, y `s=canales` solo uno
	@carpeta=$$($(PY) deploy/local/carpeta.py $(s)) && FUZZ_PETICIONES=$(or $(n),500) \
		$(PY) -m pytest -s --timeout=7200 -k openapi $${carpeta:-services/*}/tests/test_contrato.py $(args)

caos: $(VENV)/.instalado ## Media hora rompiendo de todo mientras se usa (docs/caos.md): `MINUTOS=3`, `SEMILLA=7`, `PILA=real`, `INFORME=1`
	@PYTHONPATH=. $(PY) -m tests.caos

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
	$(VENV)/bin/mypy $(MODULOS:%=-p %) -p contracts -p deploy.ci

casa: $(VENV)/.instalado ## Mide la casa (ficheros, funciones, lo escrito dos veces) y rehace la tabla de docs/casa.md
	@$(PY) -m tests.casa.medidas

formato: $(VENV)/.instalado ## Da formato y arregla lo que se arregla solo
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

##@ Mantenerla

lock: $(VENV)/.instalado ## Rehace requirements.lock y los que salen de él con las versiones más nuevas que admiten los rangos
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-package centralita-chasis $(PAQUETES:%=%/pyproject.toml) --extra trazas --group local --group pruebas \
		--upgrade -o requirements.lock
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-package centralita-chasis $(PAQUETES:%=%/pyproject.toml) --group local \
		-c requirements.lock -o deploy/ec2/requirements.lock
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-annotate --no-header \
		--no-emit-package centralita-chasis services/chasis/pyproject.toml services/tuotempo-leads-service/pyproject.toml \
		-c requirements.lock -o services/tuotempo-leads-service/versiones.txt

env-ejemplo: $(VENV)/.instalado ## Rehace .env.example a partir de la configuración de los servicios
	$(PY) deploy/local/env_ejemplo.py > .env.example

manifiestos: $(VENV)/.instalado ## Rehace deploy/swarm y deploy/k8s/base a partir de docker-compose.yml
	$(PY) deploy/orquestadores/swarm.py
	$(PY) deploy/orquestadores/k8s.py

esquema-oracle: $(VENV)/.instalado ## Rehace deploy/oracle/esquema.sql a partir de las tablas de espacio-clientes
	$(PY) -m espacio_clientes.esquema > deploy/oracle/esquema.sql

contratos: $(VENV)/.instalado ## Rehace contracts/ a partir del código de los servicios
	$(PY) -m contracts.generar

tableros: $(VENV)/.instalado ## Rehace los tableros de Grafana a partir de deploy/observabilidad/tableros.yml
	$(PY) deploy/observabilidad/tableros.py

contratos-compatibles: $(VENV)/.instalado ## Comprueba que contracts/ solo añade a lo que hay en main
	$(PY) -m contracts.compatibilidad

##@ Integración continua

# Lo que llaman los flujos de .github/workflows. Lo que no necesita el entorno virtual no lo instala.
OSV ?= https://api.osv.dev/v1/query

test-oracle: $(VENV)/.instalado ## espacio-clientes sobre el Oracle que diga ESPACIO_TEST_ORACLE_DSN
	@test -n "$$ESPACIO_TEST_ORACLE_DSN" || { echo 'Falta ESPACIO_TEST_ORACLE_DSN (usuario/clave@servidor:puerto/servicio).' >&2; exit 2; }
	$(PY) -m pytest services/espacio-clientes-api $(args)

inicio-rapido: ## Sigue el comienzo de los README tal cual, en un clon limpio
	$(PYTHON) -m deploy.ci.inicio_rapido README.md README.en.md

lint-acciones: $(VENV)/bin/actionlint ## Los flujos de GitHub y los guiones de consola (la primera vez necesita Go)
	$(VENV)/bin/actionlint -shellcheck $(VENV)/bin/shellcheck
	$(VENV)/bin/zizmor --quiet --offline --persona pedantic .github
	$(VENV)/bin/shellcheck .ci/run $(shell git ls-files '*.sh')

auditoria: $(VENV)/.instalado ## Busca fallos de seguridad conocidos en requirements.lock (pregunta a osv.dev)
	@curl -sS -o /dev/null --max-time 20 $(OSV) || { echo 'No se llega a $(OSV): la auditoría no se ha hecho.' >&2; exit 3; }
	$(VENV)/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -s osv --osv-url $(OSV) -r requirements.lock

sbom: $(VENV)/.instalado ## Escribe en datos/sbom.cdx.json de qué está hecho el entorno instalado (CycloneDX)
	@mkdir -p datos
	$(VENV)/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml -o datos/sbom.cdx.json $(PY)

matriz: ## Los servicios que hay que probar por lo que cambia desde `BASE` (origin/main)
	@$(PYTHON) -m deploy.ci.cambios

incidencia: ## Etiqueta una incidencia nueva y da la bienvenida (lo llama GitHub)
	@$(PYTHON) -m deploy.ci.incidencias

recordatorio: ## Recuerda en un PR qué hay que revisar (lo llama GitHub)
	@$(PYTHON) -m deploy.ci.recordatorio

desplegar: $(VENV)/.instalado ## Despliega en EC2 abriendo SSH solo mientras dura; `ROLLBACK=true` vuelve a la versión anterior
	@$(PY) -m deploy.ci.desplegar

cerrar-ssh: $(VENV)/.instalado ## Cierra el SSH que un despliegue interrumpido dejara abierto
	@$(PY) -m deploy.ci.desplegar cerrar

help: ## Esta ayuda
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} \
		/^[a-z0-9-]+:.*## / {printf "  \033[36mmake %-22s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.instalado: requirements.lock $(PAQUETES:%=%/pyproject.toml) deploy/local/instalar.sh
	@PYTHON=$(PYTHON) sh deploy/local/instalar.sh $(VENV) $(PAQUETES)
	@touch $@

# actionlint solo se publica para Go; la suma de comprobación la verifica Go.
$(VENV)/bin/actionlint: | $(VENV)/.instalado
	@command -v go >/dev/null || { echo 'Hace falta Go para instalar actionlint.' >&2; exit 1; }
	GOBIN=$(CURDIR)/$(VENV)/bin go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
