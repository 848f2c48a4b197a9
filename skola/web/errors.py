"""Error pages: what happened, and what now. They show nothing of the request or of any record."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from skola.ground import clock, space
from skola.ground.db.away import is_away
from skola.ground.people.http import AsleepError
from skola.ground.ui.api import error_page, guessed_language
from skola.promises.cookies import api as cookies
from skola.services.undertakings.api import asks_to_sign

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token: cookies are blocked, it is old, or another site sent it."""
    if settings.CSRF_COOKIE_NAME not in request.COOKIES and getattr(request, "tenant", None):
        return cookies.sign_in_needs_cookies(request)
    return render(request, "ui/errors/csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read; a form that is too large says so."""
    return error_page(413 if isinstance(exception, TOO_LARGE) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Something that this person may not do; what lacks, training or signature, is told."""
    if isinstance(exception, AsleepError):
        context = {"to_sign": asks_to_sign(request, now=clock.now())}
        return render(request, "web/asleep.html", context, status=403)
    return error_page(403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What is not there, or not theirs, or not part of this tenant's service."""
    return error_page(404)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault; the log knows where, the page does not.

    A full disk is said (RFC 4918, 11.5), and a database that is away, with when to try again.
    """
    problem = sys.exception()
    if not is_away(problem):
        return error_page(507 if space.is_full(problem) else 500)
    with translation.override(guessed_language(request)):
        answer = error_page(503, "away")
    answer.headers["Retry-After"] = "60"
    return answer
