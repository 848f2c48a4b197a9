"""Somebody of a partner is let in, looks, and the access ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.ids import uuid7
from skola.ground.people.api import (
    Account,
    close_account,
    open_account,
    plan_closing,
    register_person,
)
from skola.promises.disclosures.api import Party, Passing, RefusedError, is_outside, pass_on
from skola.services.partners import queries, rules
from skola.services.partners.models import Access

BLOCK = "partner"
"""Why an account opens the pages of its access and no others."""


class NotLetInError(Exception):
    """Nobody was let in; ``field`` names what is wrong, and the message says what now."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Told:
    """Who is let in, by whom of the register, for what and until when."""

    given_name: str
    family_name: str
    email: str
    country: str
    activity: str
    party: Party | None
    systems: str
    reason: str
    ends_at: datetime


def let_in(told: Told, *, language: str, by: str, now: datetime) -> Access:
    """Let somebody of a partner in until a moment, with an account of their own for that.

    Raises NotLetInError, and the refusal is in the audit: without an active entry of the register
    for this activity and country, for longer than may be, or where the address has an account.
    Sources: ilearn-15.a, ilearn-18, learnifier-7.d.
    """
    try:
        party = _entitled(told, now)
    except NotLetInError as refused:
        detail = {"activity": told.activity, "country": told.country, "why": refused.field}
        audit.record("partners.access.refused", by=by, at=now, clause="ilearn-18", detail=detail)
        raise
    return _let_in(told, party, language=language, by=by, now=now)


def _entitled(told: Told, now: datetime) -> Party:
    outside = is_outside(told.country)
    active = {
        one.party.pk: one.party
        for activity, one in queries.parties(now)
        if activity == told.activity
    }
    party = active.get(told.party.pk) if told.party else None
    if party is None or party.country != told.country:
        if outside:
            raise NotLetInError(
                "party",
                _(
                    "From outside the European Economic Area somebody is let in only under an "
                    "active entry of the register for that country, with a safeguard. Enter and "
                    "activate it first."
                ),
            )
        raise NotLetInError(
            "party",
            _(
                "There is no active entry of the register for this activity and country. Enter "
                "and activate it first."
            ),
        )
    if not now < told.ends_at <= now + rules.longest(told.activity, is_outside=outside):
        days = rules.longest(told.activity, is_outside=outside).days
        raise NotLetInError(
            "ends_at",
            _("Choose a moment from now on, at most %(days)s days away.") % {"days": days},
        )
    if Account.objects.filter(email=told.email.lower()).exists():
        raise NotLetInError(
            "email",
            _("This address has an account here already. An access needs an account of its own."),
        )
    return party


@transaction.atomic
def _let_in(told: Told, party: Party, *, language: str, by: str, now: datetime) -> Access:
    person = register_person(
        given_name=told.given_name,
        family_name=told.family_name,
        email=told.email,
        language=language,
        source="partner",
        by=by,
        now=now,
    )
    account = open_account(person, email=told.email, password=None, by=by, now=now)
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    Account.objects.filter(pk=account.pk).update(blocked_for=BLOCK)
    plan_closing(account, told.ends_at, by=by, now=now)
    made = Access.objects.create(
        person=person,
        party=party,
        activity=told.activity,
        country=told.country,
        systems=told.systems,
        reason=told.reason,
        starts_at=now,
        ends_at=told.ends_at,
    )
    audit.record(
        "partners.access.begun",
        target=made,
        subject=person.pk,
        by=by,
        at=now,
        clause="ilearn-15.a",
        detail={
            "activity": told.activity,
            "country": told.country,
            "until": told.ends_at.isoformat(),
        },
    )
    return made


@transaction.atomic
def end_access(access: Access, *, by: str, now: datetime) -> None:
    """End an access before its time: the account closes at once. Once more changes nothing."""
    if not Access.objects.open_at(now).filter(pk=access.pk).update(ended_at=now):
        return
    for account in Account.objects.filter(person=access.person_id):
        plan_closing(account, now, by=by, now=now)
        close_account(account, now=now)
    audit.record("partners.access.ended", target=access, subject=access.person_id, by=by, at=now)


def show(
    access: Access,
    people: Sequence[UUID],
    *,
    records: Sequence[Any] = (),
    each_time: bool = False,
    by: str,
    now: datetime,
) -> frozenset[UUID]:
    """Let the data of these people pass to a partner, and return of whom they may be shown.

    It is a passing on like any other: the ledger has it, and the person sees it; once a day where
    a list is shown, and each time where ``each_time``. Who objected or is restricted is left out.
    """
    if not people:
        return frozenset()
    entry = queries.entry_of(access.party, now)
    once = uuid7() if each_time else uuid5(access.pk, now.date().isoformat())
    passing = Passing(
        access.party,
        ground=str(entry.ground) if entry else "",
        reference=access.label,
        balance=access.reason,
        once=once,
    )
    try:
        passed = pass_on(passing, list(people), records=records, by=by, now=now)
    except RefusedError:
        return frozenset()
    return frozenset(one.person_id for one in passed.entries)
