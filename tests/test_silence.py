"""The guard against prints, with its control."""

import pytest


@pytest.mark.parametrize(
    ("line", "passed"), [("print('hello')", 0), ("import sys; sys.stderr.write('x')", 0), ("1", 1)]
)
def test_a_test_that_prints_fails(
    line: str, passed: int, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
) -> None:
    pytester.makeconftest("from tests.silence import pytest_runtest_makereport")
    pytester.makepyfile(f"def test_it():\n    {line}\n")
    result = pytester.runpytest_inprocess("-p", "no:django", "-p", "no:playwright")
    capsys.readouterr()  # pytester shows what it ran
    result.assert_outcomes(passed=passed, failed=1 - passed)
