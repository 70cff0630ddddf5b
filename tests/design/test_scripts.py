"""Scripts of one page share its names: the second that declares a name which the first has taken does not run at all."""

import re
from collections import defaultdict

from django.conf import settings

DECLARED = re.compile(r"^(?:const|let|class|(?:async )?function) (\[[^]]*\]|\{[^}]*\}|\w+)", re.MULTILINE)


def names(text: str) -> list[str]:
    """What stands at the left margin belongs to the page; what stands in a block belongs to the script."""
    return [name for declared in DECLARED.findall(text) for name in re.findall(r"\w+", declared)]


def test_no_two_scripts_give_a_page_the_same_name() -> None:
    taken: dict[str, list[str]] = defaultdict(list)
    for script in sorted((settings.BASE_DIR / "static/js").glob("*.js")):
        for name in names(script.read_text(encoding="utf-8")):
            taken[name].append(script.name)
    assert {name: scripts for name, scripts in taken.items() if len(scripts) > 1} == {}


def test_a_name_in_a_block_is_nobody_elses() -> None:
    assert names("const AGAIN = 1;\n{\n  const OWN = 2;\n}\nasync function look() {}\nconst [one, other] = [];") == [
        "AGAIN", "look", "one", "other",
    ]  # fmt: skip
