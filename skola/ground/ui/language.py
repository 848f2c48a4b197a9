"""In which language a page speaks: the person's choice, else the cookie's, else the browser's wish."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from skola.ground.ui import hooks


def chosen(request: HttpRequest) -> str:
    """Return the language code for this request; always one that the tenant offers."""
    offered = [code for code, _ in hooks.languages(request)]
    stored = hooks.stored_language(request)
    cookie = request.COOKIES.get(hooks.language_cookie(request), "")
    for wish in (stored, cookie):
        if wish in offered:
            return wish
    return _browsers_wish(request, offered) or (offered[0] if offered else settings.LANGUAGE_CODE)


def _browsers_wish(request: HttpRequest, offered: Sequence[str]) -> str:
    header = request.headers.get("Accept-Language", "")[:200]
    for code, _quality in parse_accept_lang_header(header):
        short = code.partition("-")[0]
        if short in offered:
            return short
    return ""


class LanguageMiddleware:
    """Speak the chosen language while the request lasts, and say so in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(chosen(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            return response
