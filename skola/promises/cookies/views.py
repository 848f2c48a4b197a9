"""The settings page, the choice, and what somebody is told whose browser keeps no cookies."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.ui.api import error_page
from skola.promises.cookies import rules, shown
from skola.promises.cookies.choosing import keep, tell_account
from skola.promises.cookies.queries import standing

HELP = (
    ("Firefox", "https://support.mozilla.org/kb/clear-cookies-and-site-data-firefox"),
    ("Chrome", "https://support.google.com/chrome/answer/95647"),
    ("Safari", "https://support.apple.com/guide/safari/manage-cookies-sfri11471/mac"),
    ("Edge", "https://support.microsoft.com/microsoft-edge"),
    ("aboutcookies.org", "https://www.aboutcookies.org"),
)
"""How to manage cookies in the browser itself (kic-cookie-manage, ema-11.5)."""


def _back(request: HttpRequest, given: str) -> str:
    """Return where to go after a choice: a page of this host, else the settings page."""
    safe = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if given and safe else reverse("cookies:settings")


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether another site sent this form, by the browser's own word.

    A token would need a cookie before anybody chose (ilearn-cookie-required).
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()


@require_http_methods(["GET", "HEAD"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Every cookie of the policy, why, how long and by whom; a switch for each class."""
    now = standing(request)
    groups = shown.groups(request)
    choice = now.register.with_role("choice")
    context = {
        "groups": groups,
        "choice": now.choice,
        "choice_name": choice.name if choice else "",
        "gpc": now.gpc and bool(now.register.followed),
        "effect": shown.effect(),
        "opt_outs": {
            row.supplier or row.name: row.opt_out
            for group in groups
            for row in group.rows
            if row.opt_out
        },
        "help": HELP,
        "next": _back(request, request.GET.get("next", "")),
    }
    return render(request, "cookies/settings.html", context)


@csrf_exempt
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep a choice about cookies, or take one back: in both cases one button.

    What is no longer allowed leaves the browser with this answer: cookies one by one, because a
    clearing of all would sign people out; the storage of the browser as a whole.
    Clauses: ilearn-cookie-choice, kic-cookie-manage, learnifier-5.cookie-performance-optout.
    """
    if from_elsewhere(request):
        return error_page(403)
    now, found = clock.now(), standing(request)
    choice = rules.choose(
        found.register,
        request.POST.get("choice", ""),
        request.POST.getlist("class"),
        gpc=found.gpc,
        today=now.date(),
    )
    if person := getattr(request, "person", None):
        tell_account(person, choice, found.register, by=by(request), now=now)
    target = _back(request, request.POST.get("next", ""))
    response = HttpResponseRedirect(reverse("cookies:kept") + "?" + urlencode({"next": target}))
    keep(request, response, choice)
    return response


@require_http_methods(["GET", "HEAD"])
def kept(request: Any) -> HttpResponse:
    """Go on, or say that the browser did not keep the choice (ilearn-cookie-exception)."""
    now = standing(request)
    target = _back(request, request.GET.get("next", ""))
    entry = now.register.with_role("choice")
    response: HttpResponse
    if now.choice is not None or entry is None:
        response = HttpResponseRedirect(target)
    else:
        context = {"choice_name": entry.name, "next": target}
        response = render(request, "cookies/not_kept.html", context)
    add_never_cache_headers(response)
    return response


def sign_in_needs_cookies(request: HttpRequest) -> HttpResponse:
    """Say why a form could not be taken from a browser that sends no cookie back.

    Clauses: learnifier-5.f, ema-11.4, ilearn-cookie-refuse-browser.
    """
    context = {"effect": shown.effect(), "help": HELP}
    return render(request, "cookies/blocked.html", context, status=403)
