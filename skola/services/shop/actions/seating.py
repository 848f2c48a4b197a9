"""Seats: who has the link of an order takes one, until none is left (learnifier-2.c)."""

from datetime import datetime

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.courses.api import lock, open_until
from skola.services.shop import queries
from skola.services.shop.models import Order, Seat


class NoSeatError(Exception):
    """All seats of the order are taken."""


class NotOpenError(Exception):
    """The order is not paid, or has ended: nobody takes a seat."""


@transaction.atomic
def take_seat(order: Order, person: Person, *, by: str, now: datetime) -> Seat:
    """Give somebody a seat, and with it the course up to the end of the order.

    Who has one keeps it. Raises NoSeatError, NotOpenError.
    """
    held = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if there := Seat.objects.filter(order=held, person=person).first():
        return there
    course = held.product.course if held.product is not None else None
    until = queries.ends_at(held, now)
    if held.opened_at is None or held.ended_at is not None or course is None or until <= now:
        raise NotOpenError
    taken = Seat.objects.filter(order=held).count()
    if taken >= held.seats:
        raise NoSeatError
    seat = Seat.objects.create(order=held, person=person, number=taken + 1, taken_at=now)
    open_until(course, [person], until, by=by, now=now)
    audit.record("shop.seat.taken", target=seat, subject=person.pk, by=by, at=now)
    return seat


def lock_seats(order: Order, *, now: datetime) -> None:
    """Lock the lessons of those who hold seats; what they did stays readable."""
    if order.product is None or order.product.course is None:
        return
    people = [one.person for one in order.taken.select_related("person")]
    lock(order.product.course, people, now=now)
