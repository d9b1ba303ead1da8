# deskgraph: `make run` serves it, `make test` proves it, `make check` keeps it tidy.
SHELL := /bin/bash
.DELETE_ON_ERROR:
# Containers often forbid Python to keep bytecode: then every process that a test starts compiles all packages anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: install run examples fuzz load test stores test-most test-debian test-load test-distributed check format lint types layers sdl docs docs-check generated lock bench

BIN := .venv/bin
PYTHON ?= python3
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

include web.mk supply.mk

# Everything from a fresh checkout to a gateway with demo data on http://127.0.0.1:8000.
run: .venv/.run web/dist/.built
	@exec $(BIN)/deskgraph serve --demo

# The environment alone.
install: .venv/.run

# Everything needed to run all tests, then all tests.
test: .venv/.dev web/dist/.built
	@./scripts/apt-get chromium curl postgresql libreoffice-calc-nogui libfaketime
	@$(MAKE) --no-print-directory --jobs=2 stores check web-test
	@$(MAKE) --no-print-directory --jobs=2 --keep-going test-most test-debian
	@$(MAKE) --no-print-directory test-load

# The demo and the small desk, for every session of tests to copy: made anew where what makes them has changed.
stores: .venv/.dev
	@$(BIN)/python -m tests.stores

# What fails is run once more, and printed with why it failed: on two shared cores the clock of a browser or of a server now
# and then outruns a test. What fails twice has failed.
AGAIN := --reruns 1 --rerun-show-tracebacks -rfEsR

# Workers, one a core, take file after file as they come free, so that nobody has to balance them; beside them runs
# Debian's PostgreSQL, and after them, alone, what measures and what breaks things.
test-most:
	@$(BIN)/python -m pytest -q $(AGAIN) --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder --durations 40 --ignore tests/load --ignore tests/faults
test-debian:
	@echo "The store, the reports and the routes once more, on Debian's PostgreSQL:"
	@./scripts/with-debian-postgresql $(BIN)/python -m pytest -q $(AGAIN) tests/db tests/oracle tests/contract/test_rest_over_http.py tests/contract/test_stored_documents.py tests/contract/test_real_sets.py tests/contract/test_cookbook.py --deselect tests/db/test_embedded.py --ignore tests/oracle/test_slices.py --ignore tests/db/sources --ignore tests/db/suggest --ignore tests/db/sync

# Many clients for minutes, with a writer beside them: CLIENTS=2000 SECONDS=300.
load: .venv/.dev
	@$(BIN)/python -m benchmarks.load --clients $(or $(CLIENTS),2000) --seconds $(or $(SECONDS),300) $(if $(POLITE),--polite)

test-load:
	@$(BIN)/python -m pytest $(AGAIN) --durations 15 tests/load tests/faults

# Reports of a store that is cut by organization: in parts of the embedded PostgreSQL, or on the Citus coordinator of
# DSN=postgresql://... (an empty database, or one with the demo).
test-distributed: .venv/.dev
	@DESKGRAPH_TEST_COORDINATOR='$(DSN)' $(BIN)/python -m pytest -q --timeout 7200 tests/distributed

# The description's examples and the cookbook's answers, asked anew of the demo data.
examples: .venv/.dev
	@UPDATE_EXAMPLES=1 $(BIN)/python -m pytest -q tests/contract/test_openapi_examples.py tests/contract/test_cookbook.py

# Thousands of made-up requests, by what the routes and the language say of themselves: many minutes.
fuzz: .venv/.dev
	@FUZZ_EXAMPLES=$(or $(CASES),1000) $(BIN)/python -m pytest -q --timeout 7200 tests/contract/test_fuzz.py tests/contract/test_graphql_fuzz.py tests/rest_compat/test_ingest.py

check: .venv/.dev lint types layers sdl docs-check web-check
	@$(BIN)/python -m pytest -q tests/test_house.py

lint:
	@$(BIN)/ruff format --check --quiet . || (echo "Run: make format" >&2; exit 1)
	@$(BIN)/ruff check --quiet .
	@./scripts/check-paths

types:
	@$(BIN)/mypy

layers:
	@$(BIN)/lint-imports --config pyproject.toml >/dev/null || $(BIN)/lint-imports --config pyproject.toml

# The committed SDL is the public language; a change to it is a change that somebody sees.
sdl:
	@$(BIN)/deskgraph schema | diff -u schema/schema.graphql - || (echo "Run: make format" >&2; exit 1)

# docs/metrics.md is generated from the catalogue, docs/rest_reference.md from the routes' tables, a part of docs/security.md
# from the roles and the language.
docs-check:
	@$(BIN)/python -m db.catalog.page | diff -u docs/metrics.md - || (echo "Run: make format" >&2; exit 1)
	@$(BIN)/python -m schema.security_page | diff -u docs/security.md - || (echo "Run: make format" >&2; exit 1)
	@$(BIN)/python -m rest_compat.openapi.page | diff -u docs/rest_reference.md - || (echo "Run: make format" >&2; exit 1)

# The documentation as a site, into build/site; a link or an anchor that leads nowhere is a fault.
docs: .venv/.dev
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict && echo "build/site/index.html"

format: .venv/.dev web/node_modules/.installed
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
	@$(MAKE) --no-print-directory generated
	@$(MAKE) --no-print-directory web-format

# What follows from the code and is committed: the language, pages, and the SQL of what has none written down yet.
generated:
	@$(BIN)/python -m cli schema > schema/schema.graphql
	@$(BIN)/python -m db.catalog.page > docs/metrics.md
	@$(BIN)/python -m schema.security_page > .security.md && mv .security.md docs/security.md
	@$(BIN)/python -m rest_compat.openapi.page > docs/rest_reference.md
	@$(BIN)/python -m tests.golden.missing

# The environment: hash-locked, made again only when a lock file changes.
.venv/bin/uv: requirements-bootstrap.txt
	@echo "Making the Python environment in .venv ..."
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || ./scripts/apt-get python3-venv
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.txt
	@touch $@

.venv/.run: .venv/bin/uv requirements.txt pyproject.toml
	@$(BIN)/uv pip install --quiet --require-hashes -r requirements.txt
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	@$(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

lock: .venv/bin/uv
	$(UV_COMPILE) --extra embedded --output-file requirements.txt pyproject.toml requirements-build.in
	$(UV_COMPILE) --extra embedded --extra otel --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml requirements-build.in
	$(UV_COMPILE) --extra embedded --extra otel --constraint requirements.txt --output-file requirements-otel.txt pyproject.toml requirements-build.in
	$(UV_COMPILE) --output-file requirements-bootstrap.txt requirements-bootstrap.in
