"""Display settings, the language switch, the brand's style sheet and the style page."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skola.ground.ui import display, hooks, styleguide
from skola.ground.ui.errors import page as error_page
from skola.ground.ui.forms import DisplayForm, LanguageForm
from skola.ground.ui.rules import brand_css

A_YEAR = 365 * 24 * 3600
HINTS = frozenset({"cta"})
"""Hints that can be closed; the name is that of the cookie which remembers it."""


def _back(request: HttpRequest, given: str) -> str:
    """Return where to go after a change: a page of this host, else the home page."""
    safe = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if safe else "/"


def _languages(request: HttpRequest) -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in hooks.languages(request)]


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show and change contrast, text size, letters, light or dark, and language."""
    languages = _languages(request)
    given = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST":
        form = DisplayForm(request.POST, languages=languages)
        if form.is_valid():
            response = HttpResponseRedirect(_back(request, given))
            language = form.cleaned_data.get("language", "")
            display.remember(response, request, form.choice(), language)
            return response
    else:
        now = display.current(request)
        language = translation.get_language() or settings.LANGUAGE_CODE
        form = DisplayForm(languages=languages, initial=DisplayForm.initial_of(now, language))
    context = {"form": form, "next": _back(request, given)}
    return render(request, "ui/display.html", context, status=422 if form.errors else 200)


def _from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this host."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


@csrf_exempt
@require_POST
def close_hint(request: HttpRequest) -> HttpResponse:
    """Close a hint, and keep it closed; guarded like ``choose_language``."""
    name = request.POST.get("hint", "")
    if not _from_here(request) or name not in HINTS:
        return error_page(403)
    response = HttpResponseRedirect(_back(request, request.POST.get("next", "")))
    display.remember_closed(response, request, name)
    return response


@csrf_exempt
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember a language and go back to the page.

    The form stands in the header of every page; a token in it would set a cookie before anybody
    asked for anything (ilearn-cookie-required). The browser's own word on where the form comes
    from guards it instead.
    """
    if not _from_here(request):
        return error_page(403)
    response = HttpResponseRedirect(_back(request, request.POST.get("next", "")))
    form = LanguageForm(request.POST, languages=_languages(request))
    if form.is_valid():
        display.remember_language(response, request, form.cleaned_data["language"])
    return response


@require_GET
def brand(request: HttpRequest) -> HttpResponse:
    """Serve the accent of the request's service as a style sheet (no inline style is allowed).

    The address carries the colour, so a cache may keep the answer for a year; the answer itself
    depends only on the policy of the host.
    """
    accent = hooks.brand(request).accent
    response = HttpResponse(brand_css(accent), content_type="text/css; charset=utf-8")
    if request.GET.get("accent") == accent.lstrip("#"):
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def style_page(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; only in development and in the demo."""
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    return render(request, "ui/styleguide.html", styleguide.samples(request))
