# dateline: `make demo` to see it, `make test` to trust it, `make check` before a commit.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup demo test check lint types imports lock docs real bench decisions quality-search quality-names quality-canonical quality-stories quality-trends day model encoder pairs parity exporting hostile scale wheel clean

help:  ## these lines
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / - /'

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

setup: .venv/installed  ## make .venv with pinned dependencies and the dateline command

demo: setup  ## load the sample newsroom into ./var/demo and serve it on 127.0.0.1:8000
	$(BIN)/dateline demo

test: setup  ## the whole suite; Elasticsearch and browser tests where they can run
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered

lint: setup  ## ruff, every rule
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup  ## mypy, strict
	$(BIN)/mypy

imports: setup  ## the direction of imports
	$(BIN)/lint-imports

check: lint types imports test  ## everything CI runs

lock: setup  ## pin the dependencies afresh, with hashes
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --upgrade --quiet --output-file requirements.lock

docs: setup  ## write docs/configuration.md afresh from the settings
	$(BIN)/python -m tests.docs.configuration > docs/configuration.md

real: setup  ## load the corpora of ../shared/data into both stores
	$(BIN)/python -m bench.real

bench: setup  ## timings as ratios to bare baselines
	$(BIN)/python -m bench.run $(if $(ONLY),--only $(ONLY))

decisions: setup  ## how soon an editor's decision is in every article, as a table
	$(BIN)/python -m bench.decisions

quality-search: setup  ## how good the answers of search are, as tables
	$(BIN)/python -m bench.quality_search

quality-names: setup  ## how good and how fast names are found, as tables
	OMP_NUM_THREADS=1 $(BIN)/python -m bench.quality_names $(if $(DATA),--data $(DATA))

quality-canonical: setup  ## which entity a name is, in texts written for it
	$(BIN)/python -m bench.quality_canonical

quality-stories: setup  ## how well articles are grouped into stories, as tables
	OMP_NUM_THREADS=1 $(BIN)/python -m bench.quality_stories $(if $(DATA),--data $(DATA))

quality-trends: setup  ## how good trends are, beside other formulas, as tables
	OMP_NUM_THREADS=1 $(BIN)/python -m bench.quality_trends $(if $(DATA),--data $(DATA))

day: setup  ## one day of the corpus told by its top stories every six hours, with reasons
	$(BIN)/python -m bench.day $(DATE)

exporting: setup  ## a million articles as one answer, from the store of `make scale`
	$(BIN)/python -m bench.exporting

model: setup  ## train nlp/model afresh from the labelled texts in DATA
	OMP_NUM_THREADS=1 $(BIN)/python -m training.names --data $(or $(DATA),../shared/data/ner) --out nlp/model

encoder: setup  ## distil nlp/encoder_model afresh from the news in DATA (training/encoder.py says what to install)
	OMP_NUM_THREADS=1 $(BIN)/python -m training.encoder --data $(or $(DATA),../shared/data) --out nlp/encoder_model

pairs: setup  ## learn what speaks for one event from the judged pairs in DATA
	OMP_NUM_THREADS=1 $(BIN)/python -m training.pairs --data $(or $(DATA),../shared/data) --out indexer/stories/weights.json

parity: setup  ## the same 500 questions put to both stores
	$(BIN)/python -m bench.parity

hostile: setup  ## 10,000 questions made to break a search box, on both stores
	$(BIN)/python -m bench.hostile

scale: setup  ## search at 100,000 and at 1,000,000 articles
	$(BIN)/python -m bench.scale

wheel: setup  ## build the wheel into dist/
	$(BIN)/python -m hatchling build --target wheel

clean:  ## forget the environment and all local stores
	rm -rf .venv var dist
