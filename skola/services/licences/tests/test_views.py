from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.licences.models import Entry, Licence, Order, Seat
from skola.services.licences.tests import make
from skola.services.workforce.models import Charge
from skola.services.workforce.tests import make as workforce
from skola.services.workforce.tests.test_views import queries_of, text_of

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ema")]

Enter = Callable[..., Person]
AT_MOST = 8


def place(name: str, **ids: Any) -> str:
    return reverse(f"licences:{name}", kwargs=ids)


def test_order_payment_seats_and_back(client: Client, enter: Enter) -> None:
    manager = people.account(password=None).person
    company = workforce.company(manager=manager)
    workforce.bring(company, workforce.line("1"), workforce.line("2"))
    course = make.course()
    enter(person=manager)
    here = place("licences", pk=company.pk)
    assert "There is no licence yet." in text_of(client.get(here))

    sent = {"course": course.pk, "seats": 1, "months": 12}
    assert client.post(place("order", pk=company.pk), sent).status_code == 302
    assert "waits for payment" in text_of(client.get(here))
    enter("administrator")
    order = Order.objects.get()
    pay = place("payments", pk=order.pk)
    assert client.post(pay, {"reference": "4111 1111 1111 1111"}).status_code == 422
    assert client.post(pay, {"reference": "B-1"}).status_code == 302
    enter(person=manager)
    assert "fulfilled" in text_of(client.get(here))
    licence = Licence.objects.get()
    ids = {"pk": company.pk, "licence": licence.pk}
    few = client.post(place("seats", **ids), {"numbers": "1, 2"})
    assert few.status_code == 409
    assert "1 seat is left, and 2 were wanted. Nobody got one." in text_of(few)
    assert client.post(place("seats", **ids), {"numbers": "1"}).status_code == 302
    unknown = client.post(place("seats", **ids), {"numbers": "1 77"})
    assert "nobody's who works here and has no seat yet: 1, 77" in text_of(unknown)
    assert "1 given" in text_of(client.get(place("licence", **ids)))
    seat = Seat.objects.get()
    assert client.post(place("releases", **ids, seat=seat.pk)).status_code == 302
    assert client.post(place("releases", **ids, seat=seat.pk)).status_code == 302
    assert [line.seats for line in Entry.objects.order_by("number")] == [1, -1, 1]


def test_an_order_is_withdrawn_while_it_is_not_paid(client: Client, enter: Enter) -> None:
    manager = enter()
    company = workforce.company(manager=manager)
    open_, paid = make.order(company, manager), make.licence(company, manager).order
    assert paid is not None

    done = client.post(place("withdrawals", pk=company.pk, order=open_.pk))
    late = client.post(place("withdrawals", pk=company.pk, order=paid.pk))

    assert (done.status_code, late.status_code) == (302, 409)
    assert "was fulfilled or withdrawn meanwhile" in text_of(late)
    enter("administrator")
    gone = client.post(place("payments", pk=open_.pk), {"reference": "B-1"})
    assert gone.status_code == 409


def test_only_the_training_manager_deals_with_licences(client: Client, enter: Enter) -> None:
    manager = people.account(password=None).person
    company = workforce.company(manager=manager)
    worker = workforce.employee(company)
    licence = make.licence(company, manager)
    seat = make.seat(licence, worker)
    other = workforce.company(manager=people.account(password=None).person)
    ids = {"pk": company.pk, "licence": licence.pk}
    workforce.charge(company, "Vilnius", enter(), Charge.Duty.MANAGER)

    assert client.get(place("licences", pk=company.pk)).status_code == 404
    assert client.get(place("licence", **ids)).status_code == 404
    for url in (
        place("order", pk=company.pk),
        place("seats", **ids),
        place("releases", **ids, seat=seat.pk),
    ):
        assert client.post(url, {"numbers": "1"}).status_code == 404
    assert client.get(place("orders")).status_code == 404
    enter(person=manager)
    foreign = place("licence", pk=other.pk, licence=licence.pk)
    assert client.get(foreign).status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_pages_ask_the_database_no_more_than_eight_times(
    client: Client, enter: Enter, count: int
) -> None:
    manager = people.account(password=None).person
    company = workforce.company(manager=manager)
    staff = workforce.bring(company, *(workforce.line(str(one)) for one in range(count)))
    licence = make.licence(company, manager, seats=20)
    for one in staff.values():
        make.seat(licence, one)
    for _ in range(count):
        make.licence(company, manager, of=licence.course)
        order = make.order(company, manager, of=licence.course)
    pages = [
        (manager, place("licences", pk=company.pk)),
        (manager, place("licence", pk=company.pk, licence=licence.pk)),
        (staff["0"].person, place("mine")),
        (None, place("orders")),
        (None, place("payments", pk=order.pk)),
    ]
    for person, url in pages:
        enter(person=person) if person else enter("administrator")
        frame = queries_of(client, reverse("ui:display"))
        assert queries_of(client, url) - frame <= AT_MOST, url


def test_the_company_is_told_that_a_licence_ends_and_staff_that_an_order_waits(
    client: Client, enter: Enter
) -> None:
    manager = people.account(password=None).person
    company = workforce.company(manager=manager)
    make.licence(company, manager, months=1, at=make.A_DAY - timedelta(days=2))
    make.order(company, manager)

    enter(person=manager)
    assert "1 licence ends within 30 days" in text_of(client.get("/"))
    enter("administrator")
    assert "1 order waits for its payment" in text_of(client.get("/"))


@pytest.mark.tenant("learnifier")
def test_without_companies_there_is_no_room(client: Client, enter: Enter) -> None:
    enter("administrator")
    for name in ("mine", "orders"):
        assert client.get(place(name)).status_code == 404
