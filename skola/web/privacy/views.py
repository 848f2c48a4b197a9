"""The page *My privacy*, and who looked."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.ground.people.http import signed_in
from skola.promises.notices.queries import language_for
from skola.promises.policy.api import has, in_force
from skola.promises.rights.access.told import sections
from skola.promises.rights.api import erasure_right, offered, requests_of
from skola.web.privacy import queries

LATEST = 5
"""Requests on the page; all of them stand on their own."""


@never_cache
@require_safe
@signed_in
def mine(request: Any) -> HttpResponse:
    """What is held about me, why, until when; my consents; what I asked (ilearn-22.a)."""
    now = clock.now()
    found = in_force(now)
    language = language_for(found.policy)
    kinds = queries.kinds(request.person, found.policy, language)
    asks = has("rights.requests", now=now)
    right = erasure_right(now)
    context = {
        "policy": found.policy,
        "language": language,
        "kinds": kinds,
        "consents": queries.consents(request.person, found.policy, language),
        "asks": asks,
        "offered": offered(found) if asks else (),
        "asked": requests_of(request.person, now=now)[:LATEST] if asks else [],
        "erases_alone": right is not None and right.by_account,
        "sections": sections(found, {one.held.category for one in kinds}, language)[2:],
    }
    return render(request, "web/privacy.html", context)


@never_cache
@require_safe
@signed_in
def looks(request: Any) -> HttpResponse:
    """Who looked at my data, a year back, where a log tells it."""
    found = queries.looks(request.person, now=clock.now())
    return render(request, "web/looks.html", {"looks": found})
