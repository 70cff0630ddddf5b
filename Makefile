# Every target is a script in dev/. They need python3 and, for what is missing, the network.
.PHONY: demo demo-reset test test-long bench check lock
.SILENT:

demo:
	python3 -m dev.setup demo && exec .venv/bin/python -m dev.demo

demo-reset:
	python3 -m dev.setup demo && exec .venv/bin/python -m dev.demo --afresh

# make test ARGS="tests/core -k money"
test:
	python3 -m dev.setup test && exec .venv/bin/python -m dev.test $(ARGS)

# The house of faults, two browsers in a talk, hostile files, a million rows: what is too slow for every change.
test-long:
	python3 -m dev.setup test && exec .venv/bin/python -m dev.test -m long $(ARGS)

# make bench NAME=activation; without a name all of them, and the table in README.md is written anew
bench:
	python3 -m dev.setup test && exec .venv/bin/python -m dev.bench $(NAME)

check:
	python3 -m dev.setup check && exec .venv/bin/python -m dev.check

# make lock ARGS=--upgrade
lock:
	python3 -m dev.setup base && exec .venv/bin/python -m dev.lock $(ARGS)
