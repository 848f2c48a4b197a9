"""Letting one named recipient have data, and ending it: an act for each recipient (ilearn-17.c)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.promises.consents.api import Shown, allowed, give, withdraw
from skola.promises.disclosures.api import Party, Standing, entries, stands
from skola.promises.disclosures.queries import Entry
from skola.promises.notices.queries import language_for
from skola.promises.policy.api import Policy, in_force
from skola.promises.rights.access.told import fields_in_words

CHANNEL = "account"


@dataclass(frozen=True)
class Sharing:
    """One recipient to whom the person can consent, and whether they did."""

    party: Party
    what: str
    why: str
    is_given: bool

    @property
    def wording(self) -> str:
        """What is consented to, to the letter."""
        return _("I agree that %(recipient)s is given: %(what)s. What for: %(why)s.") % {
            "recipient": self.party.name,
            "what": self.what,
            "why": self.why,
        }


def offered(policy: Policy) -> dict[str, Entry]:
    """Return the kinds of recipients that somebody can consent to in the account."""
    asked = {
        purpose for rule in policy.consent if CHANNEL in rule.give_by for purpose in rule.purpose
    }
    return {
        rule: entry
        for rule, entry in entries(policy).items()
        if "consent" in entry.needs and asked.intersection(entry.purposes)
    }


def _found(request: Any) -> tuple[Policy, list[Sharing]]:
    now = clock.now()
    policy = in_force(now).policy
    kinds = offered(policy)
    if not kinds:
        raise Http404
    language = language_for(policy)
    there = Party.objects.there().filter(entry__in=kinds).prefetch_related("papers")
    rows = []
    for party in there.order_by("name"):
        entry = kinds[party.entry]
        (purpose, *_others) = entry.purposes
        if stands(policy, party, now).standing is Standing.ACTIVE:
            why = next(one.name[language] for one in policy.purpose if one.id == purpose)
            is_given = allowed(request.person.pk, purpose, now=now, scope=str(party.pk))
            rows.append(Sharing(party, fields_in_words(entry.fields), why, is_given))
    return policy, rows


@never_cache
@require_safe
@signed_in
def sharing(request: Any) -> HttpResponse:
    """Who could be given data of mine, and whom I let have them."""
    _policy, rows = _found(request)
    return render(request, "web/sharing.html", {"rows": rows})


def _one(request: Any, pk: UUID) -> tuple[Sharing, str]:
    policy, rows = _found(request)
    for row in rows:
        if row.party.pk == pk:
            return row, offered(policy)[row.party.entry].purposes[0]
    raise Http404


@require_POST
@signed_in
def consents(request: Any, pk: UUID) -> HttpResponse:
    """Let this recipient have what stands beside the button; twice is once."""
    row, purpose = _one(request, pk)
    shown = Shown(channel=CHANNEL, wording=row.wording)
    scope = str(row.party.pk)
    give(request.person, purpose, shown, scope=scope, by=by(request), now=clock.now())
    return redirect("web:sharing")


@require_POST
@signed_in
def withdrawals(request: Any, pk: UUID) -> HttpResponse:
    """End it: from the next moment on they are given nothing more."""
    row, purpose = _one(request, pk)
    withdraw(
        request.person,
        purpose,
        channel=CHANNEL,
        scope=str(row.party.pk),
        by=by(request),
        now=clock.now(),
    )
    return redirect("web:sharing")
