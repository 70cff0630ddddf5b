"""Templates that may leave no hole: a letter or a document names every fact, or is not written."""

from functools import cache
from typing import Any

from django.template import Context, Engine, Template

HOLE = "\N{REPLACEMENT CHARACTER}"  # stands where a fact is missing


class FactMissing(ValueError):
    """A template names what its facts do not have."""


def rendered(name: str, named: dict[str, Any]) -> str:
    """In the active language; what is not HTML is not escaped. Raise FactMissing."""
    text = template(name).render(Context(named, autoescape=name.endswith(".html")))
    if HOLE in text:
        raise FactMissing(name)
    return text


def template(name: str) -> Template:
    """Raise TemplateDoesNotExist."""
    return _engine().get_template(name)


@cache
def _engine() -> Engine:
    """The project's engine, except that a missing fact leaves a mark instead of nothing."""
    engine = Engine.get_default()
    return Engine(
        dirs=engine.dirs,
        app_dirs=engine.app_dirs,
        libraries=engine.libraries,
        builtins=engine.builtins,
        string_if_invalid=HOLE,
    )
