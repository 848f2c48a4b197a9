"""Plain pages for what went wrong: no tenant, no person, no query, only the right status and words.

They are drawn without a request, so they show even when the database is away.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

PLAIN = (400, 403, 404, 405, 413, 429, 500, 503, 507)
"""Statuses that have a page of their own in ``ui/errors/``."""


def page(status: int, name: str = "") -> HttpResponse:
    """Return the plain page of a status, or that of a ``name`` where a status has several.

    A status without a page gets the one of its hundred.
    """
    known = status if status in PLAIN else (500 if status >= 500 else 400)
    body = render_to_string(f"ui/errors/{name or known}.html", using="jinja2")
    return HttpResponse(body, status=status)


class PlainErrors:
    """Middleware: gives an answer without a body (405, 413, 429 and so on) its plain page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        empty = isinstance(response, HttpResponse) and not response.content
        if not empty or response.status_code not in PLAIN or request.method == "HEAD":
            return response
        plain = page(response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                plain.headers[name] = response.headers[name]
        return plain
