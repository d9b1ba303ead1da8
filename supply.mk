# What the gateway is made of: its parts, their licences, what is known against them. Included by the Makefile.
.PHONY: sbom licences audit

# CycloneDX, of what a server is installed with and of what the pages are built from, into build/.
sbom: .venv/.dev web/node_modules/.installed
	@mkdir -p build
	@$(BIN)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible --validate --of JSON --output-file build/sbom.python.json
	@cd web && ../scripts/node npm sbom --omit dev --sbom-format cyclonedx --sbom-type application > ../build/sbom.npm.json
	@echo "build/sbom.python.json and build/sbom.npm.json"

licences: .venv/.dev
	@$(BIN)/python -m operating.licences > .licences.md && mv .licences.md docs/licences.md

# Asks the registries' databases of known faults; so it needs the network, and is no part of `make test`.
audit: .venv/.dev web/node_modules/.installed
	@$(BIN)/pip-audit --require-hashes --disable-pip --requirement requirements.txt
	@cd web && ../scripts/node npm audit --omit dev
