"""Makers of licences for tests: plain functions with honest defaults."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from skola.ground.people.models import Person
from skola.promises.policy.api import has
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.licences import actions
from skola.services.licences.models import Licence, Order, Seat
from skola.services.licences.queries import CAPABILITY
from skola.services.workforce.models import Company, Employment

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = A_DAY.date()
VILNIUS = ZoneInfo("Europe/Vilnius")


def course(title: str = "Fire safety") -> Course:
    """A course that is taken with a seat."""
    made = courses.course(title=title)
    Course.objects.filter(pk=made.pk).update(needs_seat=True)
    made.refresh_from_db()
    return made


def order(
    company: Company,
    person: Person,
    *,
    of: Course | None = None,
    seats: int = 3,
    months: int = 12,
    at: datetime = A_DAY,
) -> Order:
    """An order that waits for its payment; at a tenant that sells nothing only the row of one."""
    wanted = actions.Wanted(of or course(), seats, months)
    if not has(CAPABILITY, now=at):
        return Order.objects.create(
            company=company,
            person=person,
            course=wanted.course,
            course_title=wanted.course.title,
            seats=seats,
            months=months,
            purpose="orders",
            ordered_at=at,
        )
    return actions.order(company, wanted, person=person, by="manager", now=at)


def licence(
    company: Company,
    person: Person,
    *,
    of: Course | None = None,
    seats: int = 3,
    months: int = 12,
    at: datetime = A_DAY,
) -> Licence:
    """A licence that runs since ``at``."""
    made = order(company, person, of=of, seats=seats, months=months, at=at)
    return actions.fulfil(made, reference="B-1", today=at.date(), by="staff", now=at)


def seat(where: Licence, employment: Employment, *, at: datetime = A_DAY) -> Seat:
    """A seat that somebody holds."""
    (made,) = actions.assign(
        where, [employment], today=at.date(), zone=VILNIUS, by="manager", now=at
    )
    return made
