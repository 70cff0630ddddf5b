"""Whoever asks for a page is its viewer."""

from collections.abc import Callable, Iterable, Iterator

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from core.rows.viewers import Viewer, in_one_look, seen_by

SAFE = {"GET", "HEAD"}
END = object()


class ViewerMiddleware:
    """Needs request.user, which is asked when the page comes to a wall. A page that only reads does it in one look."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        viewer = Viewer(lambda: request.user)
        with seen_by(viewer):
            if request.method in SAFE:
                with in_one_look():
                    response = self.get_response(request)
            else:
                response = self.get_response(request)
        if response.streaming and not response.is_async and not isinstance(response, FileResponse):  # type: ignore[attr-defined]
            response.streaming_content = looked_at(response.streaming_content, viewer)  # type: ignore[attr-defined]
        return response


def looked_at(parts: Iterable[bytes], viewer: Viewer) -> Iterator[bytes]:
    """What is read while it is sent."""
    parts = iter(parts)
    while True:
        with seen_by(viewer):
            part = next(parts, END)
        if part is END:
            return
        yield part  # type: ignore[misc]
