"""Reads of the catalogue and of contracts that more than one caller needs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from skola.ground.people.api import Person, guardians_with
from skola.services.billing import api as billing
from skola.services.customers.models import Service, Subscription, SubscriptionQuerySet
from skola.services.customers.rules import unit_price
from skola.services.school import api as school

CAPABILITY = "services.catalogue"
A_FAMILY = 1
"""A family pays for one, however many children it has."""


def today(now: datetime) -> date:
    """Return the tenant's day."""
    return now.astimezone(billing.zone(now)).date()


@dataclass(frozen=True)
class Opened:
    """To whom a function is open: to everybody, or to these customers and these schools."""

    everybody: bool = True
    people: frozenset[UUID] = frozenset()
    schools: frozenset[UUID] = frozenset()

    def to(self, who: Iterable[UUID], at: UUID | None = None) -> bool:
        """Whether it is open to somebody by a contract of any of ``who``, or of the school."""
        return self.everybody or at in self.schools or not self.people.isdisjoint(who)


def opened(
    function: str, people: Collection[UUID], schools: Collection[UUID], now: datetime
) -> Opened:
    """Return to which of these people and schools a function is open, in two queries at most.

    Where the catalogue does not sell it, to everybody. Source: ekool-1.6.
    """
    day = today(now)
    if not Service.objects.selling(function, day).exists():
        return Opened()
    running = Subscription.objects.running(day).filter(service__function=function)
    theirs = Q(school=None, contract__person__in=people) | Q(school__in=schools)
    found = list(running.filter(theirs).values_list("contract__person", "school"))
    return Opened(
        everybody=False,
        people=frozenset(person for person, at in found if at is None),
        schools=frozenset(at for _person, at in found if at is not None),
    )


def may_use(function: str, person: UUID, child: UUID, at: UUID, now: datetime) -> bool:
    """Whether somebody may use a function for a child at a school.

    By a contract of their own, of the school, or, for the child, of a parent who sees the diary.
    """
    family = {person}
    if person == child:
        family |= {link.guardian_id for link in guardians_with({child}, "see", now=now)}
    return opened(function, family, {at}, now).to(family, at)


def is_pupil(person: Person, now: datetime) -> bool:
    """Whether somebody is in a class today."""
    return any(place.is_own for place in school.places_for(person, today(now), now))


def of(person: Person) -> SubscriptionQuerySet:
    """Return what somebody has concluded, latest first."""
    found = Subscription.objects.filter(contract__person=person)
    return found.select_related("contract", "service", "school").order_by("-contract__offered_at")


def run_by(person: Person, now: datetime) -> QuerySet[school.School]:
    """Return the schools for which somebody can order."""
    return school.School.objects.run_by(person, now).order_by("name")


def orderable(*, for_schools: bool, for_families: bool) -> QuerySet[Service]:
    """Return what can be ordered by whom."""
    audiences = [Service.Audience.SCHOOL] * for_schools + [Service.Audience.FAMILY] * for_families
    return Service.objects.offered().filter(audience__in=audiences).prefetch_related("rates")


@dataclass(frozen=True)
class Price:
    """What a period of a service comes to today."""

    quantity: int
    unit_cents: int

    @property
    def cents(self) -> int:
        """Without tax."""
        return self.quantity * self.unit_cents


def price(service: Service, at: "school.School | None", now: datetime) -> Price:
    """Return the fee of a period by the tariff: for a school by its pupils of today."""
    count = school.how_many_pupils(at, now) if at is not None else A_FAMILY
    return Price(count, unit_price(service.steps, count))


def with_holders(day: date) -> QuerySet[Service]:
    """Return the catalogue for the office, what is offered on top, with ``holders`` of each."""
    running = Subscription.objects.running(day).filter(service=OuterRef("pk")).order_by()
    count = running.values("service").annotate(number=Count("pk")).values("number")
    found = Service.objects.annotate(holders=Coalesce(Subquery(count), 0))
    order = (F("ended_at").desc(nulls_first=True), "audience", "name")
    return found.prefetch_related("rates").order_by(*order)
