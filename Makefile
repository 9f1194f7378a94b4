# Everything goes through here. `make` lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed
AUDIT := .venv/audit/installed
TESTED := .venv/tested
# All is pinned, with the hashes of its files; it is compiled when imported.
INSTALL := $(BIN)/pip install --disable-pip-version-check --no-compile --no-deps --require-hashes
LOCK := $(BIN)/pip-compile -q --upgrade --generate-hashes --unsafe-package pip --strip-extras --no-header --no-emit-index-url --no-emit-find-links
UNIT := tests/casework tests/web tests/contract tests/adapters tests/domain tests/docs
# A file at a time for each of the two, in this order: what takes longest begins first, but for what makes the package,
# which others would wait for.
SYSTEM := tests/package/test_access.py tests/browser tests/system tests/package tests/local
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

# What was compiled once is kept, whatever the environment says: the tests start many processes, and each of them would
# compile a thousand modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | column -t -s '|'

.PHONY: run
run: $(STAMP) ## the whole system on this machine; Ctrl-C stops it
	@exec $(BIN)/python -m infra.local

.PHONY: tour
tour: $(STAMP) ## walk one complaint through its life against the running system; ARGS="--file complaints.csv" files many, ARGS="--amend" amends the policy
	@$(BIN)/python -m infra.tour $(ARGS)

.PHONY: test
test: ## everything: formatting, lint, types, layers, tests, the browser's too, the package
	@$(MAKE) --no-print-directory -j 2 $(AUDIT) check a-browser
	$(PYTEST) $(SYSTEM) $(UNIT)

.PHONY: check
check: $(STAMP) ## formatting, lint, types, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

.PHONY: unit
unit: $(STAMP) ## the tests that need no running system
	$(PYTEST) $(UNIT)

.PHONY: system
system: $(AUDIT) a-browser ## the tests that drive the running local system, and the package as it is deployed
	$(PYTEST) $(SYSTEM)

.PHONY: browser
browser: a-browser ## the tests that look at the pages with a browser, fetched if none is there; REDRESS_BROWSER names one
	$(BIN)/pytest tests/browser

.PHONY: a-browser
a-browser: $(TESTED)
	@$(BIN)/python -m tests.browser.install

.PHONY: odd
odd: $(STAMP) ## some of the tests in an odd time zone, a bare locale and any order of hashes
	TZ=Asia/Kathmandu LC_ALL=C PYTHONHASHSEED=random $(PYTEST) tests/domain tests/adapters tests/docs

.PHONY: openapi
openapi: $(STAMP) ## write the description of the contract anew, with its examples; ARGS=--release keeps it as that of a release
	@$(BIN)/python -m tests.contract $(ARGS)

.PHONY: lint-api
lint-api: $(TESTED) ## what Redocly and Spectral say of that description; fetches both the first time
	@$(BIN)/python -m tests.contract.lint

.PHONY: bench
bench: $(TESTED) ## what it costs on AWS and on this machine, into tests/bench/RESULTS.md; ARGS="--quick" for a glance
	@$(BIN)/python -m tests.bench $(ARGS)

.PHONY: fuzz
fuzz: $(STAMP) ## what is allowed and what is not, by everybody there is, into tests/bench/RESULTS.md; ARGS="--minutes 1" for a glance
	@$(BIN)/python -m tests.fuzz $(ARGS)

.PHONY: siege
siege: $(STAMP) ## a hostile consumer and shop and a careless department, and whether all else was kept; ARGS="--minutes 1" for a glance
	@$(BIN)/python -m tests.siege $(ARGS)

.PHONY: clients
clients: $(TESTED) ## clients made of the contract by four generators, compiled strictly and tried on a running system; ARGS="java" for one
	@$(BIN)/python -m tests.clients $(ARGS)

.PHONY: mutants
mutants: $(STAMP) ## how many small faults in the domain its tests find, a quarter of an hour or so; ARGS="complaint/clocks" for a part, ARGS=--help says more
	@$(BIN)/python -m tests.mutants $(ARGS)

.PHONY: package
package: $(STAMP) ## template, parameters and zip for CloudFormation in build/package; STAGE=dev or prod
	@$(BIN)/python -m infra.packaging $(or $(STAGE),dev)

.PHONY: deploy
deploy: $(STAMP) ## package it and put it on AWS, with the AWS CLI; STAGE=dev or prod BUCKET=yours
	@$(BIN)/python -m infra.deploy $(or $(STAGE),dev) $(BUCKET)

.PHONY: audit
audit: $(STAMP) $(AUDIT) ## whether anything is known against the libraries in the zip; needs the network
	@$(BIN)/python -m infra.audit

.PHONY: redrive
redrive: $(STAMP) ## dead letters go back to work; ARGS="--stack redress-prod --dry-run" lists them, ARGS=--help says more
	@$(BIN)/python -m infra.redrive $(ARGS)

.PHONY: rebuild
rebuild: $(STAMP) ## what stands beside the entries of records, made anew from them; ARGS="--stack redress-prod --all --check" reports
	@$(BIN)/python -m infra.rebuild $(ARGS)

.PHONY: erase
erase: $(STAMP) ## what people typed about a complaint goes for good; ARGS="--stack redress-prod ID", ARGS=--help says more
	@$(BIN)/python -m infra.erase $(ARGS)

.PHONY: lock
lock: $(STAMP) ## pin the dependencies of pyproject.toml anew, and the hashes of all that is installed
	$(LOCK) -o requirements.txt pyproject.toml
	$(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
	$(LOCK) --extra test -c requirements-dev.txt -o requirements-test.txt pyproject.toml
	$(LOCK) -c requirements-dev.txt -o tests/clients/requirements.txt tests/clients/requirements.in
	$(BIN)/python .ci/hashes.py requirements-audit.txt

.PHONY: clean
clean: ## remove what was built and installed
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Whoever names a Python means it: a .venv that another one made is not used silently.
VERSION := import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed; name one: make PYTHON=python3.12 …"); print("%d.%d" % sys.version_info[:2])
.PHONY: named-python
named-python:
ifneq ($(origin PYTHON),file)
	@asked=$$($(PYTHON) -c '$(VERSION)') || exit 1; \
	[ ! -e .venv ] || made=$$($(BIN)/python -c '$(VERSION)' 2>&1); \
	[ "$${made-$$asked}" = "$$asked" ] || { \
	echo "The .venv here was made by Python $$made, and $(PYTHON) is $$asked. First: make clean" >&2; exit 1; }
endif

$(BIN)/pip: | named-python
	@$(PYTHON) -c '$(VERSION)' >/dev/null
	@$(PYTHON) -m venv .venv

$(STAMP): requirements.txt requirements-dev.txt | $(BIN)/pip
	@echo "Installing what is needed into .venv (once, half a minute or so) …"
	@$(INSTALL) -q -r requirements-dev.txt
	@$(BIN)/pip check || { echo "requirements-dev.txt holds for Python 3.11 to 3.13, and this one needs other libraries." >&2; exit 1; }
	@touch $@

$(AUDIT): requirements-audit.txt | $(BIN)/pip
	@$(INSTALL) -qq --upgrade -t .venv/audit -r requirements-audit.txt
	@touch $@

# What only tests need; what runs needs nothing of it.
$(TESTED): requirements-test.txt $(STAMP)
	@$(INSTALL) -q -r requirements-test.txt
	@touch $@
