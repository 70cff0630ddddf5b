"""A sender's name is for eyes: whatever it was, it leads nowhere, hides nothing and fits on a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.file_names import FORBIDDEN, LONGEST, safe_file_name, sent_file_name


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("снимок колена.jpg", "снимок колена.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Айгуль\\скан.pdf", "скан.pdf"),
        ("отчёт\u202egpj.exe", "отчёт-gpj.exe"),  # read as «отчётexe.jpg» where direction is turned
        ("a\x00b\r\nSet-Cookie: x.pdf", "a-b--Set-Cookie- x.pdf"),
        ("<script>alert(1)</script>.png", "script-.png"),
        ('a"b.jpg', "a-b.jpg"),
        ("🩻 рентген.jpg", "🩻 рентген.jpg"),
        ("и\u0306од.pdf", "йод.pdf"),  # iOS sends й in two
        ("\ud800.pdf", "pdf"),
        ("...", ""),
        (".bashrc", "bashrc"),
        ("ж" * 300 + ".pdf", "ж" * 96 + ".pdf"),
        ("ж" * 300, "ж" * 100),
        ("a." + "ж" * 300, "a." + "ж" * 98),
    ],
)
def test_a_name_is_cleaned(sent: str, shown: str) -> None:
    assert sent_file_name(sent) == shown


@given(st.text(max_size=400))
def test_any_name_is_safe_and_short(sent: str) -> None:
    name = sent_file_name(sent)
    assert len(name) <= LONGEST
    assert not FORBIDDEN & set(name)
    assert name.isprintable()
    assert safe_file_name(name) == name
