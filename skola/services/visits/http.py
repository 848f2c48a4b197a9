"""What follows a page: a visit is kept, as far as the visitor agreed, or what they gave up goes."""

import logging
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.contrib.auth.signals import user_logged_in
from django.core.signals import got_request_exception
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve

from skola.ground import clock
from skola.ground.people.api import Account, Person
from skola.ground.people.network import family, shortened, system
from skola.promises.consents import api as consents
from skola.promises.cookies.api import standing
from skola.promises.policy.api import NoPolicyError, has, in_force
from skola.services.visits import actions, queries, rules
from skola.services.visits.models import Outside, Tally
from skola.services.visits.regions import region_of

_log = logging.getLogger(__name__)
KEPT = "pages_kept"
"""In the session: whether its owner agreed that their own pages are kept."""
LEARNING = "learning pages"
"""In ``never_for``: pages of courses are not measured while somebody is signed in."""


class VisitsMiddleware:
    """Keep a visit of each page that somebody opened who agreed; nothing at all of anybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "tenant", None) is not None:
            _forget(request, response)
            if _is_page(request, response):
                _note(request, response)
                _note_ad(request)
        return response


def _is_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    whole = request.method == "GET" and "HX-Request" not in request.headers
    shown = response.status_code == 200 or response.status_code >= 400
    return whole and shown and response.headers.get("Content-Type", "").startswith("text/html")


def _note(request: Any, response: HttpResponseBase) -> None:
    now = clock.now()
    try:
        found = queries.measured(in_force(now).policy)
    except NoPolicyError:
        return
    if found is None or (LEARNING in found.never_for and _is_learning(request)):
        return
    page = _page(request.resolver_match)
    if found.of_nobody:
        if found.purpose.id in standing(request).purposes:
            seen = _seen(request, response, page)
            actions.note_visit(seen, fields=found.fields, now=now)
    elif page and request.session.get(KEPT) and _agrees(request.person, found.purpose.id):
        actions.note_page(request.person, page, now=now)


def _note_ad(request: Any) -> None:
    """Count that somebody came by an advertisement, and nothing of who: consent or not."""
    campaign = rules.campaign_of(request.GET.get("campaign", ""))
    if campaign and standing(request).register.with_role(Outside.Role.ADS):
        actions.tally(Tally.Kind.AD, campaign, "came", now=clock.now())


def page_of(match: Any) -> str:
    """Return the page as it is kept and told: without whatever could lead to a person."""
    return _page(match)


def _is_learning(request: Any) -> bool:
    match = request.resolver_match
    return bool(match and "courses" in match.namespaces and request.person)


def _page(match: Any) -> str:
    return rules.page_of(match.route, match.kwargs) if match else ""


def _seen(request: HttpRequest, response: HttpResponseBase, page: str) -> dict[str, object]:
    """Everything that a policy may list; what it does not is dropped before anything is kept."""
    agent = request.headers.get("User-Agent", "")
    return {
        "page": page,
        "come_from": _come_from(request),
        "browser": family(agent),
        "language": rules.language_of(request.headers.get("Accept-Language", "")),
        "system": system(agent),
        "region": region_of(shortened(request.META.get("REMOTE_ADDR", ""))),
        "error": response.status_code if response.status_code >= 400 else None,
    }


def _come_from(request: HttpRequest) -> str:
    """The page before, if it was here, as pages are kept; else the host of the other site."""
    referrer = request.headers.get("Referer", "")
    host = rules.elsewhere(referrer)
    if not host or host != request.get_host().partition(":")[0]:
        return host
    try:
        return _page(resolve(urlsplit(referrer).path))
    except Resolver404:
        return ""


def _agrees(person: Person | None, purpose: str) -> bool:
    """Whether somebody agreed whom the policy lets be asked: of pupils nothing is kept."""
    now = clock.now()
    if not person or not consents.allowed(person.pk, purpose, now=now):
        return False
    return person.pk not in consents.spared_from(purpose, now=now)


def remember(request: Any) -> None:
    """Note in the session whether its owner's pages are kept, so that no page has to ask.

    Called at sign-in and after each switch. Where it is noted, the consent is looked up again at
    each page, for it may have ended elsewhere.
    """
    try:
        found = queries.measured(in_force(clock.now()).policy)
    except NoPolicyError:
        return
    if found is None or found.of_nobody or not request.person:
        return
    if _agrees(request.person, found.purpose.id):
        request.session[KEPT] = True
    else:
        request.session.pop(KEPT, None)


@receiver(user_logged_in)
def _after_sign_in(sender: object, request: Any, user: Account, **rest: Any) -> None:
    if hasattr(request, "session") and hasattr(request, "person"):
        request.person = user.person
        remember(request)


# ---- what broke ----


@receiver(got_request_exception)
def _after_fault(sender: object, request: Any = None, **rest: Any) -> None:
    """Keep what broke, where the policy says so; where it cannot be kept, the log of errors is."""
    error, now = sys.exception(), clock.now()
    if error is None or getattr(request, "tenant", None) is None:
        return
    try:
        if has(queries.FAULTS, now=now):
            actions.note_fault(_page(request.resolver_match), error, now=now)
    except (DatabaseError, NoPolicyError):
        _log.exception("A fault could not be kept.")


# ---- what was looked at ----


def note_look(request: Any, response: HttpResponse, one: rules.Looked) -> None:
    """Count that the visitor looked at something, if they agreed that it decides what they see.

    Who is signed in keeps it in the account; any other browser gets a random number for it.
    """
    now = clock.now()
    if not queries.may_follow(request, now=now):
        return
    if request.person:
        actions.note_interest(request.person, one, now=now)
        return
    entry = standing(request).register.with_role("interests")
    if entry is None or entry.lifetime is None:
        return
    device = queries.device_of(request) or uuid4()
    response.set_cookie(entry.name, device.hex)
    actions.note_look(device, one, ends_at=now + entry.lifetime)


def _forget(request: Any, response: Any) -> None:
    """Where the number leaves the browser, or its class is allowed no more, what it kept goes."""
    entry = standing(request).register.with_role("interests")
    device = queries.device_of(request)
    if entry is None or device is None:
        return
    sent = response.cookies.get(entry.name)
    ended = sent is not None and str(sent["max-age"]) == "0"
    if ended or entry.class_ not in standing(request).consented:
        actions.forget_device(device, by="visitor", now=clock.now())
