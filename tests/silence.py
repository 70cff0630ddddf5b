"""A passing test prints nothing: what it prints is a forgotten print, an unasked warning or a log that nobody expects."""

from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    printed = report.capstdout + report.capstderr
    if report.when == "call" and report.passed and printed:
        report.outcome = "failed"
        report.longrepr = f"It printed:\n{printed}"
    return report
