# Everything lives in .venv: the interpreter's packages, caches, and the demo's copy of the sample.
# Needs git, make and Python >= 3.11; PYTHON=python3.13 chooses another one.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= auto
BENCHMARKS := startup load_yaml load_cases commit import_cases run_recorded agreement history app

# Compiled modules go to .venv; empty, so that a shell which forbids them does not slow every start.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/cache/pycache
export PIP_CACHE_DIR := $(CURDIR)/$(VENV)/cache/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/$(VENV)/cache/hypothesis

.PHONY: demo test check bench docs lock clean

demo: $(STAMP)
	@.ci/demo $(BIN)

test: $(STAMP)
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir $(VENV)/cache/imports

bench: $(STAMP)
	@for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python benchmarks/$$name.py || exit 1; done

# The pages that are drawn from code, then the site: .venv/site/index.html
docs: $(STAMP)
	$(BIN)/python -m docs.files
	$(BIN)/python -m docs.results
	$(BIN)/python -m docs.command_line
	$(BIN)/python -m docs.keys
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build -q -f docs/site/mkdocs.yml

lock: $(STAMP)
	.ci/lock $(BIN)

clean:
	rm -rf $(VENV) .labeltool

$(STAMP): requirements.lock pyproject.toml .ci/bootstrap
	.ci/bootstrap "$(PYTHON)" $(VENV)
	@touch $@
