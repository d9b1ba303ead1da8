# The browser side: locked packages, one Vite build, a type check, the types of its documents. Included by the Makefile.
.PHONY: web-check web-test web-format screenshots

CODEGEN := ../scripts/node node_modules/@graphql-codegen/cli/cjs/bin.js --config codegen.ts
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*')

# Packages are installed again only when the lock changes. The stamp lies inside, so it goes where they go.
web/node_modules/.installed: web/package-lock.json web/package.json web/.npmrc | .venv/.run
	@echo "Installing the web packages ..."
	@cd web && ../scripts/node npm ci --ignore-scripts --loglevel=error >/dev/null
	@touch $@

web/dist/.built: web/node_modules/.installed $(WEB_SOURCES)
	@echo "Building the web pages ..."
	@cd web && ../scripts/node node_modules/vite/bin/vite.js build --logLevel warn
	@touch $@

web-check: web/node_modules/.installed
	@cd web && ../scripts/node node_modules/typescript/bin/tsc --noEmit
	@cd web && $(CODEGEN) --check >/dev/null || (echo "web/src/graphql is not what the documents say. Run: make format" >&2; exit 1)

# The pure modules and the components; the pages are tested in a browser by tests/browser.
web-test: web/node_modules/.installed
	@cd web && ../scripts/node node_modules/vitest/vitest.mjs run

# Types and hashes of the documents that lie beside the pages.
web-format: web/node_modules/.installed
	@cd web && $(CODEGEN) --silent

# Pictures of the pages and of exports as PDF, from the demo data of the tests, into docs/images.
screenshots: .venv/.dev web/dist/.built
	@./scripts/apt-get chromium
	@$(BIN)/python -m pytest -q tests/browser/ui/pictures.py tests/rest_compat/pictures.py
