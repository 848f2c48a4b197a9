"""Whom a longer promise of a new version reaches, and how people say so.

What was collected before keeps the old promise (``on_lengthen``). A person is released from it by
accepting the version, or, where the policy says ``applies_to_existing``, by not objecting within
the notice period counted from the moment at which they were told. Law L17.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from skola.ground.audit import api as audit
from skola.ground.people.api import DELIVERED, Account
from skola.promises.notices.queries import Step, history
from skola.promises.policy.api import OutsideCalendarError, due, in_force, parse_term
from skola.promises.policy.catalogue import Version
from skola.promises.policy.periods import Period, Word
from skola.promises.retention.api import Release, record_release

SHOWN = "notices.change.shown"


@dataclass(frozen=True, slots=True)
class Question:
    """A version that may keep a person's data longer, and what they said to it."""

    step: Step
    answer: str
    """A word of ``Release.How``, or empty."""
    objects_until: datetime | None
    """Until when silence is no consent yet; None where only a word of theirs counts."""


def about(version: Version) -> str:
    """Return what a mail about a version is called in the audit."""
    return f"policy {version.name}"


def asking(tenant: str, now: datetime) -> tuple[Step, ...]:
    """Return the published versions that may keep old data longer, newest first."""
    return tuple(step for step in history(tenant, now) if step.asks)


def questions(person_id: UUID, since: datetime, now: datetime) -> tuple[Question, ...]:
    """Return the versions that a person who came at ``since`` may answer, newest first."""
    tenant = in_force(now).policy.policy.tenant
    steps = [each for each in asking(tenant, now) if since < each.version.written.policy.effective]
    answers = answered(person_id)
    return tuple(
        Question(
            step,
            answers.get(step.version.name, ""),
            _objects_until(step.version, told_at(person_id, step.version)),
        )
        for step in steps
    )


def answered(person_id: UUID) -> dict[str, str]:
    """Return what a person said to each version, or did not say in time."""
    return dict(Release.objects.filter(person=person_id).values_list("version", "how"))


def note_shown(person_id: UUID, steps: tuple[Step, ...], *, by: str, now: datetime) -> None:
    """Record, once a version, that a person has read what it changes: that delivers the notice."""
    known = audit.Entry.objects.filter(kind=SHOWN, subject=audit.pseudonym(person_id))
    seen = set(known.values_list("detail__version", flat=True))
    for step in steps:
        if step.version.name not in seen:
            detail = {"version": step.version.name}
            audit.record(SHOWN, by=by, at=now, subject=person_id, detail=detail)


def told_at(person_id: UUID, version: Version) -> datetime | None:
    """Return when a person was told of a version, by proof: a mail delivered, or a page read."""
    subject = audit.pseudonym(person_id)
    entries = audit.Entry.objects.filter(subject=subject)
    mails = entries.filter(kind=DELIVERED, detail__about=about(version))
    pages = entries.filter(kind=SHOWN, detail__version=version.name)
    return min((mails | pages).values_list("at", flat=True), default=None)


def _objects_until(version: Version, told: datetime | None) -> datetime | None:
    """Return when the time to object has passed, no earlier than the version takes effect."""
    change, head = version.written.change, version.written.policy
    term = parse_term(change.notice, words=frozenset({Word.FROM_PUBLICATION}))
    if told is None or not change.applies_to_existing or not isinstance(term, Period):
        return None
    try:
        passed = due(told, term, ZoneInfo(head.timezone), head.calendar)
    except OutsideCalendarError:
        return None
    return max(passed, head.effective)


def answer(
    person_id: UUID, version: Version, how: Release.How, *, by: str, now: datetime
) -> Release:
    """Record what a person says to a version that may keep their data longer."""
    return record_release(
        person_id,
        version=version.name,
        through=version.written.policy.effective,
        how=how,
        clause=", ".join(version.written.change.clause),
        by=by,
        now=now,
    )


def release_who_did_not_object(now: datetime) -> int:
    """Let longer promises reach the data of people who were told in time and did not object.

    Returns how many. Safe to repeat; who was not told with proof is never reached.
    """
    tenant, released = in_force(now).policy.policy.tenant, 0
    for step in asking(tenant, now):
        version = step.version
        if not version.written.change.applies_to_existing:
            continue
        answered = Release.objects.filter(version=version.name).values_list("person_id", flat=True)
        for person_id in _accounts_before(version, set(answered)):
            until = _objects_until(version, told_at(person_id, version))
            if until is not None and until <= now:
                answer(person_id, version, Release.How.NOT_OBJECTED, by="system", now=now)
                released += 1
    return released


def _accounts_before(version: Version, answered: set[UUID]) -> Iterator[UUID]:
    effective = version.written.policy.effective
    accounts = Account.objects.filter(created_at__lt=effective).order_by("pk")
    for person_id in accounts.values_list("person_id", flat=True):
        if person_id not in answered:
            yield person_id
