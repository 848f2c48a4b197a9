"""The ledger of seats: nothing is changed in it, and no seat is given away twice."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant, inside
from skola.services.courses.models import Enrolment
from skola.services.courses.tests.test_two_at_once import wait_until_somebody_waits
from skola.services.licences import actions
from skola.services.licences.models import Entry, Licence, Seat
from skola.services.licences.rules import Kind
from skola.services.licences.tests import make
from skola.services.workforce.models import Company
from skola.services.workforce.tests import make as workforce

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("ema")]


def company() -> tuple[Company, Licence]:
    """A company with one licence of three seats."""
    manager = people.account(password=None).person
    made = workforce.company(manager=manager)
    return made, make.licence(made, manager)


def balance(licence: Licence) -> tuple[int, int, int]:
    found = Licence.objects.with_balance().get(pk=licence.pk)
    return found.bought, found.used, found.left


def lines(licence: Licence) -> list[tuple[int, str, int, int]]:
    return list(licence.entries.values_list("number", "kind", "seats", "left"))


def test_bought_assigned_released_expired_and_the_balance_is_their_sum() -> None:
    where, licence = company()
    staff = workforce.bring(where, workforce.line("1"), workforce.line("2"))
    assert balance(licence) == (3, 0, 3)

    seats = [make.seat(licence, one) for one in staff.values()]
    actions.release(seats[0], by="manager", now=make.A_DAY)
    assert actions.release(seats[0], by="manager", now=make.A_DAY) is False
    assert balance(licence) == (3, 1, 2)

    for _ in range(2):
        actions.settle(today=licence.ends_on - timedelta(days=1), by="job", now=make.A_DAY)
    assert balance(licence) == (3, 1, 2)
    for _ in range(2):
        actions.settle(today=licence.ends_on, by="job", now=make.A_DAY)
    assert lines(licence) == [
        (1, Kind.BOUGHT, 3, 3),
        (2, Kind.ASSIGNED, -1, 2),
        (3, Kind.ASSIGNED, -1, 1),
        (4, Kind.RELEASED, 1, 2),
        (5, Kind.EXPIRED, -2, 0),
    ]


def test_more_than_is_left_is_refused_whole() -> None:
    where, licence = company()
    staff = workforce.bring(where, *(workforce.line(str(number)) for number in range(4)))

    with pytest.raises(actions.NoSeatLeftError) as refused:
        actions.assign(
            licence,
            list(staff.values()),
            today=make.TODAY,
            zone=make.VILNIUS,
            by="manager",
            now=make.A_DAY,
        )

    assert (refused.value.wanted, refused.value.left) == (4, 3)
    assert (Seat.objects.count(), Enrolment.objects.count()) == (0, 0)
    assert balance(licence) == (3, 0, 3)


def test_who_holds_a_seat_takes_no_second_one() -> None:
    where, licence = company()
    one = workforce.employee(where)
    make.seat(licence, one)

    again = actions.assign(
        licence, [one], today=make.TODAY, zone=make.VILNIUS, by="manager", now=make.A_DAY
    )

    assert again == []
    assert balance(licence) == (3, 1, 2)


def test_a_seat_is_given_only_while_the_licence_runs() -> None:
    where, licence = company()
    one = workforce.employee(where)
    for day in (licence.starts_on - timedelta(days=1), licence.ends_on):
        with pytest.raises(actions.NotRunningError):
            actions.assign(
                licence, [one], today=day, zone=make.VILNIUS, by="manager", now=make.A_DAY
            )
    assert balance(licence) == (3, 0, 3)


def test_the_database_changes_no_line_and_lets_none_fall_below_zero() -> None:
    _, licence = company()
    line = licence.entries.get()

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Entry.objects.filter(pk=line.pk).update(seats=9)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Entry.objects.filter(pk=line.pk).delete()
    oversold = {"kind": Kind.ASSIGNED, "seats": -4, "left": -1, "at": make.A_DAY}
    with pytest.raises(IntegrityError, match="never_oversold"), transaction.atomic():
        Entry.objects.create(licence=licence, number=2, **oversold)
    with pytest.raises(IntegrityError, match="ledger_line_once"), transaction.atomic():
        Entry.objects.create(licence=licence, number=1, **{**oversold, "left": 0})


def test_who_leaves_the_employer_gives_the_seat_back() -> None:
    where, licence = company()
    make.seat(licence, workforce.employee(where))
    later = make.A_DAY + timedelta(days=5)
    workforce.bring(where, workforce.line("2"), complete=True, at=later)

    actions.settle(today=later.date(), by="job", now=later)

    assert balance(licence) == (3, 0, 3)
    assert Enrolment.objects.get().is_locked(later)


def test_the_seat_of_somebody_who_was_erased_comes_back() -> None:
    where, licence = company()
    seat = make.seat(licence, workforce.employee(where))
    Seat.objects.filter(pk=seat.pk).delete()

    for _ in range(2):
        actions.settle(today=make.TODAY, by="job", now=make.A_DAY)

    assert balance(licence) == (3, 0, 3)


def test_an_order_is_fulfilled_once_and_a_withdrawn_one_never() -> None:
    where, _ = company()
    manager = people.account(password=None).person
    told: dict[str, Any] = {
        "reference": "B-2",
        "today": make.TODAY,
        "by": "staff",
        "now": make.A_DAY,
    }
    paid, withdrawn = make.order(where, manager), make.order(where, manager)
    actions.withdraw(withdrawn, by="manager", now=make.A_DAY)

    assert actions.fulfil(paid, **told) == actions.fulfil(paid, **told)
    with pytest.raises(actions.NotOpenOrderError):
        actions.fulfil(withdrawn, **told)
    with pytest.raises(actions.NotOpenOrderError):
        actions.withdraw(paid, by="manager", now=make.A_DAY)
    assert Licence.objects.filter(order__in=[paid, withdrawn]).count() == 1
    assert [line.seats for line in Entry.objects.filter(licence__order=paid)] == [3]


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_that_give_the_last_seat_one_is_refused(tenant: Tenant) -> None:
    manager = people.account(password=None).person
    where = workforce.company(manager=manager)
    licence = make.licence(where, manager, seats=1)
    staff = workforce.bring(where, workforce.line("1"), workforce.line("2"))
    first_is_there = threading.Event()
    refused: list[str] = []
    failed: list[BaseException] = []

    def give(number: str) -> None:
        try:
            make.seat(licence, staff[number])
        except actions.NoSeatLeftError as few:
            refused.append(f"{number}: {few.left}")

    def first() -> None:
        with transaction.atomic():
            give("1")
            first_is_there.set()
            wait_until_somebody_waits()

    def second() -> None:
        first_is_there.wait(10)
        give("2")

    def alone(work: Callable[[], None]) -> None:
        try:
            with inside(tenant.pk):
                work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=alone, args=[work]) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert (failed, refused) == ([], ["2: 0"])
    assert [seat.employment_id for seat in Seat.objects.held()] == [staff["1"].pk]
    assert balance(licence) == (1, 1, 0)
