# Every target sets up what it needs: make and Python 3.11 or newer are enough to start from.

VENV := .venv
RUN := $(VENV)/bin/python
pythons := $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3 python)

.PHONY: help demo test test-all lint types bench gallery lock clean

help: ## say what each target does
	@echo 'make TARGET, or make TARGET PYTHON=/path/to/python to choose the interpreter'
	@awk -F ': .*## ' '/^[a-z-]+: .*## / { sub(/:.*/, "", $$1); printf "  %-9s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/ready ## run the two worked examples
	$(RUN) examples/two_two_one.py
	$(RUN) examples/dense_layers.py

test: lint types ## check style, types and behaviour, all but the slow tests
	$(RUN) -m pytest

test-all: lint types ## the same with the slow tests, and with bugs planted to measure them
	$(RUN) -m pytest -m ''
	$(RUN) -m tests.mutation

lint: $(VENV)/ready ## check style
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check

types: $(VENV)/ready ## check types
	$(RUN) -m mypy

bench: $(VENV)/ready ## time the engine beside those of its peers that are installed
	$(RUN) -m benchmarks.eager

gallery: $(VENV)/ready ## draw the pictures of the documentation anew
	$(RUN) docs/make_gallery.py

lock: $(VENV)/locked ## choose the versions of the development packages anew
	$(RUN) -m pip install --quiet uv
	UV_CUSTOM_COMPILE_COMMAND='make lock' $(RUN) -m uv pip compile --quiet --upgrade --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --extra all --group dev \
		--output-file requirements-dev.lock pyproject.toml

clean: ## remove everything that make and the tools have made
	rm -rf $(VENV) build dist out .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# Set-up. $(VENV)/locked says that the locked packages are installed, $(VENV)/ready that the project
# is too. A step writes its file last, so that an interrupted one is begun again.

$(VENV)/ready: $(VENV)/locked pyproject.toml
	$(RUN) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/locked: requirements-dev.lock
	@new_enough=; python=; \
	for candidate in $(pythons); do \
		"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		new_enough=$$candidate; \
		"$$candidate" -c 'import ensurepip, venv' 2>/dev/null && python=$$candidate && break; \
	done; \
	if [ -z "$$new_enough" ]; then \
		echo 'autograd-mini needs Python 3.11 or newer, and found none (tried $(pythons)):' \
			'install one, or name one with make PYTHON=/path/to/python.' >&2; exit 1; \
	elif [ -z "$$python" ]; then \
		package=$$("$$new_enough" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
		echo "$$new_enough cannot make a virtual environment, because its venv module is missing:" \
			"install it (on Debian and Ubuntu: apt install $$package)." >&2; exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$python; this takes a minute, once."; \
	rm -f $@; "$$python" -m venv --clear $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@echo "$$($(RUN) $(print_version)) in $(CURDIR)" > $@

# A virtual environment that was moved, whose Python is gone, or that is of another version than the
# PYTHON asked for is made anew.
print_version := -c 'import sys; print(*sys.version_info[:3])'
made := $(shell { $(RUN) -c '' && cat $(VENV)/locked; } 2>/dev/null)
wanted := $(shell $(or $(PYTHON),$(RUN)) $(print_version) 2>/dev/null) in $(CURDIR)
ifneq ($(made),$(wanted))
.PHONY: $(VENV)/locked
endif
