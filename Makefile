# Rahnuma's commands. `make run` and `make test` set up what they need and are quick the second time.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: run test lint torture load bench ablation clean

run: $(VENV)/runtime
	@$(PY) ingest.py || echo "The folder needs mending (see above); what was published last goes on answering." >&2
	@$(PY) -m bot

test: $(VENV)/dev lint
	$(PY) -m pytest

lint: $(VENV)/dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

torture: $(VENV)/dev
	$(PY) -m tests.torture

load: $(VENV)/runtime
	$(PY) -m benchmarks.load

bench: $(VENV)/bench
	$(PY) -m benchmarks

ablation: $(VENV)/runtime
	$(PY) -m benchmarks.ablation

$(VENV)/runtime: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev: $(VENV)/runtime
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

$(VENV)/bench: $(VENV)/runtime
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[bench,training]"
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
