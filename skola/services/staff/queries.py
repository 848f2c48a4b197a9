"""Reads about the staff that more than one caller needs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q

from skola.ground.people.api import Person, Role
from skola.promises.policy.api import due as end_of
from skola.promises.policy.api import in_force, parse_period
from skola.services.staff import rules
from skola.services.staff.models import (
    Acknowledgement,
    Grant,
    Guideline,
    Passed,
    StaffCourse,
    Version,
)

CAPABILITY = "staff.practice"
OFFICE = (Role.Kind.ADMINISTRATOR, Role.Kind.OFFICER)
"""Who approves and reviews grants, and looks after guidelines and training."""


def rule(now: datetime) -> Any:
    """Return ``[staff]`` of the policy in force, or None where nothing is promised of the staff."""
    return in_force(now).policy.staff


def kinds(now: datetime) -> frozenset[str]:
    """Return the kinds of role that are approved, reviewed and trained for."""
    found = rule(now)
    return frozenset(found.roles) if found else frozenset()


def zone(now: datetime) -> ZoneInfo:
    """Return the tenant's time zone."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def today(now: datetime) -> date:
    """Return the day in the tenant's zone."""
    return now.astimezone(zone(now)).date()


def after(term: str, now: datetime) -> datetime:
    """Return when a term of the policy ends that begins at ``now``."""
    calendar = in_force(now).policy.policy.calendar
    return end_of(now, parse_period(term), zone(now), calendar)


def roles_of_staff(now: datetime) -> Any:
    """Return the roles of the staff that are granted now, trained or not."""
    return Role.objects.granted_at(now).filter(kind__in=kinds(now))


def own_roles(person: Person, now: datetime) -> list[Role]:
    """Return the roles of the staff that somebody was granted, trained or not."""
    return list(roles_of_staff(now).filter(person=person).order_by("kind"))


@dataclass(frozen=True)
class OwnTraining:
    """Where somebody's training stands, and which course it is."""

    standing: rules.Training
    until: datetime | None
    course: Any


def own_training(roles: list[Role], person: Person, now: datetime) -> OwnTraining:
    """Return where the training of somebody with these roles stands."""
    named = StaffCourse.objects.select_related("course").first()
    terms = [role.trained_until for role in roles if role.trained_until is not None]
    until = min(terms, default=None)
    passed = Passed.objects.filter(person=person).exists()
    standing = rules.training(passed=passed, until=until, now=now)
    return OwnTraining(standing, until, named.course if named else None)


def valid_until(person_id: UUID, now: datetime) -> datetime | None:
    """Return until when somebody's training is valid, or None where it is not."""
    found = Passed.objects.filter(person=person_id, until_at__gt=now).order_by("-until_at")
    return found.values_list("until_at", flat=True).first()


def latest_versions() -> Any:
    """Return the newest version of each guideline that was not withdrawn, by title."""
    newest = Version.objects.filter(guideline__withdrawn_at=None)
    newest = newest.order_by("guideline_id", "-number").distinct("guideline_id")
    return Version.objects.filter(pk__in=newest.values("pk")).select_related("guideline")


def to_read(person: Person) -> list[Version]:
    """Return the newest versions that somebody has not acknowledged."""
    done = Acknowledgement.objects.filter(person=person).values("version")
    return list(latest_versions().exclude(pk__in=done).order_by("guideline__title"))


def guidelines() -> Any:
    """Return guidelines with how many versions each has, what is to be looked at first on top."""
    found = Guideline.objects.filter(withdrawn_at=None).annotate(texts=Count("versions"))
    return found.order_by("review_on", "title")


def due_guidelines(day: date) -> Any:
    """Return the guidelines whose day of review has come."""
    return Guideline.objects.filter(withdrawn_at=None, review_on__lte=day).order_by("review_on")


def readers(version: Version, now: datetime) -> tuple[list[Acknowledgement], list[Person]]:
    """Return who has acknowledged a version, and who of the staff has not."""
    done = list(version.acknowledgements.select_related("person").order_by("at"))
    staff = Person.objects.filter(pk__in=roles_of_staff(now).values("person"))
    left = staff.exclude(pk__in=[one.person_id for one in done])
    return done, list(left.order_by("family_name", "given_name"))


def trained(now: datetime) -> list[tuple[Person, rules.Training, datetime | None]]:
    """Return everybody of the staff with where their training stands, the worst first."""
    until: dict[Person, list[datetime]] = {}
    for role in roles_of_staff(now).filter(trained_until__isnull=False).select_related("person"):
        until.setdefault(role.person, []).append(role.trained_until)
    passed = set(Passed.objects.values_list("person_id", flat=True))
    found = [
        (
            person,
            rules.training(passed=person.pk in passed, until=min(terms), now=now),
            min(terms),
        )
        for person, terms in until.items()
    ]
    return sorted(found, key=lambda one: (one[2], one[0].name))


def grants(now: datetime) -> Any:
    """Return grants: the waiting ones first, then by when their roles end."""
    asked = Q(decided_at=None) | Q(role__ends_at__gt=now)
    found = Grant.objects.filter(asked).select_related("person", "role", "asked_by", "reviewed_by")
    return found.order_by(F("role__ends_at").asc(nulls_first=True), "asked_at")
