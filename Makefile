# The front door: every target is one line that calls a script. ARGS= goes to the tool behind it.
# Works with GNU Make 3.81 (macOS) and in folders whose name has a space: all paths are relative.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
NODE := .tools/bin/node
RUN := @scripts/bootstrap run &&
ALL := @scripts/bootstrap all &&
DOCKER := @exec scripts/with-node scripts/docker.ts

# Make turns every failure into exit code 2. In question mode a line marked + still runs and its code 1 is passed on,
# so `make status` can answer 0 (up), 1 (partly up) or 2 (down).
ifneq (,$(filter $(MAKECMDGOALS),status docker-status))
MAKEFLAGS += -q
endif

##@ Run it
setup: ## Install everything the project needs, into this folder
	$(ALL) echo "Ready: make dev"
dev: ## Run the app with its own Postgres and Valkey; Ctrl-C ends it all
	$(RUN) exec $(NODE) scripts/dev.ts
dev-web: ## Run the page's server only
	$(RUN) exec $(NODE) scripts/dev.ts dev-web
dev-api: ## Run the API, its worker and the servers only
	$(RUN) exec $(NODE) scripts/dev.ts dev-api
start-prod: ## Build and start it as in production, to run on without this terminal (WORKERS=2, API_WORKERS=4)
	@scripts/bootstrap prod && exec $(NODE) scripts/start-prod.ts
stop: ## End what make dev and make start-prod started (ARGS=dev or ARGS=prod for one)
	@scripts/with-node scripts/stop.ts $(ARGS)
status: ## Say what runs: exit code 0 up, 1 partly, 2 down (FORMAT=json)
	+@scripts/with-node scripts/status.ts $(ARGS)
logs: ## Follow the logs (ARGS=api for one service)
	@exec scripts/logs $(ARGS)

##@ Test it
test: ## All tests but the long ones of make ci: API, scripts, web, and a browser against the production build
	$(ALL) exec $(NODE) scripts/test.ts $(ARGS)
test-api: ## The API's and the worker's tests, on servers of their own (ARGS="-k cursor")
	$(ALL) exec $(NODE) scripts/test.ts api $(ARGS)
test-web: ## The tests of the page, the scripts and the bench
	$(ALL) exec $(NODE) scripts/test.ts scripts perf web $(ARGS)
e2e: ## The browser's tests on the production build (ARGS="--grep cancel"; BASE_URL= for another stack, BROWSERS="firefox webkit")
	$(ALL) exec $(NODE) scripts/test.ts e2e $(ARGS)
e2e-visual: ## How the key pages look beside the build of another commit (BASE=<git ref>)
	$(ALL) exec $(NODE) e2e/visual/main.ts

chaos: ## Kill, stop and cut a stack's parts while many watch, and judge every stream (RUNS=, SEED=, SECONDS=)
	$(ALL) exec $(NODE) e2e/chaos/main.ts

##@ Measure it
perf: ## Hold all of perf/budgets.json against what is measured, and write perf/report/ (ONLY=<id>; ARGS=--quick, --write)
	$(ALL) $(NODE) scripts/build-web.ts && { $(NODE) perf/run.ts $(ARGS); code=$$?; $(NODE) perf/lab/report.ts || code=1; exit $$code; }
perf-prove: ## Show that every budget can fail: by its limit, and by a fault (ARGS=bench-streams for one command)
	$(ALL) $(NODE) scripts/build-web.ts && exec $(NODE) perf/prove.ts $(ARGS)
perf-archive: ## Keep the last run (ARCHIVE=<folder>, KEEP=<runs>; ACCEPT=<id> for what became slower on purpose)
	$(ALL) exec $(NODE) perf/lab/archive.ts
perf-trend: ## Fail where the last run lost more than noise against the last good one that was kept (ARCHIVE=, FIRST=1)
	$(ALL) exec $(NODE) perf/lab/trend.ts
perf-load: ## REST and WebSockets by k6, streams by our own client (PROFILE=smoke, load, stress, spike, soak; BASE_URL=)
	$(ALL) exec $(NODE) perf/load/main.ts
bench-streams: ## What a stream costs the server, and how soon a reader has what was appended
	$(ALL) exec $(NODE) perf/run.ts bench-streams $(ARGS)
bench-scale: ## How cost grows with streams, rows, texts and processes; perf/report/scale.html has the plots (ARGS=rows)
	$(ALL) exec $(NODE) perf/lab/scale.ts $(ARGS)
bench-api: ## The API's answers against raw uvicorn and a hand-written twin
	$(ALL) exec $(NODE) perf/run.ts bench-api $(ARGS)
image-sizes: ## Build the images and weigh what they add to their bases (needs a Docker engine)
	$(ALL) exec $(NODE) perf/run.ts image-sizes $(ARGS)

##@ Check it
lint: ## All linters
	$(ALL) exec $(NODE) scripts/check.ts lint $(ARGS)
format: ## Format all code
	$(ALL) exec $(NODE) scripts/check.ts format
format-check: ## Fail where make format would change something
	$(ALL) exec $(NODE) scripts/check.ts format-check
