"""The run: every check looks, and what it finds is a task until it has an outcome."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, change_profile
from skola.promises.quality import queries
from skola.promises.quality.checks import Check, Found, checks_at, places_of
from skola.promises.quality.models import Flaw, Run
from skola.promises.rights.api import who_stopped

Pair = tuple[UUID, UUID | None]
ANSWERED = (Flaw.Outcome.RIGHT, Flaw.Outcome.APART)
"""Outcomes after which the same is not found again."""


class SettledError(Exception):
    """The flaw has an outcome already."""


def run_if_due(*, by: str, now: datetime) -> Run | None:
    """Look the data through where the policy promises it and its term is over."""
    if queries.rule(now) is None or queries.next_run(now) > now:
        return None
    return run(by=by, now=now)


@transaction.atomic
def run(*, by: str, now: datetime) -> Run:
    """Look the data through now: each thing found is a task, what is right again is settled.

    Who objected to the purpose is left out. Source: ekool-7.2, ilearn-9.d, kic-accuracy.
    """
    found, fresh, settled = {}, 0, 0
    purpose = queries.rule(now).purpose
    stopped = set(who_stopped(purpose)) if purpose else set()
    for check in checks_at(now):
        there = {(one.person, one.other): one for one in check.find(now)}
        there = {pair: one for pair, one in there.items() if not stopped.intersection(pair)}
        known = {flaw.pair: flaw for flaw in Flaw.objects.open().filter(check_id=check.id)}
        answered = _answered(check.id)
        new = [
            one
            for pair, one in there.items()
            if pair not in known and not _stands(answered.get(pair), one.since)
        ]
        _open(check, new, now=now)
        over = [flaw.pk for pair, flaw in known.items() if pair not in there]
        Flaw.objects.filter(pk__in=over).update(outcome=Flaw.Outcome.CORRECTED, settled_at=now)
        found[check.id] = len([pair for pair in there if pair in known]) + len(new)
        fresh, settled = fresh + len(new), settled + len(over)
    made = Run.objects.create(at=now, found=found, fresh=fresh, settled=settled)
    audit.record("quality.run.finished", target=made, by=by, at=now, detail={"found": found})
    return made


def _answered(check_id: str) -> dict[Pair, datetime]:
    done = Flaw.objects.filter(check_id=check_id, outcome__in=ANSWERED).order_by("settled_at")
    return {flaw.pair: flaw.settled_at for flaw in done if flaw.settled_at}


def _stands(answered_at: datetime | None, since: datetime | None) -> bool:
    return answered_at is not None and (since is None or since <= answered_at)


def _open(check: Check, found: Iterable[Found], *, now: datetime) -> None:
    every = list(found)
    homes = places_of({key for one in every for key in (one.person, one.other) if key}, now)
    Flaw.objects.bulk_create(
        Flaw(
            check_id=check.id,
            person_id=one.person,
            other_id=one.other,
            said=one.said[:300],
            place=one.place or _place(one, homes),
            found_at=now,
        )
        for one in every
    )


def _place(one: Found, homes: dict[UUID, UUID]) -> UUID | None:
    """The one school that both belong to; what concerns two schools is for the service."""
    schools = {homes[key] for key in (one.person, one.other) if key in homes}
    return schools.pop() if len(schools) == 1 else None


@transaction.atomic
def note(check: Check, one: Found, *, now: datetime) -> None:
    """Something was found between two runs: it is a task at once, unless it is one already."""
    known = Flaw.objects.open().filter(check_id=check.id, person=one.person, other=one.other)
    if not known.exists():
        _open(check, [one], now=now)


@transaction.atomic
def settle(flaw: Flaw, outcome: str, *, by: str, now: datetime) -> None:
    """Say what came of a task. Raises SettledError when somebody has said it."""
    open_ = Flaw.objects.open().filter(pk=flaw.pk)
    if not open_.update(outcome=outcome, settled_at=now):
        raise SettledError
    audit.record(
        "quality.flaw.settled",
        target=flaw,
        subject=flaw.person_id,
        by=by,
        at=now,
        detail={"check": flaw.check_id, "outcome": outcome},
    )


@transaction.atomic
def put_right(
    flaw: Flaw, values: dict[str, str], *, author: Person, by: str, now: datetime
) -> None:
    """Enter another e-mail address or phone that the person told. Raises SettledError."""
    settle(flaw, Flaw.Outcome.CORRECTED, by=by, now=now)
    change_profile(flaw.person, values, fields=("email", "phone"), author=author, by=by, now=now)
