"""Risks and incidents as their readers need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.incidents import rules
from skola.promises.incidents.models import Incident, Risk


@dataclass(frozen=True)
class Row:
    """An incident, and how far its clock has run."""

    incident: Incident
    hours: int | None
    """Hours until the authority has to be told; None where nothing has to."""
    level: int


def row_of(incident: Incident, now: datetime) -> Row:
    """Return how the clock of an incident stands."""
    waits = incident.is_breach and incident.notified_at is None
    if not waits or incident.not_notified_because or incident.notify_by is None:
        return Row(incident, None, 0)
    level = rules.level(incident.known_at, incident.notify_by, now)
    return Row(incident, rules.hours_left(incident.notify_by, now), level)


def incidents(*, is_open: bool, now: datetime) -> Sequence[Row]:
    """Return open incidents, breaches by their clock first; or the latest that were closed."""
    if is_open:
        found = Incident.objects.open().order_by(F("notify_by").asc(nulls_last=True), "-number")
    else:
        found = Incident.objects.exclude(closed_at=None).order_by("-closed_at")
    return [row_of(one, now) for one in found[:200]]


def risks() -> "QuerySet[Risk]":
    """Return the risks that are open, the gravest first."""
    open_ = Risk.objects.filter(closed_at=None)
    return open_.annotate(gravity=F("likelihood") * F("impact")).order_by("-gravity", "review_on")


def breaches(now: datetime) -> tuple[int, int]:
    """Return how many breaches wait for the authority to be told, and how many of them are late."""
    waiting = Incident.objects.to_notify()
    return waiting.count(), waiting.filter(notify_by__lt=now).count()


def alarms() -> int:
    """Return how many alarms of the software nobody has closed yet."""
    return Incident.objects.open().exclude(alarm="").count()


def risks_to_review(today: date) -> int:
    """Return how many risks are to be looked at again by ``today``."""
    return Risk.objects.filter(closed_at=None, review_on__lte=today).count()


def name_of(owner: str) -> str:
    """Return the name behind a pseudonym of the audit; empty where nobody is behind it any more."""
    known = audit.person_behind(owner)
    found = Person.objects.filter(pk=known).first() if known else None
    return found.name if found else ""
