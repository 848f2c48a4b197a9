"""What a page may ask a browser for: nothing, unless the page says so.

The camera and the picture of the screen are for the pages of a filmed exam, and for no other.
"""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]

HEADER = "Permissions-Policy"
NOTHING = "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), usb=()"
FILMING = NOTHING.replace("camera=()", "camera=(self)").replace(
    "display-capture=()", "display-capture=(self)"
)


class PermissionsPolicy:
    """Close every page; a view that says more itself keeps what it said."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, NOTHING)
        return response


def films(view: View[P]) -> View[P]:
    """Let the page of a view ask for camera and screen, never for the microphone."""

    @functools.wraps(view)
    def filming(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers[HEADER] = FILMING
        return response

    return filming
