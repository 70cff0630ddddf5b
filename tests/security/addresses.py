"""Every address that the resolver knows. A new page is crawled without anybody thinking of it."""

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

NAMED = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\([^)]*\)|[^)])*\)")


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        text = str(pattern.pattern)
        route = before + (text.strip("^$") if isinstance(pattern.pattern, RegexPattern) else text)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def path_of(route: str, arguments: Mapping[str, str]) -> str:
    """KeyError for an argument that has no example yet."""
    return "/" + NAMED.sub(lambda found: arguments[found[1] or found[2]], route)
