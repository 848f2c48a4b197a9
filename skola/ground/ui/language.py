"""The language of a request: what the person chose, else what the browser asks for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from skola.ground.ui import hooks


def choose(offered: list[str], stored: str, cookie: str, accepted: list[str]) -> str:
    """Return the first of profile, cookie and browser that is on offer; else the first on offer.

    A region is left out where only its language is offered: ``sv-fi`` asks for ``sv``.
    """
    for asked in (stored, cookie, *accepted):
        for code in (asked.lower(), asked.lower().partition("-")[0]):
            if code in offered:
                return code
    return offered[0]


def guessed_language(request: HttpRequest) -> str:
    """Return the language of a page before which nothing could be asked of the tenant.

    The policy that names the cookie is out of reach then: what holds nothing but a language is it.
    """
    offered = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != "en")
    asked = request.headers.get("Accept-Language", "")
    return choose(
        offered,
        getattr(request, "LANGUAGE_CODE", ""),
        next((value for value in request.COOKIES.values() if value in offered), ""),
        [code for code, _q in parse_accept_lang_header(asked)],
    )


class LanguageMiddleware:
    """Speak one of the tenant's languages for the whole request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.headers.get("Accept-Language", "")
        language = choose(
            [code for code, _name in hooks.languages(request)],
            hooks.stored_language(request),
            request.COOKIES.get(hooks.language_cookie(request), ""),
            [code for code, _q in parse_accept_lang_header(asked)],
        )
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response
