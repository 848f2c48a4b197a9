"""What every request of a signed-in person passes: the day is noted, and closed features say so."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from skola.ground import clock
from skola.ground.people.api import Account
from skola.promises.policy.api import in_force
from skola.services.partners.api import BLOCK as PARTNER
from skola.services.school.api import BLOCK as SECOND_FACTOR
from skola.services.school.api import close_without_second_factor
from skola.web.security import acted
from skola.web.signup import lowest

STILL_OPEN = ("/account/", "/privacy/", "/cookies/", "/display/", "/language/", "/ui/", "/static/")
"""What is open to somebody whose features are closed: account, rights, the look of pages."""

FOR_PARTNERS = (
    "/partners/mine/",
    "/account/privacy/",
    "/privacy/",
    "/cookies/",
    "/display/",
    "/language/",
    "/ui/",
)
"""What is open to people of partners besides how they sign in and out."""
THEIR_ACCOUNT = ("/account/log", "/account/confirm", "/account/2fa/", "/account/reauth")


class ActivityMiddleware:
    """Record the last action once a day, and hold at the door whose features are closed.

    Those are minors without a guardian, staff of schools without a second factor, and people of
    partners, who have the pages of their access and no others (ilearn-15.a).

    Both look at what the request has loaded anyway: session and account (ilearn-20.i, 20.k).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY not in request.session:
            return self.get_response(request)
        account: Any = request.user
        if not account.is_authenticated:
            return self.get_response(request)
        acted(request.session, account.person_id)
        if account.blocked_for == PARTNER:
            return self._for_partner(request)
        if account.blocked_for and not _open_to_all(request.path) and _is_still_closed(account):
            return _held(request, account)
        return self.get_response(request)

    def _for_partner(self, request: HttpRequest) -> HttpResponse:
        opens = (*FOR_PARTNERS, *THEIR_ACCOUNT, "/static/")
        if request.path == "/account/" or request.path.startswith(opens):
            return self.get_response(request)
        if request.path == "/":
            return redirect("partners:mine")
        raise Http404


def _open_to_all(path: str) -> bool:
    return path.startswith(STILL_OPEN)


def _is_still_closed(account: Account) -> bool:
    """Whether it is: a second factor may have been set up meanwhile."""
    if account.blocked_for != SECOND_FACTOR:
        return True
    return close_without_second_factor(account, now=clock.now())


def _held(request: HttpRequest, account: Account) -> HttpResponse:
    if account.blocked_for == SECOND_FACTOR:
        return render(request, "web/second_factor_needed.html", {}, status=403)
    words = {"limit": lowest(in_force(clock.now())), "email": account.email}
    return render(request, "web/guardian_needed.html", words, status=403)
