"""The person behind a request: whoever is signed in at this tenant."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from skola.ground import clock
from skola.ground.people.models import Person, Role
from skola.ground.people.queries import kinds_of

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]


def signed_in(view: View[P]) -> View[P]:
    """Let only signed-in people see a view; others are led to the sign-in page and back."""

    @functools.wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.person:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


PROVEN_AT = "proven_at"
"""When the visitor last signed in, in the session: seconds since 1970, by the service's clock."""
FRESH = 300
"""Seconds for which a sign-in counts as a proof that it is still the same person."""


def note_proof(request: Any) -> None:
    """Remember in the session that the visitor has just signed in."""
    request.session[PROVEN_AT] = clock.now().timestamp()


def proven_anew(view: View[P]) -> View[P]:
    """Let a signed-in person see a view only when they have just proven that it is them.

    Who has a password or a second factor is asked for it; who signs in by codes alone signs in
    again, unless that was within the last five minutes.
    """

    @functools.wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if reauthentication.get_reauthentication_flows(request.user):
            reauthentication.raise_if_reauthentication_required(request, app="account")
        elif clock.now().timestamp() - request.session.get(PROVEN_AT, 0) >= FRESH:
            there = request.get_full_path()
            logout(request)
            return redirect_to_login(there)
        return view(request, *args, **kwargs)

    return guarded


def proof_of(request: Any) -> str:
    """Return how the visitor has just proven who they are: ``login``, ``second-factor``, or empty.

    Just now is within the last five minutes, by signing in or by proving it again.
    """
    signed_in_ago = clock.now().timestamp() - request.session.get(PROVEN_AT, 0)
    has_flows = bool(reauthentication.get_reauthentication_flows(request.user))
    proven = has_flows and reauthentication.did_recently_reauthenticate(request)
    if not proven and signed_in_ago >= FRESH:
        return ""
    ways = get_authentication_records(request, request.user)
    return "second-factor" if any(way.get("method") == "mfa" for way in ways) else "login"


def demand_proof(request: Any) -> str:
    """Return how the visitor has just proven who they are, once they have where they can here.

    Who has a password or a second factor is asked for it, and what they sent is not lost. For who
    signs in by codes alone it can be empty: they have to sign in again.
    """
    found = proof_of(request)
    if not found and reauthentication.get_reauthentication_flows(request.user):
        raise ReauthenticationRequired
    return found


class AsleepError(PermissionDenied):
    """The visitor has the role that opens this page; training or signature lacks."""


def sleeps(request: Any, wanted: tuple[str, ...]) -> bool:
    """Whether the visitor would see a page with the training or signature that lacks."""
    if not request.person:
        return False
    asleep = Role.objects.asleep_at(clock.now()).filter(person=request.person)
    return asleep.filter(kind__in=wanted).exists()


def holding(*wanted: str) -> Callable[[View[P]], View[P]]:
    """Let a view exist only for holders of one of these kinds of role; a visitor may sign in."""

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not kinds(request).intersection(wanted):
                if sleeps(request, wanted):
                    raise AsleepError
                raise Http404
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return wrap


def kinds(request: Any) -> frozenset[str]:
    """Return the kinds of role that the visitor holds now, which are read with the account.

    Who has signed in by this very request was found otherwise: the database is asked once.
    """
    if not hasattr(request, "held_kinds"):
        person = request.person
        if not person:
            request.held_kinds = frozenset()
        elif (known := getattr(request.user, "held_kinds", None)) is not None:
            request.held_kinds = frozenset(known)
        else:
            request.held_kinds = kinds_of(person, now=clock.now())
    found: frozenset[str] = request.held_kinds
    return found


def _person(request: Any) -> Person | None:
    account = request.user
    if not account.is_authenticated:
        return None
    if account.closes_at is not None and account.closes_at <= clock.now():
        return None
    found: Person = account.person  # read with the account
    return found


class PersonMiddleware:
    """Put ``request.person`` beside ``request.user``, with whom they were read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visited: Any = request
        visited.person = SimpleLazyObject(lambda: _person(request))
        return self.get_response(request)
