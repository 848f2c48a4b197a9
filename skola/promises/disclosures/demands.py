"""Demands by law: recorded, made whole, looked at, approved by a second person, released."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.promises.disclosures import queries, rules
from skola.promises.disclosures.models import Demand, Party
from skola.promises.disclosures.passing import Passed, Passing, RefusedError, pass_on
from skola.promises.disclosures.queries import Entry
from skola.promises.disclosures.rules import Why
from skola.promises.policy.api import in_force


class SamePersonError(Exception):
    """Who recorded a demand does not approve it. Nothing changed."""


class OverError(Exception):
    """The demand was released or turned down already. Nothing changed."""


@dataclass(frozen=True)
class Told:
    """What a demand says, as far as it is known yet."""

    law: str = ""
    document: str = ""
    reasoning: str = ""
    scope: Sequence[str] = ()
    hidden_until: datetime | None = None
    hidden_because: str = ""


def lacks(demand: Demand, now: datetime) -> tuple[str, ...]:
    """Return what a demand lacks before it can be released: it is incomplete while it lacks any.

    Sources: ilearn-9.i, ilearn-17.d, ema-7.3.3, ekool-5.3, learnifier-7.j.
    """
    entry = queries.entries(in_force(now).policy).get(demand.party.entry)
    return rules.lacking(entry.needs, _passing(demand, entry).said) if entry else ("policy",)


@transaction.atomic
def record(
    person_id: UUID, party: Party, told: Told, *, recorder: Person, by: str, now: datetime
) -> Demand:
    """Record that somebody demands data about a person. It may be incomplete at first."""
    made = Demand.objects.create(
        person_id=person_id, party=party, received_at=now, recorder=recorder, **_values(told)
    )
    audit.record("disclosures.demand.recorded", target=made, subject=person_id, by=by, at=now)
    return made


def _values(told: Told) -> Mapping[str, object]:
    return {**asdict(told), "scope": sorted(told.scope)}


@transaction.atomic
def complete(demand: Demand, told: Told, *, by: str, now: datetime) -> None:
    """Change what is on record. What was reviewed and approved before has to be so anew."""
    held = _open(demand)
    for name, value in _values(told).items():
        setattr(held, name, value)
    held.review, held.reviewed_at = "", None
    held.approver, held.approved_at = None, None
    held.save()
    _note("changed", held, by, now)


@transaction.atomic
def review(demand: Demand, words: str, *, by: str, now: datetime) -> None:
    """Record what somebody with knowledge of the law found (learnifier-7.j)."""
    held = _open(demand)
    held.review, held.reviewed_at = words, now
    held.save(update_fields=["review", "reviewed_at"])
    _note("reviewed", held, by, now)


@transaction.atomic
def approve(demand: Demand, *, approver: Person, by: str, now: datetime) -> None:
    """A second person agrees. Raises SamePersonError for who recorded it (ilearn-9.i)."""
    held = _open(demand)
    if held.recorder_id == approver.pk:
        raise SamePersonError(_("A second person has to approve it: you recorded it."))
    held.approver, held.approved_at = approver, now
    held.save(update_fields=["approver", "approved_at"])
    _note("approved", held, by, now)


def release(demand: Demand, *, by: str, now: datetime) -> Passed:
    """Let exactly the scope go out, and tell the person unless a law forbids it.

    The same demand again gives the same fields and adds no entry. Raises RefusedError.
    """
    if demand.refused_at is not None:
        raise RefusedError(Why.ENDED)
    entry = queries.entries(in_force(now).policy).get(demand.party.entry)
    if entry is None or "scope" not in entry.needs:
        raise RefusedError(Why.NOT_IN_POLICY)
    passed = pass_on(_passing(demand, entry), [demand.person_id], by=by, now=now)
    with transaction.atomic():
        if Demand.objects.filter(pk=demand.pk, released_at=None).update(released_at=now):
            demand.refresh_from_db()
            _note("released", demand, by, now)
            if demand.hidden_until is None:
                _tell(demand, now)
    return passed


@transaction.atomic
def refuse(demand: Demand, *, by: str, now: datetime) -> None:
    """Turn a demand down. Twice changes nothing."""
    if Demand.objects.open().filter(pk=demand.pk).update(refused_at=now):
        demand.refresh_from_db()
        _note("refused", demand, by, now)


def _open(demand: Demand) -> Demand:
    held = Demand.objects.select_for_update(of=("self",)).get(pk=demand.pk)
    if held.released_at is not None or held.refused_at is not None:
        raise OverError(_("This demand is settled."))
    return held


def _passing(demand: Demand, entry: Entry) -> Passing:
    return Passing(
        party=demand.party,
        ground=entry.ground or "",
        law=demand.law,
        document=demand.document,
        reasoning=demand.reasoning,
        review=demand.review,
        approver=demand.approver_id,
        scope=tuple(demand.scope),
        hidden_until=demand.hidden_until,
        once=demand.pk,
    )


def _note(what: str, demand: Demand, by: str, now: datetime) -> None:
    audit.record(
        f"disclosures.demand.{what}", target=demand, subject=demand.person_id, by=by, at=now
    )


def _tell(demand: Demand, now: datetime) -> None:
    person = demand.person
    if not person.email:
        return
    policy = in_force(now).policy
    with translation.override(language_of(person)):
        subject = _("%(service)s: data about you were handed over") % {
            "service": policy.service.name
        }
        text = _(
            "By law we had to hand over data about you to %(recipient)s (%(law)s). What they were"
            " given stands in your account under My privacy, and we tell you when you ask us."
        ) % {"recipient": demand.party.name, "law": demand.law or demand.document}
    post(
        person_id=person.pk,
        address=person.email,
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n",
        now=now,
    )
