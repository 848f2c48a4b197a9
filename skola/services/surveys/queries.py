"""Reads of surveys: who is to be asked, and what the answers say."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from skola.ground.people.api import Person, Role
from skola.promises.policy.api import in_force, purposes_for
from skola.services.groups.api import SCOPE, Participant
from skola.services.surveys.models import Answer, FollowUp, Invitation
from skola.services.surveys.rules import USUAL_MINIMUM, Score, shown, together

CAPABILITY = "surveys.run"
FOLLOW_UP = "surveys.follow_up"
ASKED_WITHIN = timedelta(days=30)
"""Who was in a group that ended longer ago is not asked any more."""


def minimum(now: datetime) -> int:
    """Return how many have to answer before a figure is shown: the most that a purpose asks for."""
    purposes = in_force(now).policy.purpose
    asked = [one.output.min_cell for one in purposes if CAPABILITY in one.enables and one.output]
    return max(asked, default=USUAL_MINIMUM)


def today(now: datetime) -> date:
    """Return the tenant's day."""
    return now.astimezone(ZoneInfo(in_force(now).policy.policy.timezone)).date()


def morning_of(now: datetime) -> datetime:
    """Return the first moment of the local day: it tells the day, and no moment."""
    return start_of_day(now)


def start_of_day(now: datetime, day: date | None = None) -> datetime:
    """Return the first moment of a local day, the present one without ``day``."""
    zone = ZoneInfo(in_force(now).policy.policy.timezone)
    return datetime.combine(day or now.astimezone(zone).date(), time(), zone)


def follow_up_purposes(now: datetime) -> frozenset[str]:
    """Return the purposes of the policy in force for which an address is left (ilearn-36)."""
    return purposes_for([FOLLOW_UP], now=now)


def follow_up_purpose(now: datetime) -> str:
    """Return the purpose for which somebody is contacted about an answer; there has to be one."""
    return min(follow_up_purposes(now))


def follow_ups(now: datetime) -> QuerySet[FollowUp]:
    """Return who waits to be contacted about an answer, the longest on top."""
    if not follow_up_purposes(now):
        return FollowUp.objects.none()
    found = FollowUp.objects.select_related("person", "course", "run__programme")
    return found.order_by("told_at")


def title_of(about: Invitation | FollowUp) -> str:
    """Return the title of what an answer is about; empty where it is gone."""
    if about.run:
        return about.run.programme.title
    return about.course.title if about.course else ""


def to_ask(now: datetime) -> QuerySet[Participant]:
    """Return who was in a group that is over, and was not asked about it yet."""
    day = today(now)
    asked = Invitation.objects.filter(person=OuterRef("person"), run=OuterRef("run"))
    seats = Participant.objects.filter(
        ~Exists(asked),
        run__ends_on__range=(day - ASKED_WITHIN, day - timedelta(days=1)),
        run__cancelled_at=None,
        left_at=None,
    )
    return seats.select_related("person", "run__programme").order_by("pk")


def unanswered(person: Person) -> QuerySet[Invitation]:
    """Return what somebody was asked and has not answered, the latest first."""
    found = Invitation.objects.standing().filter(person=person, answered=False)
    return found.select_related("course", "run__programme").order_by("-asked_at")


@dataclass(frozen=True)
class Line:
    """A line of the report; None where too few have answered."""

    title: str
    score: Score | None
    trainer_score: Score | None


def courses_and_groups(now: datetime) -> list[Line]:
    """Return what was said of each course and group."""
    least = minimum(now)
    found = Answer.objects.order_by().values(
        "course__title", "run__code", "run__programme__title", "course", "run"
    )
    rows = found.annotate(**_SUMS).order_by("course__title", "run__programme__title", "run__code")
    return [
        Line(
            row["course__title"] or f"{row['run__programme__title']}, {row['run__code']}",
            shown(_score(row), least),
            shown(_trainers(row), least),
        )
        for row in rows
    ]


_SUMS: dict[str, Any] = {
    "count": Count("pk"),
    "total": Sum("score"),
    "trainer_count": Count("trainer_score"),
    "trainer_total": Sum("trainer_score"),
}


def _score(row: Any) -> Score:
    return Score(row["count"], row["total"] or 0)


def _trainers(row: Any) -> Score:
    return Score(row["trainer_count"], row["trainer_total"] or 0)


def trainers(now: datetime) -> list[Line]:
    """Return what was said of each trainer, over the groups that they led."""
    least = minimum(now)
    by_run = {
        row["run"]: row
        for row in Answer.objects.filter(run__isnull=False)
        .order_by()
        .values("run")
        .annotate(**_SUMS)
    }
    led: dict[Person, set[UUID]] = defaultdict(set)
    roles = Role.objects.filter(
        kind=Role.Kind.INSTRUCTOR, scope=SCOPE, scope_id__in=list(by_run)
    ).select_related("person")
    for role in roles:
        assert role.scope_id is not None
        led[role.person].add(role.scope_id)
    return [
        Line(
            person.name,
            together((_score(by_run[run]) for run in runs), least),
            together((_trainers(by_run[run]) for run in runs), least),
        )
        for person, runs in sorted(led.items(), key=lambda pair: pair[0].name)
    ]
