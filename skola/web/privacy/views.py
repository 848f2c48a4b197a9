"""The page *My privacy*, and who looked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.db.purposes import acting
from skola.ground.people.api import Person
from skola.ground.people.http import signed_in
from skola.promises.consents import api as consents
from skola.promises.disclosures.api import passed_on
from skola.promises.notices.queries import language_for
from skola.promises.policy.api import has, in_force, needs, spoken
from skola.promises.rights.access.told import A_YEAR, passed_table, sections
from skola.promises.rights.api import (
    GuestForm,
    erasure_right,
    offered,
    receive_by_link,
    requests_of,
    takes_signed,
)
from skola.web.consents import shown
from skola.web.privacy import links, queries, sharing

TEN_AN_HOUR = {"link": "10/h/ip"}
LATEST = 5
"""Requests on the page; all of them stand on their own."""


class AddressForm(forms.Form):
    """The address under which somebody is known here."""

    email = forms.EmailField(label=gettext_lazy("Your e-mail"))


@never_cache
@require_safe
@signed_in
def mine(request: Any) -> HttpResponse:
    """What is held about me, why, until when; my consents; what I asked (ilearn-22.a)."""
    now = clock.now()
    right = erasure_right(now)
    known = consents.history(request.person.pk)
    context = {
        **_told(request.person, known, now),
        "switches": shown.switches(request.person, now=now, known=known),
        "erases_alone": right is not None and right.by_account,
        "can_share": bool(sharing.offered(in_force(now).policy)),
    }
    return render(request, "web/privacy.html", context)


def _told(person: Person, known: Sequence[consents.Consent], now: datetime) -> dict[str, Any]:
    found = in_force(now)
    language = language_for(found.policy)
    kinds = queries.kinds(person, found.policy, language)
    asks = has("rights.requests", now=now)
    return {
        "policy": found.policy,
        "language": language,
        "summary": spoken(found.policy, found.policy.summary.line, language),
        "kinds": kinds,
        "history": shown.history(known, found),
        "asks": asks,
        "offered": offered(found) if asks else (),
        "asked": requests_of(person, now=now)[:LATEST] if asks else [],
        "sections": [
            one
            for one in sections(found, {each.held.category for each in kinds}, language, ())[2:]
            if one.anchor != "passed-on"
        ],
    }


@never_cache
@require_safe
@signed_in
def passed(request: Any) -> HttpResponse:
    """What was passed on about me in the last year, to whom, why and on which ground."""
    now = clock.now()
    given = passed_on(request.person.pk, now=now, since=now - A_YEAR)
    table = passed_table(given) if given else None
    return render(request, "web/passed_on.html", {"table": table})


@never_cache
@require_safe
@signed_in
def looks(request: Any) -> HttpResponse:
    """Who looked at my data, a year back, where a log tells it."""
    found = queries.looks(request.person, now=clock.now())
    return render(request, "web/looks.html", {"looks": found})


@never_cache
@needs("rights.requests")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_link(request: Any) -> HttpResponse:
    """Somebody without an account names their address; the answer is the same for every address."""
    if request.method != "POST":
        return _ask_page(request, AddressForm())
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _ask_page(request, form, status=422)
    if not ratelimit.consume(request, app="privacy", action="link", config=TEN_AN_HOUR):
        form.add_error(None, _("Ten links an hour are enough. Ask for the next one in an hour."))
        return _ask_page(request, form, status=429)
    links.send_link(request, form.cleaned_data["email"].lower(), now=clock.now())
    return render(request, "web/privacy_asked.html", {"email": form.cleaned_data["email"]})


def _ask_page(request: Any, form: AddressForm, status: int = 200) -> HttpResponse:
    context = {"form": form, **_other_ways()}
    return render(request, "web/privacy_ask.html", context, status=status)


def _other_ways() -> dict[str, bool]:
    now = clock.now()
    return {"at_academies": has("academy.client", now=now), "takes_signed": takes_signed(now)}


@never_cache
@needs("rights.requests")
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: Any, token: str) -> HttpResponse:
    """The same page, without what only a sign-in opens; a request is filed on it."""
    now = clock.now()
    person = links.person_of(token, now=now)
    if person is None:
        context = {"form": AddressForm(), "is_over": True, **_other_ways()}
        return render(request, "web/privacy_ask.html", context, status=410)
    with acting(person.pk):
        return _by_link(request, person, token, now)


def _by_link(request: Any, person: Person, token: str, now: datetime) -> HttpResponse:
    sent = request.method == "POST"
    form = GuestForm(request.POST if sent else None, found=in_force(now))
    if sent and form.is_valid():
        language = translation.get_language() or "en"
        asked = form.asked(channel="link", language=language)
        receive_by_link(asked, form.asker(person.email), person=person, now=now)
        return redirect("web:privacy_link", token=token)
    context = {
        **_told(person, consents.history(person.pk), now),
        "form": form,
        "guest": True,
        "token": token,
    }
    answer = render(request, "web/privacy_link.html", context, status=422 if sent else 200)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
