"""The lint that keeps bare managers out of views."""

import pytest

from dev.checks.views import offences


@pytest.mark.parametrize("line", ["Policy.objects.get(pk=1)", "policy.save()", "Policy._default_manager.all()"])
def test_a_bare_manager_or_a_write_is_found(line: str) -> None:
    assert [number for number, _what in offences(f"def view(request):\n    {line}\n")] == [2]


@pytest.mark.parametrize("line", ["policies.visible_to(request.user)", "save_draft(by=request.user)", "'.objects'"])
def test_queries_and_services_pass(line: str) -> None:
    assert list(offences(f"def view(request):\n    {line}\n")) == []
