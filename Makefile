# Two commands: `make demo` and `make test`. Everything they need is installed by themselves, into .venv.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --no-compile
RUN_STAMP := .venv/installed
DEV_STAMP := .venv/installed-dev
# The pinned pip comes first: the one that Python 3.11 brings takes twice as long for all that follows.
PIP_LOCK := .venv/pip.lock
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --build-deps-for editable

# What is imported is compiled then, once, and kept. pip would compile everything, which is half of its work: most of it,
# such as where in the world each telephone number is at home, is never imported.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo up test chaos check audit format bench pages lock clean ready test-tools

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(RUN_STAMP) ## play a month of complaints through the whole system, then serve it (ARGS=--exit stops after the summary)
	@$(BIN)/aduan demo $(ARGS)

up: $(RUN_STAMP) ## run the whole system on this machine, with its data in .aduan
	@$(BIN)/aduan up $(ARGS)

test: ready ## check everything and run all tests, on a real PostgreSQL and a real RabbitMQ (ARGS='-k relay')
	@$(BIN)/python tests/side_by_side.py $(ARGS)

chaos: ready ## spoil database, broker and network in every way we know, and measure how soon all is well (some 40 minutes)
	@$(BIN)/python -m tests.chaos_side_by_side $(ARGS)

check: $(DEV_STAMP) ## style, types, which room may import which, and that what is imported is declared
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deptry .

audit: .venv/bin/python ## look up known weaknesses of every pinned package (ADVISORIES=folder asks no network)
	@test -x $(BIN)/pip-audit || $(PIP) 'pip-audit>=2.10'
	@$(if $(ADVISORIES),$(BIN)/python tests/advisories.py '$(ADVISORIES)') $(BIN)/pip-audit --require-hashes --disable-pip \
		--progress-spinner off --requirement requirements-extras.lock $(ARGS)

format: $(DEV_STAMP) ## put the source into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

pages: ready ## take pictures of the pages for docs/pages, in a real browser
	@$(BIN)/python -m tests.pages.pictures

bench: ready ## measure, and print ratios against the plain way of doing it
	@$(BIN)/aduan bench $(ARGS)

lock: .venv/bin/python ## pin every requirement anew, with hashes (ARGS=--upgrade takes the newest)
	@test -x $(BIN)/pip-compile || $(PIP) pip-tools
	@$(COMPILE) $(ARGS) --output-file requirements.lock pyproject.toml
	@$(COMPILE) $(ARGS) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	@$(COMPILE) $(ARGS) --extra oidc --extra s3 --extra tracing --constraint requirements-dev.lock \
		--output-file requirements-extras.lock pyproject.toml

clean: ## remove what was installed, built or measured (never .aduan, which holds data)
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What the tests need of Python's packages and of the machine's, both at once: neither waits for the other.
ready:
	@$(MAKE) --no-print-directory --jobs=2 $(DEV_STAMP) test-tools

# RabbitMQ and a browser belong to the machine, not to .venv.
test-tools:
	@sh tests/tools.sh

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo 'Aduan needs Python 3.11 or newer as "$(PYTHON)". Name another: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo 'Python cannot make a virtual environment; on Debian: apt-get install python3-venv' >&2; exit 1; }

$(RUN_STAMP): requirements.lock pyproject.toml | .venv/bin/python
	@echo 'installing ...'
	@sed -n '/^pip==/,/[^\\]$$/p' requirements-dev.lock >$(PIP_LOCK)
	@$(PIP) --require-hashes -r $(PIP_LOCK)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.lock pyproject.toml | $(RUN_STAMP)
	@echo 'installing what the tests need ...'
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
