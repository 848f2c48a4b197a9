"""Read and remember how somebody wants to see pages: from the profile, else from the cookie.

Keeps ilearn-cookie-prefs and learnifier-5.cookie-functionality: contrast and text size stay after
a reload and on other pages, in a functional cookie and in the profile of who is signed in. Whether
the cookie may be set is decided by the cookie gate, which sees every response after this room.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase

from skola.ground.ui import hooks
from skola.ground.ui.rules import Choice, read_choice

COOKIE = "display"
LASTS = timedelta(days=365)
"""As the language cookie of ilearn-cookie-language: one year."""


def current(request: HttpRequest) -> Choice:
    """Return the choice that holds for this request; a broken cookie counts as none."""
    stored = hooks.stored_choice(request)
    return stored or read_choice(request.COOKIES.get(COOKIE, "")) or Choice()


def remember(
    response: HttpResponseBase, request: HttpRequest, choice: Choice, language: str = ""
) -> None:
    """Store the choice with the person, and in first-party cookies for a year."""
    hooks.store_choice(request, choice, language)
    _set(response, request, COOKIE, choice.compact())
    if language:
        _set(response, request, hooks.language_cookie(request), language)


def remember_language(response: HttpResponseBase, request: HttpRequest, language: str) -> None:
    """Store the language alone; the display choice stays as it is."""
    hooks.store_choice(request, current(request), language)
    _set(response, request, hooks.language_cookie(request), language)


def remember_closed(response: HttpResponseBase, request: HttpRequest, hint: str) -> None:
    """Remember in a cookie of the hint's name that it was closed."""
    _set(response, request, hint, "closed")


def _set(response: HttpResponseBase, request: HttpRequest, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=LASTS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
