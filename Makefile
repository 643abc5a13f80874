# `make` opens the program, `make help` lists the rest. Nothing has to be installed first but make and Python 3.11+.

PYTHON3 ?= python3
PYTHON  := .venv/bin/python
PIP     := $(PYTHON) -m pip --disable-pip-version-check install --quiet --require-hashes

# Stamps, touched only when an install has finished. They live in the venv so that they die with it.
RUNTIME := .venv/runtime-installed
TESTING := .venv/testing-installed

EXPORTS := build/exports
PEERS := build/bench/python/installed build/bench/node/installed

.DEFAULT_GOAL := run
.PHONY: run test test-long test-exports fuzz kills check lint bench lock clean help system-libraries

run: $(RUNTIME)  ## open the program; make run ARGS="file" passes arguments to main.py
	@$(PYTHON) main.py $(ARGS)

test: $(TESTING)  ## run the tests, without a display; ARGS="-k words" chooses some
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest $(ARGS)

test-long: $(TESTING)  ## ten thousand random networks: gradients, and right numbers that are never accused
	@QT_QPA_PLATFORM=offscreen GRADIENT_CASES=10000 AGREEMENT_CASES=10000 \
		$(PYTHON) -m pytest --timeout 3600 tests/engine/test_gradients.py tests/diagnose -k "any_shape or never_accused" $(ARGS)

# It needs nothing of .venv: exported programs are run apart from this project.
test-exports: $(EXPORTS)/installed  ## run exported programs where they belong: NumPy alone, Jupyter, PyTorch, ONNX, LaTeX
	@QT_QPA_PLATFORM=offscreen BARE_PYTHON=$(abspath $(EXPORTS))/numpy/bin/python NOTEBOOK_PYTHON=$(abspath $(EXPORTS))/jupyter/bin/python \
		$(EXPORTS)/all/bin/python -m pytest --timeout 1200 -v -rs tests/session/exports $(ARGS)

kills: $(TESTING)  ## kill a program that saves 1,000 times: no file may be torn
	@$(PYTHON) -m tests.campaigns.kill $(ARGS)

check: lint test  ## everything that must be clean before a commit

fuzz: $(TESTING)  ## read 100,000 damaged files; ARGS="1000" reads so many
	@$(PYTHON) -m tests.campaigns.fuzz $(ARGS)

lint: $(TESTING)  ## style, format and types
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

bench: $(TESTING) $(PEERS)  ## measure the speeds that the design promises, beside other programs
	@QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(PYTHON) -m benchmarks $(ARGS)

# Other programs to be measured beside this one, each kind in a place of its own; the tests need none of
# them. What cannot be had here (no npm, no compiler) is left out, and the results say so.
build/bench/python/installed: benchmarks/requirements.txt
	$(PYTHON3) -m venv --clear build/bench/python
	build/bench/python/bin/python -m pip --disable-pip-version-check install --quiet -r $<
	@touch $@

# Without their install scripts, which build a driver for graphics that no measurement uses.
build/bench/node/installed: benchmarks/peers/package.json benchmarks/peers/package-lock.json
	@mkdir -p build/bench/node
	cp $^ build/bench/node
	! command -v npm >/dev/null || npm ci --prefix build/bench/node --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# One environment with everything, to write and hold against; one with NumPy alone; one with Jupyter besides.
$(EXPORTS)/installed: requirements.txt tests/requirements.txt tests/session/exports/requirements.txt
	for name in all numpy jupyter; do $(PYTHON3) -m venv --clear $(EXPORTS)/$$name || exit 1; done
	$(EXPORTS)/all/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements.txt -r tests/requirements.txt
	$(EXPORTS)/all/bin/python -m pip --disable-pip-version-check install --quiet -r tests/session/exports/requirements.txt
	numpy=$$($(EXPORTS)/all/bin/python -m pip freeze | grep -i '^numpy==') && \
	$(EXPORTS)/numpy/bin/python -m pip --disable-pip-version-check install --quiet $$numpy && \
	$(EXPORTS)/jupyter/bin/python -m pip --disable-pip-version-check install --quiet -c tests/session/exports/requirements.txt $$numpy ipykernel nbclient
	@touch $@

# pip-tools gets a venv of its own: it pulls pip and setuptools about, and is in no one's way there.
# The options keep the index and the folders of the machine that locked out of the files.
LOCK := CUSTOM_COMPILE_COMMAND="make lock" build/lock/bin/pip-compile --quiet --generate-hashes --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock:  ## pin newer versions; UPGRADE="-P numpy" upgrades one, UPGRADE=-U all, default none
	test -x build/lock/bin/pip-compile || { $(PYTHON3) -m venv --clear build/lock && build/lock/bin/python -m pip install --quiet pip-tools; }
	$(LOCK) $(UPGRADE) --output-file requirements.txt resources/setup/requirements.in
	$(LOCK) $(UPGRADE) --output-file tests/requirements.txt tests/requirements.in

clean:  ## remove the virtual environment, caches and build outputs
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1: /p' $(MAKEFILE_LIST)

# Every time, because it takes a hundredth of a second and a missing library otherwise ends in Qt's own words.
system-libraries:
	@sh resources/setup/system_libraries.sh $(PYTHON3)

# No stamp beside a venv means that it was interrupted half-made, so it is begun again.
$(RUNTIME): requirements.txt $(PYTHON) | system-libraries
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON3) is $$($(PYTHON3) --version); name another with make PYTHON3=python3.12" >&2; exit 1; }
	@test -e $@ || $(PYTHON3) -m venv --clear .venv
	$(PIP) -r requirements.txt
	@touch $@

$(TESTING): tests/requirements.txt $(RUNTIME)
	$(PIP) -r requirements.txt -r tests/requirements.txt
	@touch $@

# Missing, or a link to a Python that was upgraded away: then what the stamps say is no longer true.
$(PYTHON):
	@rm -f $(RUNTIME) $(TESTING)
