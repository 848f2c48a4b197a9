"""Everything that changes licences, one function each. A licence is locked while its ledger grows.

What is left is counted after the lock is held, so of two who want the last seat the second is
refused; the database refuses it as well (see ``models.Entry``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.promises.retention.api import record_event
from skola.services.courses.api import Course, lock, open_until
from skola.services.licences import queries
from skola.services.licences.models import Change, Entry, Licence, Order, Seat
from skola.services.licences.rules import Kind, LicenceState, OrderState, ends_on, signed
from skola.services.workforce.api import Company, Employment

CLAUSE = "ema-1.1.3"
A_DAY = timedelta(days=1)


class NoSeatLeftError(Exception):
    """More seats were wanted than are left; ``left`` says how many there are."""

    def __init__(self, wanted: int, left: int) -> None:
        super().__init__(f"{wanted} seats were wanted, {left} are left.")
        self.wanted, self.left = wanted, left


class NotRunningError(Exception):
    """Seats are given while a licence runs: before its first day and after its last none are."""


class NotOpenOrderError(Exception):
    """An order that was fulfilled or withdrawn already."""


@dataclass(frozen=True)
class Wanted:
    """What a company orders."""

    course: Course
    seats: int
    months: int


@transaction.atomic
def order(company: Company, wanted: Wanted, *, person: Person, by: str, now: datetime) -> Order:
    """Order seats of a course. It counts as an own act of who orders (ema-1.3)."""
    made = Order.objects.create(
        company=company,
        person=person,
        course=wanted.course,
        course_title=wanted.course.title,
        seats=wanted.seats,
        months=wanted.months,
        purpose=queries.purpose(now),
        ordered_at=now,
    )
    _tell("licences.order.made", made, by=by, now=now)
    record_event(person.pk, "any_action", at=now)
    return made


def _tell(kind: str, about: Order, *, by: str, now: datetime) -> None:
    audit.record(kind, target=about, subject=about.person_id, by=by, at=now, clause=CLAUSE)


@transaction.atomic
def withdraw(wanted: Order, *, by: str, now: datetime) -> None:
    """Withdraw an order that is not paid. Raises NotOpenOrderError."""
    held = _open_order(wanted)
    held.withdrawn_at = now
    held.save(update_fields=["withdrawn_at"])
    _tell("licences.order.withdrawn", held, by=by, now=now)


def _open_order(wanted: Order) -> Order:
    held = Order.objects.select_for_update(of=("self",)).get(pk=wanted.pk)
    if held.state is not OrderState.ORDERED:
        raise NotOpenOrderError(f"{held} is {held.state} already.")
    return held


@transaction.atomic
def fulfil(wanted: Order, *, reference: str, today: date, by: str, now: datetime) -> Licence:
    """Note that an order was paid, and let its licence run from today on; twice is as once.

    Raises NotOpenOrderError where it was withdrawn. Source: ema-1.1.3, ema-1.6.2.
    """
    try:
        held = _open_order(wanted)
    except NotOpenOrderError:
        there = Licence.objects.filter(order=wanted).first()
        if there is None:
            raise
        return there
    held.reference, held.paid_at = reference, now
    held.save(update_fields=["reference", "paid_at"])
    made = Licence.objects.create(
        company=held.company,
        order=held,
        course=held.course,
        course_title=held.course_title,
        starts_on=today,
        ends_on=ends_on(today, held.months),
    )
    _enter(made, Kind.BOUGHT, held.seats, now=now)
    _tell("licences.order.fulfilled", held, by=by, now=now)
    return made


def _enter(licence: Licence, kind: Kind, seats: int, *, now: datetime) -> Entry:
    """Write a line of the ledger; the licence is locked. Raises NoSeatLeftError."""
    last = Entry.objects.filter(licence=licence).order_by("-number").first()
    number, left = (last.number, last.left) if last else (0, 0)
    change = signed(kind, seats)
    if left + change < 0:
        raise NoSeatLeftError(seats, left)
    return Entry.objects.create(
        licence=licence, number=number + 1, kind=kind, seats=change, left=left + change, at=now
    )


def _locked(licence: Licence) -> Licence:
    return Licence.objects.select_for_update(of=("self",)).get(pk=licence.pk)


@transaction.atomic
def assign(
    licence: Licence,
    employments: Sequence[Employment],
    *,
    today: date,
    zone: ZoneInfo,
    by: str,
    now: datetime,
) -> list[Seat]:
    """Give seats to people, all of them or none; who holds one keeps it.

    Each may take the course from now until the licence ends. Raises NoSeatLeftError,
    NotRunningError. Source: ema-1.1.3.
    """
    held = _locked(licence)
    if held.stands(today) is not LicenceState.RUNNING or held.course is None:
        raise NotRunningError(f"{held} does not run on {today}.")
    seated = set(Seat.objects.held().filter(licence=held).values_list("employment", flat=True))
    fresh = [one for one in employments if one.pk not in seated]
    if not fresh:
        return []
    _enter(held, Kind.ASSIGNED, len(fresh), now=now)
    seats = [Seat(licence=held, employment=one, assigned_at=now) for one in fresh]
    Seat.objects.bulk_create(seats)
    people = [one.person for one in fresh]
    open_until(held.course, people, queries.ends_at(held, zone), by=by, now=now)
    for seat in seats:
        _tell_of("licences.seat.assigned", seat, by=by, now=now)
    return seats


def _tell_of(kind: str, seat: Seat, *, by: str, now: datetime) -> None:
    person = seat.employment.person_id
    audit.record(kind, target=seat, subject=person, by=by, at=now, clause=CLAUSE)


@transaction.atomic
def release(seat: Seat, *, by: str, now: datetime) -> bool:
    """Take a seat back: it can be given to somebody else, and the lessons are locked at once.

    What was done stays readable. False where it was taken back before.
    """
    licence = _locked(seat.licence)
    if not Seat.objects.held().filter(pk=seat.pk).update(released_at=now):
        return False
    if not Entry.objects.filter(licence=licence, kind=Kind.EXPIRED).exists():
        _enter(licence, Kind.RELEASED, 1, now=now)
    lock(licence.course, [seat.employment.person], now=now)
    _tell_of("licences.seat.released", seat, by=by, now=now)
    return True


@transaction.atomic
def expire(licence: Licence, *, today: date, by: str, now: datetime) -> bool:
    """Let the seats that are left when a licence has ended expire; once.

    Nothing has to be locked: the lessons were open up to that midnight (ema-1.1.3).
    """
    held = _locked(licence)
    if held.stands(today) is not LicenceState.OVER:
        return False
    last = Entry.objects.filter(licence=held).order_by("-number").first()
    if last is None or last.left == 0 or last.kind == Kind.EXPIRED:
        return False
    entry = _enter(held, Kind.EXPIRED, last.left, now=now)
    detail = {"seats": -entry.seats}
    audit.record("licences.licence.expired", target=held, by=by, at=now, detail=detail)
    return True


@transaction.atomic
def publish_change(course: Course, text: str, *, today: date, by: str, now: datetime) -> int:
    """Say what became different in a course, and write everybody who uses it; return how many.

    Exactly the holders of seats in licences that run today; it is about the service that they use,
    and no offer (ema-1.6.4). The same text within a day is told once.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    if Change.objects.filter(course=course, text=text, published_at__gt=now - A_DAY).exists():
        return 0
    change = Change.objects.create(course=course, text=text, published_at=now)
    users = list(queries.users_of(course, today))
    for person in users:
        _tell_of_change(change, person, now=now)
    audit.record(
        "licences.change.published",
        target=change,
        by=by,
        at=now,
        clause="ema-1.6.4",
        detail={"people": len(users)},
    )
    return len(users)


def _tell_of_change(change: Change, person: Person, *, now: datetime) -> None:
    if not person.email:
        return
    with translation.override(language_of(person)):
        subject = _("Something is different in “%(title)s”") % {"title": change.course.title}
        why = _("You get this because you hold a seat in this course.")
    post(
        person_id=person.pk,
        address=person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text=f"{change.text}\n\n{why}\n",
        now=now,
    )


def settle(*, today: date, by: str, now: datetime) -> None:
    """Let what is over expire, and take back the seats of people who left their employer."""
    for seat in queries.of_leavers(today):
        release(seat, by=by, now=now)
    for licence in queries.of_the_erased(today):
        _give_back(licence, now=now)
    for licence in Licence.objects.over(today):
        expire(licence, today=today, by=by, now=now)


@transaction.atomic
def _give_back(licence: Licence, *, now: datetime) -> None:
    """Give back the seats that went with people who were erased."""
    held = _locked(licence)
    count = queries.unheld(Licence.objects.with_balance().get(pk=held.pk))
    if count > 0:
        _enter(held, Kind.RELEASED, count, now=now)