typecheck: ## mypy and TypeScript
	$(ALL) exec $(NODE) scripts/check.ts typecheck
contract: ## Write api/openapi.json and the web's types from the API's code
	$(ALL) exec $(NODE) scripts/contract.ts
contract-check: ## Fail if the committed contract isn't the code's
	$(ALL) exec $(NODE) scripts/contract.ts --check
contract-breaking: ## Fail where the contract breaks clients of the released one and api/openapi.breaking.json doesn't say why
	$(ALL) exec $(NODE) scripts/contract-breaking.ts
contract-release: ## Make the present contract the released one: at a release
	$(ALL) exec $(NODE) scripts/contract-breaking.ts --release
contract-fuzz: ## schemathesis against every operation, on a stack of its own (ARGS="--include-operation-id getTask")
	$(ALL) exec $(NODE) scripts/test.ts contract-fuzz $(ARGS)
env-check: ## Fail if .env.example isn't the settings', or the present settings are wrong (ARGS=--write)
	$(ALL) exec $(NODE) scripts/env-check.ts $(ARGS)
ci: ## All checks, tests and builds, as CI runs them
	@exec .ci/run

##@ Build it
build: build-api build-web ## Build both sides for production
build-web: ## The page's standalone server, into web/.next/standalone
	$(ALL) exec $(NODE) scripts/build-web.ts
build-api: ## Compile the API's code and check that it starts
	$(ALL) exec $(NODE) scripts/build-api.ts

##@ Run it in containers
docker-up: ## The production stack behind nginx, from nothing (EXTERNAL_PORT= DOMAIN= ACME_EMAIL= TLS= OVERLAY=dev|minimal|release)
	$(DOCKER) up $(ARGS)
docker-down: ## End it; its data stays
	$(DOCKER) down $(ARGS)
docker-status: ## Say how its containers are: exit code 0 up, 1 partly, 2 down (FORMAT=json)
	+@scripts/with-node scripts/docker.ts status
docker-logs: ## Follow its logs (ARGS=api for one service)
	$(DOCKER) logs $(ARGS)
docker-restart: ## Restart its containers (ARGS=api for one service)
	$(DOCKER) restart $(ARGS)
docker-build: ## Build its images (ARGS=web for one)
	$(DOCKER) build $(ARGS)
docker-test: ## Test the production stack in containers, from a clean copy; it leaves nothing (ARGS="kills" for one file)
	$(ALL) exec $(NODE) scripts/test.ts docker $(ARGS)
docker-clean: ## Remove its containers, images and database (asks, or CONFIRM=1)
	$(DOCKER) clean

##@ The development database
db-init: ## Make the database: migrations and demo data
	$(RUN) exec $(NODE) scripts/db.ts init
db-migrate: ## Apply new migrations
	$(RUN) exec $(NODE) scripts/db.ts migrate $(ARGS)
db-revision: ## Write a migration from the models' changes (ARGS="what it does")
	$(RUN) exec $(NODE) scripts/db.ts revision "$(ARGS)"
db-downgrade: ## Take back the last migration (ARGS=<revision> for more)
	$(RUN) exec $(NODE) scripts/db.ts downgrade $(ARGS)
db-reset: ## Empty the database and make it anew (asks, or CONFIRM=1)
	$(RUN) exec $(NODE) scripts/db.ts reset
db-shell: ## psql on the development database
	$(RUN) exec $(NODE) scripts/db.ts shell $(ARGS)

##@ Look after it
admin: ## Make somebody an administrator (EMAIL=ada@example.com)
	$(RUN) exec $(NODE) scripts/admin.ts $(ARGS)
keys-rotate: ## Write the next key ring into .env or the development secrets: a new key, then its turn to sign, then the old one's end
	@scripts/bootstrap tools && exec $(NODE) scripts/keys-rotate.ts $(ARGS)
lock: ## Lock dependencies anew; ARGS="web zod", "api httpx==0.28.1", "e2e …", "dev …" adds one
	@scripts/bootstrap tools && exec $(NODE) scripts/lock.ts $(ARGS)
tools: ## Bring the release binaries no registry has: k6, oasdiff, gitleaks, actionlint (ARGS=k6 for one)
	@scripts/bootstrap tools && exec $(NODE) scripts/tools.ts $(ARGS)
hooks: ## Check format, lint and secrets at every commit
	$(ALL) exec $(NODE) scripts/hooks.ts
clean: ## Remove all that was installed, built and stored here (asks, or CONFIRM=1)
	@scripts/clean
help: ## This list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z0-9-]+:.*## / { printf "  %-16s%s\n", $$1, $$2 }' Makefile

.PHONY: admin chaos setup start-prod dev dev-web dev-api stop status logs test test-api test-web e2e perf perf-prove perf-archive perf-trend perf-load bench-streams bench-scale bench-api lint format format-check typecheck \
  contract contract-check contract-breaking contract-release contract-fuzz env-check ci build build-web build-api image-sizes db-init db-migrate db-revision db-downgrade db-reset \
  db-shell keys-rotate lock tools hooks clean help docker-up docker-down docker-status docker-logs docker-restart docker-build docker-test docker-clean
