# `make serve` and `make test` are all that a newcomer needs.

VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
TOOLS := .cache/test-tools

.PHONY: all serve site check test test-fast audit bench bench-live lint format golden rules messages clean

all: site

serve: $(VENV)/.installed
	$(BIN)/llm-history serve $(ARGS)

site: $(VENV)/.installed
	$(BIN)/llm-history build $(ARGS)

check: $(VENV)/.installed
	$(BIN)/llm-history check $(ARGS)

# Everything: style, types, unit tests, a real browser, HTML validity.
test: lint $(TOOLS)/.installed
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

# Seconds: no browser, no validator.
test-fast: $(VENV)/.tested
	$(BIN)/pytest -n auto -m "not browser and not slow" $(ARGS)

# Validity of every page; sizes of pages, Lighthouse, frames against their budgets (minutes).
audit: $(TOOLS)/.installed
	PAGES=all $(BIN)/pytest -q tests/test_site.py -k valid_html
	PYTHONPATH=tests $(BIN)/python -m bench.audit $(ARGS)

# Whole builds against other generators (minutes; installs them into .cache/bench).
bench: $(VENV)/.tested
	PYTHONPATH=tests $(BIN)/python -m bench.build $(ARGS)

# From a save to the page being served, against other generators' servers (minutes).
bench-live: $(VENV)/.tested
	PYTHONPATH=tests $(BIN)/python -m bench.live $(ARGS)

lint: $(VENV)/.tested
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.tested
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Renew the golden pages after a change that is meant; then read the difference.
golden: $(VENV)/.tested
	$(BIN)/pytest tests/test_golden.py --renew-golden

# Renew the page that explains every rule.
rules: $(VENV)/.installed
	$(BIN)/llm-history rule --markdown > docs/rules.md

# Bring the catalogues of messages up to date; then translate what is new in them.
messages: $(VENV)/.tested
	mkdir -p .cache
	$(BIN)/pybabel -q extract -F pyproject.toml -k N_ --no-location --omit-header --no-wrap \
		-o .cache/messages.pot src templates
	for po in templates/locale/*.po; do \
		$(BIN)/pybabel -q update --ignore-pot-creation-date -i .cache/messages.pot -o $$po -l $$(basename $$po .po) \
			--no-fuzzy-matching --ignore-obsolete --no-wrap; \
	done

$(VENV)/bin/python:
	sh tests/make_venv.sh $(PYTHON) $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

$(TOOLS)/.installed: $(VENV)/.tested tests/install_tools.py
	$(BIN)/python tests/install_tools.py $(TOOLS)
	touch $@

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find site -mindepth 1 ! -name .gitignore -delete
