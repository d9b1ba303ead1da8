# deskgraph: `make run` serves it, `make test` proves it, `make check` keeps it tidy.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: install run test check format lint types layers web lock clean

BIN := .venv/bin
PYTHON ?= python3

install: .venv/.dev

# The environment: hash-locked, made again only when a lock file changes.
.venv/bin/uv: requirements-bootstrap.txt
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
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra embedded --output-file requirements.txt pyproject.toml requirements-build.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra embedded --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml requirements-build.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements-bootstrap.txt requirements-bootstrap.in
