# Two commands matter: `make demo` does the main job on real music, `make test` proves everything.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
OFFLINE ?=
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check bench docs lock clean

help:  ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## Install what running Tenuto needs (virtual environment, locked packages, Debian programs)
	@OFFLINE=$(OFFLINE) scripts/setup run

setup-dev:
	@scripts/setup test

demo: setup  ## Fetch real music, keep what may be kept, publish it, download it again (OFFLINE=1: no network)
	@$(BIN)/tenuto demo $(if $(OFFLINE),--offline)

test: setup-dev check  ## Run every check and every test
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup-dev  ## Lint, types, import contracts, house rules
	@$(BIN)/ruff check --quiet --cache-dir .cache/ruff src tests bench
	@$(BIN)/ruff format --quiet --cache-dir .cache/ruff --check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports --cache-dir .cache/imports
	@$(BIN)/python -m pytest -q tests/test_house.py

bench: setup-dev  ## Measure against named peers; writes under bench/out
	@for script in bench/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

docs: setup-dev  ## Write the generated pages anew
	@$(BIN)/python -m tenuto.cli.pages docs
	@$(BIN)/python -m tenuto.catalogue.docs docs/tables.md

lock:  ## Choose the newest versions that fit and lock them (needs uv)
	@uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --extra build pyproject.toml -o requirements.lock
	@uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --extra build --extra spark --extra dev pyproject.toml -o requirements-dev.lock

clean:  ## Remove what was made here, the demo's archive included
	@chmod -R u+w demo-archive 2>/dev/null || true
	@rm -rf $(VENV) .cache .hypothesis bench/out demo-archive src/*.egg-info
