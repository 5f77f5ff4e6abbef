# Everything a fresh clone needs: `make run` serves the dashboard, `make test` checks the whole project.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
PORT ?= 8501
UPLIFT_DATABASE_URL ?= sqlite:///uplift.db
export PORT UPLIFT_DATABASE_URL
# Whoever sets it would wait in each run until everything is compiled anew.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

.DEFAULT_GOAL := help
.PHONY: help run dev test quick t check fix docs bench pictures axe deployment test-cluster lock sbom audit clean \
	ready sample style tools

help: ## show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: ready ## serve the dashboard with the sample program on http://127.0.0.1:8501 (PORT= changes it)
	@exec $(BIN)/uplift serve

dev: ready .venv/.test-installed ## the same for developers: starts again after each edit, shows errors in full
	@exec env UPLIFT_DEV=yes $(BIN)/watchmedo auto-restart --recursive --no-restart-on-command-exit \
		--debounce-interval 0.2 --pattern '**/*.py;**/*.js;**/*.css;**/*.json;**/*.toml' \
		--directory dashboard --directory data_access --directory pages -- $(BIN)/uplift serve

ready: .venv/.installed # the program database, with the sample program in it if nobody brought another
	@if [ "$(UPLIFT_DATABASE_URL)" = "sqlite:///uplift.db" ] && [ ! -f uplift.db ]; then $(MAKE) --no-print-directory sample; fi
	@$(BIN)/uplift init

sample: .venv/.installed # a small believable program in uplift.db; made next to it and moved in whole
	@echo "Making the sample program (about half a minute, once)"
	@rm -rf .venv/sample .venv/sample.db* .venv/sample.release.db
	@$(BIN)/uplift sample --out .venv/sample --as-of "$$(date +%F)"
	@$(BIN)/uplift import .venv/sample --sample --database sqlite:///.venv/sample.db >/dev/null
	@rm -rf .venv/sample
	@mv .venv/sample.release.db uplift.release.db
	@mv .venv/sample.db uplift.db

test: tools style ## check everything: style, types, tests with real databases and a real browser
	@echo "Running the tests, the browser's first because they take longest, and checking types meanwhile"
	@$(BIN)/mypy & types=$$!; $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder; tests=$$?; wait $$types && exit $$tests

tools: # what the tests need, installed side by side
	@$(MAKE) --no-print-directory --jobs=3 .venv/.test-installed .venv/.chromium .venv/.pretalx

NEEDS_NOTHING := not browser and not postgresql and not bench and not deployment and not cluster and not long

quick: style ## check style and, within a minute, what needs neither browser nor PostgreSQL nor patience
	@$(BIN)/python -m pytest -m "$(NEEDS_NOTHING) and not slow" --ignore tests/browser --ignore tests/benchmarks \
		--hypothesis-profile quick -n 3 --dist loadfile

t: .venv/.test-installed ## run some tests, without browser and PostgreSQL: make t ARGS="-k floor"
	@$(BIN)/python -m pytest -m "$(NEEDS_NOTHING)" $(ARGS)

check: style ## check style, imports and types only
	@$(BIN)/mypy

style: .venv/.test-installed # how it is written, and who may import whom
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@found=$$($(BIN)/lint-imports --no-logo --no-cache) || { echo "$$found"; exit 1; }; echo "$$found" | grep '^Contracts:'

fix: .venv/.test-installed ## mend style where a tool can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: .venv/.installed ## write docs/questions.md and the glossary's numbers again
	@$(BIN)/python -m dashboard.commands.reference

bench: .venv/.test-installed .venv/.chromium ## measure speed and memory into tests/benchmarks/RESULTS.md; a part: make bench ARGS="-k growth"
	@$(BIN)/python -m pytest -p tests.benchmarks.results -m bench -n 0 \
		tests/benchmarks tests/browser/test_speed.py tests/sample_data $(ARGS)

faults: .venv/.test-installed ## make bad days for real, and keep what was seen of each in tests/benchmarks/RESULTS.md
	@$(BIN)/python -m tests.faults

pictures: .venv/.test-installed .venv/.chromium ## take pictures of the pages, wide and narrow, light and dark, into tests/.artifacts
	@PICTURES=1 $(BIN)/python -m pytest -n 2 --dist loadfile tests/browser

