# Two doors: `make book` and `make test`. Each sets itself up.

PYTHON ?= python3.11
CORES ?= $(shell getconf _NPROCESSORS_ONLN)
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONWARNINGS := ignore::DeprecationWarning
SNAKEMAKE := snakemake --cores $(CORES) --rerun-incomplete --nolock --quiet rules --

.PHONY: book test companion bench lint chromium clean

book: .venv/installed
	$(SNAKEMAKE) book
	@echo; echo "The book is built. Open file://$(CURDIR)/_build/html/index.html"

test: .venv/installed chromium lint
	$(SNAKEMAKE) book
	pytest

companion: .venv/installed
	snakemake --cores $(CORES) --rerun-incomplete --nolock --quiet rules --config profile=companion -- runs

bench: .venv/installed
	python -m benchmarks

lint: .venv/installed
	ruff check .
	ruff format --check .
	mypy

# On Debian as root the browser is installed; elsewhere the browser tests say how to get one.
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null || \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -q && apt-get install -q -y --no-install-recommends chromium; fi

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	pip install --quiet --requirement requirements.lock
	pip install --quiet --no-deps --editable .
	@touch $@

clean:
	rm -rf .venv .snakemake build _build results/quick results/scratch
