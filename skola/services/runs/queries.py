"""Reads about runs, and how everybody stands in one of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from skola.ground.people.api import Account, Person
from skola.promises.policy.api import in_force
from skola.services.courses.api import Course, Lesson, how_far
from skola.services.runs.models import Participant, Run, RunMail
from skola.services.runs.rules import Standing, expected, standing


def zone(now: datetime) -> ZoneInfo:
    """Return the tenant's time zone."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def today(now: datetime) -> date:
    """Return the day in the tenant's time zone."""
    return now.astimezone(zone(now)).date()


def _count(of: QuerySet[Any], by: str) -> Coalesce:
    counted = of.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def runs() -> QuerySet[Run]:
    """All runs with their course, the number of its lessons, participants and mails."""
    lessons = Lesson.objects.filter(course=OuterRef("course"))
    people = Participant.objects.filter(run=OuterRef("pk"))
    mails = RunMail.objects.filter(participant__run=OuterRef("pk"))
    counted = Run.objects.annotate(
        total=_count(lessons, "course"),
        people=_count(people, "run"),
        mailed=_count(mails, "participant__run"),
    )
    return counted.select_related("course", "link")


def courses_to_run() -> QuerySet[Course]:
    """The courses of which there can be a run."""
    return Course.objects.published().order_by("title")


@dataclass(frozen=True)
class Pace:
    """What a run asks for by a day."""

    due: int
    total: int
    ends_on: date
    today: date

    def of(self, one: Any) -> Standing:
        """Return how a participant stands, who was asked for with ``in_run``."""
        return standing(
            done=one.done,
            begun=one.last_at is not None,
            finished=one.finished_at is not None,
            due=self.due,
            ends_on=self.ends_on,
            today=self.today,
        )

    def where(self, wanted: str) -> Q:
        """Return the condition that ``of`` says the same of; everybody for another word."""
        open_ = Q(finished_at=None)
        if wanted == Standing.DONE:
            return ~open_
        if wanted == Standing.LATE:
            return open_ if self.today > self.ends_on else Q(pk__isnull=True)
        if self.today > self.ends_on and wanted:
            return Q(pk__isnull=True)
        if wanted == Standing.NOT_BEGUN:
            return open_ & Q(last_at=None)
        if wanted == Standing.BEHIND:
            return open_ & Q(last_at__isnull=False, done__lt=self.due)
        if wanted == Standing.ON_THE_WAY:
            return open_ & Q(last_at__isnull=False, done__gte=self.due)
        return Q()


def pace(run: Any, day: date) -> Pace:
    """Return what is asked for by a day in a run that was asked for with ``runs``."""
    due = expected(run.total, run.starts_on, run.ends_on, day)
    return Pace(due, run.total, run.ends_on, day)


def in_run(run: Run) -> QuerySet[Participant]:
    """The participants of a run, and how far each is with its course."""
    found = Participant.objects.filter(run=run).select_related("person")
    return how_far(found, run.course_id)


def figures(run: Run, asked: Pace) -> dict[str, int]:
    """Return how many stand how, and how many there are, in one query."""
    counted = {f"n_{one}": Count("pk", filter=asked.where(one.value)) for one in Standing}
    found = how_far(Participant.objects.filter(run=run), run.course_id)
    numbers = found.aggregate(n_everybody=Count("pk"), **counted)
    return {name.removeprefix("n_").replace("-", "_"): n for name, n in numbers.items()}


def accounts_of(addresses: Collection[str]) -> dict[str, Person]:
    """Return who signs in here with these addresses."""
    found = Account.objects.filter(email__in=addresses).select_related("person")
    return {one.email: one.person for one in found}


def addresses_in(run: Run) -> set[str]:
    """Return the addresses of those who take part, as they sign in with them."""
    held = Account.objects.filter(person__runs__run=run)
    return set(held.values_list("email", flat=True))


def ending(day: date) -> Run | None:
    """Return the run that ends next, within a week."""
    soon = Run.objects.filter(ends_on__range=(day, day + timedelta(days=7)))
    return soon.order_by("ends_on").first()
