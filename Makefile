# Two commands do everything: `make report` and `make test`. Each sets up what it needs, once.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup system report docs test test-quick test-slow a11y recovery lab notebooks dictionary lint format bench reference lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PEERS := $(VENV)/peers
PEERS_SCORING := $(VENV)/peers-scoring
# With a CONFIG of your own the report is named by its report.toml, unless NAME says otherwise.
NAME ?= $(if $(CONFIG),,consultation)
# One worker a core; WORKERS= for one process, in which a debugger stops.
WORKERS ?= -n logical --dist loadfile
CONFIG ?=
BENCH ?= --markdown docs/benchmarks.md
UV := $(shell command -v uv 2>/dev/null)

help: ## list the targets
	@echo "smarthan: analytics for the WAN and HAN of Great Britain's smart meters"
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "smarthan needs Python 3.11, 3.12 or 3.13; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.11"; exit 2; }
ifneq ($(UV),)
	@echo "Setting up $(VENV) with uv: about 15 seconds, once." >&2
	@test -x $(BIN)/python || uv venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(VENV)
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@echo "Setting up $(VENV) with pip: about 2 minutes, once (with uv on the path: 15 seconds)." >&2
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) \
	  || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@$(BIN)/python -m compileall -q coverage trial_data analysis  # so that the first look-up is quick too
	@touch $@

.PHONY: check-name
check-name:
	@[[ "$(NAME)" =~ ^([a-z0-9][a-z0-9_-]*)?$$ ]] \
	  || { echo "NAME=$(NAME): use lower case letters, digits, - and _" >&2; exit 2; }

setup: $(INSTALLED) ## make .venv and install the locked set

system: ## install what the browser tests and the PDF need: Chromium, Pango (apt), axe-core (npm)
	@.ci/system

report: $(INSTALLED) check-name ## make the consultation pack in reports/consultation (CONFIG=my/report.toml for your own data)
	@$(BIN)/smarthan report $(if $(CONFIG),--config "$(CONFIG)") $(if $(NAME),--out "reports/$(NAME)")

test: $(INSTALLED) ## everything that must pass: format, lint, types, tests with coverage, doctests
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest $(WORKERS) --cov --cov-report=term:skip-covered -q

test-quick: $(INSTALLED) ## the tests alone, without coverage
	@$(BIN)/python -m pytest $(WORKERS) -q

test-slow: $(INSTALLED) ## the long studies: simulation, recovery, faults
	@$(BIN)/python -m pytest -q -m slow

a11y: $(INSTALLED) system ## every page in headless Chromium with axe-core; fails, where make test skips, without a browser
	@SMARTHAN_BROWSER_REQUIRED=1 $(BIN)/python -m pytest -q -m browser tests

recovery: $(INSTALLED) ## do the estimators find the truth? 300 trials of each size, about 15 minutes; writes docs/recovery.md
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python benchmarks/recovery.py --out docs/recovery.md

lab: $(INSTALLED) ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --notebook-dir=notebooks

notebooks: $(INSTALLED) ## strip the notebooks before a commit: no outputs, fixed ids
	@$(BIN)/python -m smarthan.report.strip notebooks/*.ipynb

docs: $(INSTALLED) ## the guides, methods and reference as a site that works offline: site/index.html
	@$(BIN)/python -m sphinx -q -W --keep-going -d site/.doctrees docs site
	@echo "site/index.html"

dictionary: $(INSTALLED) ## write docs/trial-dictionary.md anew from the declared tables
	@$(BIN)/python -m smarthan.trial_data.dictionary docs/trial-dictionary.md

format: $(INSTALLED) ## put the code in order
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

# The peers stand beside the environment, not in it: nothing else sees them.
$(PEERS): requirements-bench.lock $(INSTALLED)
$(PEERS_SCORING): requirements-bench-scoring.lock $(INSTALLED)
$(PEERS) $(PEERS_SCORING):
ifneq ($(UV),)
	@uv pip install --quiet --python $(BIN)/python --require-hashes --target $@ -r $<
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --upgrade --target $@ -r $<
endif
	@touch $@

bench: $(INSTALLED) $(PEERS) $(PEERS_SCORING) ## measure the claims of speed beside the peers -> docs/benchmarks.md (BENCH="--job bulk --rows 10000000" for a part)
	@$(BIN)/python benchmarks/run.py $(BENCH)

.PHONY: bench-scoring
bench-scoring: $(INSTALLED) $(PEERS_SCORING) ## measure scoring alone, beside three packages for it (half a gigabyte, installed once)
	@$(BIN)/python benchmarks/run.py --job scoring

.PHONY: bench-quick
bench-quick: $(INSTALLED) $(PEERS) ## try the benchmark jobs on one postcode area, a minute: that all run and agree
	@$(BIN)/python benchmarks/run.py --area ZE --rows 20000 --buildings 56 --rounds 2

lock: ## resolve the dependencies anew (needs uv)
	@uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet -o requirements.lock
	@for GROUP in bench bench-scoring; do uv pip compile --group $$GROUP --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet -o requirements-$$GROUP.lock; done

clean: ## remove what the commands made, but not your reports
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov dist
