# Everything one does with this project, as `make TARGET`. Needs Python 3.11+ and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
DEMO := instance/demo
CATALOGS := $(wildcard tracker/translations/*/LC_MESSAGES/*.po)
PYBABEL_WORDS := -k _l -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2
LOCK_VENV := .lock-venv
DIST := dist
RELEASE := $(shell sed -n '/^name = /{s/.*"\(.*\)"/\1/p;q;}' pyproject.toml)-$(shell sed -n '/^version = /{s/.*"\(.*\)"/\1/p;q;}' pyproject.toml)
# an old release whose weaknesses are known: who does not hear of them there would hear of none
TELLS_WEAKNESSES := import json, sys, urllib.request as ask; \
  said = json.load(ask.urlopen("https://pypi.org/pypi/jinja2/2.10/json", timeout=3)); \
  sys.exit(not said["vulnerabilities"])

.DEFAULT_GOAL := help
.PHONY: help env run test test-all bench load screenshots styles notices check audit format translations lock release clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name words; \
	  do printf '%-20s %s\n' "$$name" "$$words"; done

env: .venv/.complete $(CATALOGS:.po=.mo) ## Make the environment .venv from requirements.lock, and compile the translations

.venv/.complete: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'This needs Python 3.11 or newer. Name it: make PYTHON=python3.12 …'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo 'Python cannot make environments here. On Debian and Ubuntu: apt-get install python3-venv'; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

%.mo: %.po .venv/.complete
	@$(BIN)/pybabel --quiet compile -i $< -o $@

run: env ## Start the app with a made-up year on this machine, and print its address and people
	@TRACKER_INSTANCE=$(DEMO) $(BIN)/flask --app wsgi init
	@TRACKER_INSTANCE=$(DEMO) $(BIN)/flask --app wsgi seed-demo
	@TRACKER_INSTANCE=$(DEMO) exec $(BIN)/flask --app wsgi serve

test: env ## Run the tests, without the slow ones
	$(BIN)/pytest -q -n auto -m "not slow"

test-all: env ## Run all tests, the slow ones too
	$(BIN)/pytest -q -n auto

bench: env ## Measure how fast it is, as one table (ten minutes; docs/performance.md says what was found)
	$(BIN)/python -m benchmarks.table

check: env ## Check format, lint, types, imports, templates, migrations and translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit --quiet --recursive tracker wsgi.py migrations --configfile pyproject.toml
	@if $(BIN)/python -c '$(TELLS_WEAKNESSES)' 2>/dev/null; \
	  then $(MAKE) --no-print-directory audit; else echo 'pip-audit: pypi.org tells no weaknesses here, left out'; fi
	$(BIN)/djlint --quiet --lint templates
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && unset TRACKER_DATABASE_URL && \
	  export TRACKER_INSTANCE="$$folder" && echo 'flask db check, on a fresh database' && \
	  $(BIN)/flask --app wsgi init >/dev/null && $(BIN)/flask --app wsgi db check
	$(BIN)/pytest -q tests/house

audit: ## Ask PyPI for known weaknesses of what requirements.lock pins (needs the network)
	$(PYTHON) -m venv $(LOCK_VENV)
	$(LOCK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check "pip-audit>=2.10,<3"
	$(LOCK_VENV)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock
	rm -rf $(LOCK_VENV)

load: env ## Two hundred clients at once, and the server killed under them, on SQLite and PostgreSQL (4 minutes)
	$(BIN)/python -m benchmarks.under_load

screenshots: env ## Take the pictures of README and docs anew, from the demo, with Chromium (3 minutes)
	$(BIN)/python -m benchmarks.pictures

styles: env ## Cut Bootstrap's stylesheet down to what the pages use, after templates came to use more of it
	$(BIN)/python -m tests.house.styles

notices: env ## Write THIRD-PARTY.md anew, after the lock or what others made changed (needs the network for new packages)
	$(BIN)/python -m tests.house.notices

format: env ## Put Python and templates into the one format, and mend what lint can mend
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

translations: .venv/.complete ## Collect new words into the German catalogue; translate what it then leaves empty
	@$(BIN)/pybabel --quiet extract -F pyproject.toml $(PYBABEL_WORDS) --add-location=file --sort-by-file --no-wrap \
	  --project tracker -o messages.pot .
	@$(BIN)/pybabel --quiet update -i messages.pot -d tracker/translations -l de --init-missing --no-wrap \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@rm messages.pot
	@$(MAKE) --no-print-directory env
	@$(BIN)/pytest -q tests/house/test_translations.py

lock: ## Write requirements.lock anew from pyproject.toml
	$(PYTHON) -m venv $(LOCK_VENV)
	$(LOCK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	$(LOCK_VENV)/bin/uv pip compile pyproject.toml --upgrade --extra dev --extra postgres --extra sso --universal \
	  --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
	  --no-emit-find-links --quiet -o requirements.lock
	rm -rf $(LOCK_VENV)

release: ## Pack what is committed as dist/NAME-VERSION.tar.gz, which runs without git; the same commit gives the same bytes
	@git -c safe.directory='*' diff --quiet HEAD || echo 'What is not committed is left out.'
	@mkdir -p $(DIST)
	@git -c safe.directory='*' archive --prefix=$(RELEASE)/ --output=$(DIST)/$(RELEASE).tar HEAD
	@gzip -9nf $(DIST)/$(RELEASE).tar
	@ls $(DIST)/$(RELEASE).tar.gz

clean: ## Remove what was made, except instance/
	rm -rf .venv $(LOCK_VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find tracker tests migrations -name __pycache__ -prune -exec rm -rf {} +
	find tracker -name '*.mo' -delete
