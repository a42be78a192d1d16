# `make demo` and `make test` do all their own set-up: Python 3.11 or later and make are enough.
PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/.ready
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: demo test test-engines lint bench lock clean

$(SETUP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("kg needs Python 3.11 or later: make PYTHON=python3.11 …") if sys.version_info < (3, 11) else None'
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv --clear .venv >/dev/null 2>&1 || { \
	    echo "Debian keeps venv in a package of its own: installing python3-venv"; \
	    $(SUDO) apt-get update -qq && $(SUDO) apt-get install -qq -y python3-venv && $(PYTHON) -m venv --clear .venv; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -j 0 kg
	@touch $@

demo: $(SETUP)
	@KG=$(BIN)/kg sh examples/demo.sh

lint: $(SETUP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest -n auto --dist loadgroup --max-worker-restart 0

# Real servers, started and ended by the tests: Oxigraph's and Virtuoso (docs/engines.md says where from).
test-engines: $(SETUP)
	KG_ENGINES=all $(BIN)/pytest tests/contract tests/test_engines_queries.py tests/test_engines_validation.py tests/test_engines_commands.py

bench: $(SETUP)
	$(BIN)/python bench/commands.py

lock: $(SETUP)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --group dev --all-extras --upgrade --output-file requirements.txt pyproject.toml

clean:
	rm -rf .venv demo
