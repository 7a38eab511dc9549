# Everything for a fresh machine: `make demo` shows the main job, `make test` proves it. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash -o pipefail
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Two cores carry four namespaces with a small rollout each; with more, probes get late.
WORKERS ?= 4

.PHONY: help demo test test-core test-cluster test-all lint types format cluster cluster-down packages binaries image \
	docs-capture docs-checks bench goldens lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | column -ts $$'\t'

$(STAMP): requirements-dev.lock pyproject.toml
	@echo "== virtual environment in $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip check --quiet && touch $@

packages: $(STAMP) ## install the Debian packages of the test bed (as root)
	@$(BIN)/python -m tests.cluster packages

binaries: packages ## build Kubernetes and Argo Rollouts once per machine (6 to 9 minutes the first time)
	@$(BIN)/python -m tests.cluster build

cluster: binaries ## start the test bed, a real Kubernetes with Argo Rollouts
	@$(BIN)/python -m tests.cluster up

cluster-down: $(STAMP) ## stop the test bed and leave nothing behind
	@$(BIN)/python -m tests.cluster down

demo: binaries ## the main job, for real: a good plan and a bad one under load
	@$(BIN)/python -m tests.demo

test: ## lint, then the tests on the real cluster; SEED= draws another sample, PARTS= takes some (tests/run.sh)
	@bash tests/run.sh

test-all: ## as `test`, with everything instead of a sample, and coverage
	@CUTOVER_WHOLE=1 bash tests/run.sh

test-core: $(STAMP) ## the tests that need no cluster
	@$(BIN)/python -m pytest -q -m "not cluster" -n $(WORKERS)

test-cluster: cluster ## the tests on the cluster: side by side, with users three at a time, then alone
	@$(BIN)/python -m pytest -q -m "cluster and not alone and not users" -n $(WORKERS) --dist worksteal
	@$(BIN)/python -m pytest -q -m "cluster and users" -n 3 --dist worksteal
	@$(BIN)/python -m pytest -q -m "cluster and alone"

goldens: $(STAMP) ## whether the command line prints what it printed, to the letter (`python -m tests.goldens write` keeps it)
	@$(BIN)/python -m tests.goldens compare

lint: $(STAMP) ## ruff, mypy, import contracts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

format: $(STAMP) ## rewrite the code as ruff wants it
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

image: packages ## the sample application as an image tar, build/payments.tar
	@mkdir -p build && $(BIN)/python -m tests.cluster.app.image build/payments.tar

docs-capture: binaries ## run the documents' examples for real and put what they print into them
	@$(BIN)/python -m tests.docs_capture

docs-checks: $(STAMP) ## the table of docs/checks.md from the checks
	@$(BIN)/python -m tests.docs_checks

bench: cluster ## timings against kubectl and the Argo plugin
	@$(BIN)/python -m tests.bench && $(BIN)/python -m tests.bench.diff

LOCK := $(BIN)/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	--strip-extras --allow-unsafe --no-header

lock: $(STAMP) ## resolve the dependencies anew: the users', then with the same versions the developers'
	@$(LOCK) -o requirements.lock pyproject.toml
	@$(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## stop the bed; remove the virtual environment and the caches of this machine
	@test ! -x $(BIN)/python || $(BIN)/python -m tests.cluster down
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
