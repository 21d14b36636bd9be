# Tieout. `make help` lists the targets. Each sets up what it needs on a fresh machine with Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
# One more than there are cores: tests wait for servers and browsers as long as they compute.
WORKERS = $(shell $(RUN) -c 'import os; print((os.cpu_count() or 1) + 1)')

.DEFAULT_GOAL := help
.PHONY: help install demo demo-reset test seeds check fix bench screenshots docs lock audit sbom translations

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

install: $(INSTALLED) ## make the virtual environment .venv with everything in it, and nothing outside it

$(INSTALLED): pyproject.toml requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tieout needs Python 3.11 or newer; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(INSTALLED)

demo: install ## start a simulated PowerOffice Go and the portal with one company synced; BOOKS=file.xml shows your own file
	$(VENV)/bin/tieout demo $(if $(BOOKS),--books $(BOOKS))

demo-reset: install ## start the demo over, with nothing left of the last one
	$(VENV)/bin/tieout demo --reset $(if $(BOOKS),--books $(BOOKS))

test: install ## run all tests, browser included; TESTS=path runs some
	$(RUN) -m tests.browsers --install
	$(RUN) -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(TESTS)

seeds: install ## N seeded worlds of trouble, and kill -9 at every event of two syncs; N=200
	$(RUN) -m tests.simulation --seeds $(or $(N),200) --sweep

check: install ## format, lint, arrows, types: everything but the tests
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(VENV)/bin/bandit -q -c pyproject.toml -r src
	$(VENV)/bin/lint-imports
	$(RUN) -m mypy

fix: install ## format and mend what can be mended
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

bench: install ## our loader beside its peers, a company at the vendor's real limit, companies that grow; takes 10 to 30 minutes
	$(RUN) -m bench

screenshots: install ## take pictures of every page of the running product into docs/screenshots
	$(RUN) -m tests.browsers --install
	$(RUN) -m tests.screenshots docs/screenshots

docs: install ## make the reference pages from the code, and check every page's links and commands
	$(RUN) -m docs.generate

translations: install ## bring the Norwegian texts up to date with the pages; needs GNU gettext, and then somebody who fills in what is empty or fuzzy
	cd src/tieout/portal && ../../../$(VENV)/bin/django-admin makemessages -l nb --no-obsolete --add-location file --no-wrap
	cd src/tieout && ../../$(VENV)/bin/django-admin compilemessages

lock: install ## compile the requirements anew, with hashes and without any index's address
	$(VENV)/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/run.txt
	$(VENV)/bin/uv pip compile -q pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/dev.txt

audit: install ## ask the vulnerability service about each locked library; fails on a finding, and where the service can't be reached
	$(RUN) requirements/audit.py

sbom: install ## write the bill of materials, dist/tieout.cdx.json (CycloneDX), of what a release brings along; needs no network
	$(RUN) requirements/sbom.py dist/tieout.cdx.json
