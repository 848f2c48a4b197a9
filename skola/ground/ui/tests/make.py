"""Makers: a request as the middleware leaves it, and a page drawn from a few lines of template."""

from typing import Any

from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory


def get(path: str = "/", **cookies: str) -> HttpRequest:
    """A visitor asks for a page."""
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    return request


def post(path: str, **data: str) -> HttpRequest:
    """A visitor sends a form, whose token has been checked."""
    request = RequestFactory().post(path, data)
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    return request


def drawn(template: str, **context: Any) -> str:
    """What a template with these lines shows."""
    return str(engines["jinja2"].from_string(template).render(context))
