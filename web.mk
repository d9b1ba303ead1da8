# The browser side: locked packages, one Vite build, a type check. Included by the Makefile.
.PHONY: web-check

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
