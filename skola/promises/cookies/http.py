"""The gate: every answer passes it last, and leaves without what the policy does not allow.

It trusts no other room: a cookie that is not in the register, not the service's own, or not
consented to is taken out of the answer; the others get the lifetime of their entry and safe
attributes. Clauses: ilearn-37, ilearn-cookie-persistent, ilearn-cookie-https, kic-cookie-login,
kic-cookie-persistent, learnifier-5.e, ema-11.1, ema-11.3.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from http.cookies import Morsel
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date

from skola.ground import clock
from skola.promises.cookies import rules
from skola.promises.cookies.actions import note_fault
from skola.promises.cookies.queries import Standing, domain_of, standing

SHARED_ROLES = frozenset({"choice", "language", "display"})
"""Cookies that hold on every host of the tenant. The session stays on the host it began on."""


class CookieGate:
    """Middleware: outermost inside the tenant, so that it sees every cookie of an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        now = standing(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            _renew(request, response, now)
            if now.register.honour_gpc:
                patch_vary_headers(response, ("Sec-GPC",))
        for key, morsel in list(response.cookies.items()):
            decision = rules.may_set(morsel.key, now.register, now.consented)
            if _ends(morsel):
                _dress(request, morsel, now)
            elif decision.allowed:
                _limit(morsel, decision.max_age)
                _dress(request, morsel, now)
            else:
                del response.cookies[key]
                if decision.fault:
                    note_fault(morsel.key, decision.reason)
        return response


def _ends(morsel: "Morsel[str]") -> bool:
    """Whether this deletes a cookie: that is never refused."""
    return str(morsel["max-age"]) == "0"


def _limit(morsel: "Morsel[str]", seconds: int | None) -> None:
    """Give a cookie exactly the lifetime of its entry."""
    if seconds is None:
        morsel["max-age"] = morsel["expires"] = ""
        return
    morsel["max-age"] = seconds
    morsel["expires"] = http_date((clock.now() + timedelta(seconds=seconds)).timestamp())


def _dress(request: HttpRequest, morsel: "Morsel[str]", now: Standing) -> None:
    """No script reads our cookies, no other site sends them, and HTTPS keeps them to itself."""
    entry = now.register.find(morsel.key)
    morsel["httponly"] = True
    morsel["secure"] = request.is_secure() or settings.HTTPS or ""
    morsel["samesite"] = morsel["samesite"] or "Lax"
    if entry and entry.role in SHARED_ROLES:
        morsel["domain"] = domain_of(request)
    elif not _ends(morsel):
        morsel["domain"] = ""


def _renew(request: HttpRequest, response: HttpResponseBase, now: Standing) -> None:
    """Begin the term of the visitor's settings anew, and end what is no longer allowed.

    The term runs from the last visit (ilearn-cookie-persistent). A cookie of a class without
    consent that is still in the browser goes; settings of this visit may stay.
    """
    if request.method != "GET" or response.status_code != 200:
        return
    expire(request, response, {*now.consented, rules.FUNCTIONAL})
    for name in rules.to_renew(request.COOKIES, now.register, now.consented):
        if name not in response.cookies:
            response.set_cookie(name, request.COOKIES[name])


def expire(request: HttpRequest, response: HttpResponseBase, consented: Collection[str]) -> None:
    """End every cookie that the browser sent and that no consent covers.

    A script of others may have set it for any domain above this host, so it ends on all of them.
    """
    register = standing(request).register
    labels = request.get_host().partition(":")[0].split(".")
    above = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    for name in rules.to_expire(request.COOKIES, register, consented):
        response.delete_cookie(name)
        for domain in above:
            ended = Morsel[str]()
            ended.set(name, "", "")
            ended.update({**response.cookies[name], "domain": domain})
            # one name, several domains: the jar of a response knows a cookie by name alone
            dict.__setitem__(response.cookies, f"{name} {domain}", ended)


class ContentPolicy(CSPMiddleware):
    """The content security policy of a page: vendors stand in it only while they are allowed.

    They may then be shown in pictures and frames of public pages; no script of anybody else runs
    in our pages, and nothing of anybody else where somebody is signed in (ema-11.1,
    learnifier-5.cookie-ads-networks). Clauses: ilearn-cookie-google, learnifier-5.cookie-ads-flash.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if embedded := sorted(getattr(request, "embedded", ())):
            parts.update = {**(parts.update or {}), "frame-src": ["'self'", *embedded]}
        if report_only or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return parts
        now = standing(request)
        sources = rules.vendor_sources(now.register, now.consented)
        if sources:
            update: dict[str, Any] = {
                "connect-src": ["'self'", *sources],
                "frame-src": ["'self'", *sources, *embedded],
            }
            update["img-src"] = sources
            parts.update = {**(parts.update or {}), **update}
        return parts
