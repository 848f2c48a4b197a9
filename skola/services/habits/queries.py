"""Whose habits are studied, and what is known of them."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from skola.ground.people.api import Person
from skola.promises.policy.api import in_force, purposes_for
from skola.promises.reports.api import is_about
from skola.promises.rights.api import may_use
from skola.services.habits.models import Complaint, Opinion, Use

CAPABILITY = "habits.study"


def concerns(person: UUID, *, now: datetime) -> bool:
    """Whether a study of customers is about somebody at all: at eKool not about pupils."""
    policy = in_force(now).policy
    purposes = purposes_for([CAPABILITY], now=now)
    return any(is_about(policy, one, person, now=now) for one in purposes)


def counts(person: UUID, *, now: datetime) -> bool:
    """Whether it is counted how often somebody uses services: they did not object (ekool-6.6)."""
    return may_use(person, CAPABILITY, now=now) and concerns(person, now=now)


def uses(person: Person) -> QuerySet[Use]:
    """Return what was counted of somebody, most often used first."""
    return Use.objects.filter(person=person).order_by("-days", "service")


def opinions(person: Person) -> QuerySet[Opinion]:
    """Return what somebody said of services."""
    return Opinion.objects.filter(person=person).order_by("service")


def complaints(person: Person | None = None) -> QuerySet[Complaint]:
    """Return the register of complaints, or those of one person; what waits comes first."""
    found = Complaint.objects.select_related("person")
    found = found if person is None else found.filter(person=person)
    return found.order_by(F("answered_at").desc(nulls_first=True), "told_at", "pk")
