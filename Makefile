# Every target but `help` sets up .venv first when it is missing, or older than pyproject.toml or requirements.lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from-lock

export DVC_NO_ANALYTICS := 1
export MLFLOW_DISABLE_TELEMETRY := true
export MLFLOW_SERVER_ENABLE_JOB_EXECUTION := false
export DO_NOT_TRACK := 1
export OMP_NUM_THREADS := 1# the engine runs one process per core
export PATH := $(CURDIR)/$(BIN):$(PATH)# dvc.yaml calls `mvoi`

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test review mlflow folds lint lock corpus bench bench-reading bench-external bench-dutch dutch-model

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(STAMP)  ## From corpus/ to data/7_report; redoes only what changed
	$(BIN)/dvc repro

test: $(STAMP)  ## All tests
	$(BIN)/pytest -n 2

review: $(STAMP)  ## Page on this machine to judge the doubtful cells
	$(BIN)/mvoi review-page

mlflow: $(STAMP)  ## Page on this machine to compare training and validation runs
	$(BIN)/mlflow ui --backend-store-uri sqlite:///mlflow.db --host 127.0.0.1 --port 5000 --workers 1

folds: $(STAMP)  ## What the scores owe to leaks between folds, and the last year held out; a few minutes
	$(BIN)/mvoi evidence-folds

lint: $(STAMP)  ## ruff, mypy, import rules, scheme
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/mvoi scheme-check

lock: $(STAMP)  ## Write requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 \
		--no-header --no-annotate $(UPGRADE) -o requirements.lock

dutch-model: $(STAMP)  ## Train nl_mvoi_core anew; needs the shared data beside the project, and an hour and a half
	$(BIN)/python -m models.training make

bench-dutch: $(STAMP)  ## Measure the Dutch pipeline on treebanks, own gold and the clock
	$(BIN)/python -m bench.dutch

corpus: $(STAMP)  ## Make corpus/, bench/truth and annotations/gold anew from bench/sources
	$(BIN)/python -m bench.compose make
	$(BIN)/python -m bench.compose table

bench: $(STAMP)  ## Check that corpus and gold are what the sources give; score the minimal pairs
	$(BIN)/python -m bench.compose check
	$(BIN)/python -m bench.challenge

bench-reading: $(STAMP)  ## Measure how PDFs are read, layout by layout, beside bare libraries
	$(BIN)/python -m bench.reading --out bench/reading/scores.csv

bench-external: $(STAMP)  ## Score on real sentences; needs the shared data beside the project
	$(BIN)/python -m bench.external

# uv takes seconds where pip takes minutes; it comes from the lock with its hash, as all else. The stamp is made last.
$(STAMP): requirements.lock pyproject.toml models/nl_mvoi_core/meta.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed, and '$(PYTHON)' is not that; try: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@awk '/^[^ ]/ { inside = /^uv==/ } inside' requirements.lock > $(VENV)/uv.lock
	@{ $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(VENV)/uv.lock \
		&& $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock; } \
		|| { echo "uv did not manage; now with pip, which takes some minutes" >&2; \
			$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock; }
	@rm -rf models/nl_mvoi_core/build# of an earlier version
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ./models/nl_mvoi_core
	@touch $(STAMP)
