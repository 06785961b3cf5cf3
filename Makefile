# Two doors: `make book` and `make test`. Each sets itself up.

# The python3 that is there, if it is one that pyproject.toml takes; else another of them.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13; do \
	$$python -c '$(FITS)' 2>/dev/null && echo $$python && break; done)
PROCESSES ?= 1
CORES ?= $(shell getconf _NPROCESSORS_ONLN)
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
SNAKEMAKE := $(BIN)/snakemake --cores $(CORES) --rerun-incomplete --nolock --quiet rules

.PHONY: book test companion paper bench lint chromium clean

book: .venv/installed
	$(SNAKEMAKE) -- book
	@$(BIN)/python -c 'import pathlib; page = pathlib.Path("_build/html/index.html").absolute(); \
		print("\nThe book is built. Open", page.as_uri())'

test: .venv/installed chromium lint
	$(SNAKEMAKE) -- book
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses $(CORES) --dist worksteal

companion: .venv/installed
	for profile in e5-grid raw-grid e5 e5-languages e5-tuned e5-alpha e5-data; do \
		$(SNAKEMAKE) --config profile=$$profile -- runs || exit 1; \
	done

paper: .venv/installed
	for profile in paper-xlm-r paper-labse; do \
		$(SNAKEMAKE) --config profile=$$profile processes=$(PROCESSES) -- runs || exit 1; \
	done

bench: .venv/installed
	$(BIN)/python -m speed

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# On Debian as root the browser is installed; elsewhere the browser tests say how to get one.
chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		{ apt-get update -q && apt-get install -q -y --no-install-recommends chromium; } \
		|| echo "Chromium could not be installed; the browser tests will say so"; fi

.venv/installed: requirements.lock pyproject.toml
	@"$(PYTHON)" -c '$(FITS)' 2>/dev/null || { echo "Python 3.11, 3.12 or 3.13 is needed," \
		"found $(or $(PYTHON),none). Way out: install one, or name it:" \
		"make book PYTHON=/path/to/python3"; exit 1; }
	"$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --requirement requirements.lock
	# compat: study and book are found from any folder; the wheel holds hybridlib alone
	$(BIN)/python -m pip install --quiet --no-deps --config-settings editable_mode=compat --editable .
	@touch $@

clean:
	rm -rf .venv .snakemake build _build results/quick results/scratch
