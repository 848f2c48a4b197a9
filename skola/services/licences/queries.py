"""Reads of licences that more than one caller needs."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from skola.ground.people.api import Person
from skola.promises.policy.api import in_force
from skola.services.courses.api import Course
from skola.services.licences.models import Change, Licence, Order, Seat
from skola.services.workforce.api import Company, Employment, by_number

CAPABILITY = "shop.orders"


def purpose(now: datetime) -> str:
    """Return the purpose of the policy in force under which orders are fulfilled.

    The one that rests on a contract, where several allow it (ema-1.6.2).
    """
    allowing = [one for one in in_force(now).policy.purpose if CAPABILITY in one.enables]
    return str(min(allowing, key=lambda one: one.basis.kind != "contract").id)


def ends_at(licence: Licence, zone: ZoneInfo) -> datetime:
    """Return the midnight in the tenant's time zone at which a licence ends."""
    return datetime.combine(licence.ends_on, time(), zone)


def offered() -> QuerySet[Course]:
    """Return the courses of which seats can be ordered."""
    return Course.objects.published().filter(needs_seat=True).order_by("title")


def licences_of(company: Company) -> QuerySet[Licence]:
    """Return the licences of a company with their balance, what ends last on top."""
    return Licence.objects.filter(company=company).with_balance().order_by("-ends_on", "-pk")


def orders_of(company: Company) -> QuerySet[Order]:
    """Return the orders of a company, latest first."""
    return Order.objects.filter(company=company).select_related("person").order_by("-ordered_at")


def holders(licence: Licence) -> QuerySet[Seat]:
    """Return who holds a seat now, by name."""
    people = Seat.objects.held().filter(licence=licence)
    return people.select_related("employment__person", "employment__staff_number").order_by(
        "employment__person__family_name", "employment__person__given_name", "pk"
    )


def without_seat(licence: Licence, numbers: Sequence[str]) -> dict[str, Employment]:
    """Return who of a company bears these staff numbers, works there and holds no seat yet."""
    held = Seat.objects.held().filter(licence=licence).values_list("employment", flat=True)
    seated = set(held)
    found = by_number(licence.company, numbers)
    return {number: one for number, one in found.items() if one.pk not in seated}


def seats_of(person: Person) -> QuerySet[Seat]:
    """Return the seats that somebody holds or held, what ends last on top."""
    mine = Seat.objects.filter(employment__person=person)
    return mine.select_related("licence__course", "licence__company", "employment").order_by(
        "-licence__ends_on", "-assigned_at"
    )


def of_leavers(today: date) -> QuerySet[Seat]:
    """Return the seats of running licences whose holders work there no more."""
    held = Seat.objects.held().filter(licence__ends_on__gt=today)
    return held.filter(employment__ended_on__lte=today).select_related(
        "licence", "employment__person"
    )


def of_the_erased(today: date) -> list[Licence]:
    """Return the running licences of which more seats are used than held.

    Their holders were erased, and the seats with them.
    """
    running = Licence.objects.running(today).with_balance()
    return [one for one in running if unheld(one)]


def unheld(licence: Licence) -> int:
    """Return how many seats of a licence are used and not held; it carries its balance."""
    return licence.used - Seat.objects.held().filter(licence=licence).count()


def users_of(course: Course, today: date) -> QuerySet[Person]:
    """Return who holds a seat in a licence of this course that runs today, each once."""
    seats = Seat.objects.held().filter(
        licence__in=Licence.objects.running(today).filter(course=course),
        employment__ended_on=None,
    )
    return Person.objects.filter(pk__in=seats.values("employment__person"))


def changes_for(person: Person, today: date, since: datetime) -> QuerySet[Change]:
    """Return what became different, since a moment, in courses of which somebody holds a seat."""
    seats = Seat.objects.held().filter(employment__person=person, employment__ended_on=None)
    running = Licence.objects.running(today).filter(seats__in=seats)
    return Change.objects.filter(
        course__in=running.values("course"), published_at__gte=since
    ).select_related("course")


def ending_soon(company: UUID, today: date, until: date) -> QuerySet[Licence]:
    """Return the licences of a company that end after today and by a day."""
    return Licence.objects.filter(company=company, ends_on__gt=today, ends_on__lte=until)