long: .venv/.test-installed .venv/.chromium ## run the journeys and combinations that make test has no time for
	@$(BIN)/python -m pytest -m long -n 0

deployment: .venv/.test-installed .venv/.chromium ## start nginx, two servers and PostgreSQL as deploy/ describes, and use them
	@command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || { echo "Installing nginx from apt"; $(SUDO) apt-get install -qq -y --no-install-recommends nginx-light >/dev/null; }
	@$(BIN)/python -m pytest -m deployment -n 0 tests/deployment

axe: .venv/.test-installed .venv/.chromium ## every page as every role in both themes at six widths: accessible, nothing cut, no jumps
	@$(BIN)/python -m pytest -m bench -n 2 tests/browser/test_every_look.py

test-cluster: .venv/.test-installed .venv/.spark ## ask a real Apache Spark every question: a master and two workers, of which one is killed
	@$(BIN)/python -m pytest -m cluster -n 0 tests/cluster

lock: .venv/.test-installed ## rewrite the lock files from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile -q pyproject.toml --upgrade --extra build -o requirements.lock \
		--generate-hashes --universal --python-version 3.11 --no-header
	@$(BIN)/uv pip compile -q pyproject.toml --upgrade --extra build --extra test -c requirements.lock \
		-o tests/requirements.lock --generate-hashes --universal --python-version 3.11 --no-header
	@$(BIN)/uv pip compile -q tests/cluster/requirements.in --upgrade \
		-o tests/cluster/requirements.lock --generate-hashes --universal --python-version 3.11 --no-header
	@$(BIN)/uv pip compile -q tests/pretalx/requirements.in --upgrade \
		-o tests/pretalx/requirements.lock --generate-hashes --universal --python-version 3.11 --no-header

sbom: .venv/.installed ## list every locked package with its licence, as CycloneDX, in sbom.cdx.json
	@$(BIN)/python -m dashboard.commands.supply sbom sbom.cdx.json

audit: .venv/.installed ## hold the lock files against advisories: make audit ADVISORIES=file or folder of OSV records
	@$(BIN)/python -m dashboard.commands.supply audit $(ADVISORIES)

clean: ## remove what make made, except the program database
	@rm -rf sbom.cdx.json .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache tests/.artifacts

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is missing. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than 3.11. Install Python 3.11 and call make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Creating .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python's venv module is incomplete. On Debian: apt-get install python3-venv"; exit 1; }

.venv/.installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what requirements.lock names (a minute or two, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m dashboard.commands.slim
	@touch $@

.venv/.test-installed: .venv/.installed tests/requirements.lock
	@echo "Installing the test tools that tests/requirements.lock names"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/requirements.lock
	@touch $@

# Beside ours, for it wants other versions; its tables are made in a second (tests/pretalx/serve.py).
.venv/.pretalx: tests/pretalx/requirements.lock | .venv/bin/python
	@echo "Installing a real pretalx, which the tests of live sources ask"
	@$(PYTHON) -m venv .venv/pretalx
	@.venv/pretalx/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps \
		--require-hashes -r tests/pretalx/requirements.lock
	@touch $@

# A whole Spark, in an environment of its own: what asks it needs the client alone.
.venv/.spark: tests/cluster/requirements.lock | .venv/bin/python
	@command -v java >/dev/null || { echo "Installing Java from apt"; $(SUDO) apt-get install -qq -y --no-install-recommends openjdk-17-jre-headless >/dev/null; }
	@echo "Installing Apache Spark (450 MB, once)"
	@$(PYTHON) -m venv .venv/cluster
	@.venv/cluster/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--require-hashes -r tests/cluster/requirements.lock
	@touch $@

.venv/.chromium: | .venv/bin/python
	@has() { for name; do command -v $$name >/dev/null && return; done; return 1; }; \
	if ! has chromium-headless-shell chromium chromium-browser google-chrome; then \
		has apt-get || { echo "Chromium is missing and there is no apt-get: install it by hand"; exit 1; }; \
		[ "$$(id -u)" = 0 ] || [ -n "$(SUDO)" ] || { echo "Chromium is missing; as root: apt-get install chromium"; exit 1; }; \
		echo "Installing Chromium for the browser tests"; \
		$(SUDO) apt-get update -qq; \
		for name in chromium-headless-shell chromium; do \
			DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -qq -y $$name >/dev/null && break; \
		done; \
	fi
	@touch $@
