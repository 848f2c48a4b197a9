"""The books of a month: exported, closed, the same ever after."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.promises.rights.api import erase_person
from skola.services.billing.models import ClosedMonth, Invoice, Payment
from skola.services.billing.tests import make as billing
from tests.promises.keeping import keeps

MARCH = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
MONTHS = "/contracts/office/months/"


@pytest.mark.tenant("ilearn")
@keeps("ilearn-9.b")
def test_a_closed_month_is_exported_twice_the_same_and_nothing_is_entered_into_it(
    client: Client, sign_in: Callable[[Account], Account]
) -> None:
    cache.clear()
    office, customer = people.account(), people.person()
    people.role(office.person, "finance")
    first = billing.invoice(customer, at=MARCH)
    billing.pay(first, 5_000, at=MARCH)
    billing.invoice(None, billing.line("=HYPERLINK()", cents=990), at=MARCH - timedelta(days=40))
    sign_in(office)
    paid = {"way": "in", "amount": "10.00", "method": "transfer", "reference": ""}
    payments = f"/contracts/office/invoices/{first.pk}/payments/"
    with clock.standing_at(MARCH + timedelta(days=1)):
        assert client.post(MONTHS, {"month": "2026-03"}).status_code == 422, "it runs"
        assert client.post(MONTHS, {"month": "March"}).status_code == 422
        assert client.get(f"{MONTHS}2026-13/").status_code == 404
    with clock.standing_at(APRIL):
        assert client.post(payments, {**paid, "paid_on": "2026-03-31"}).status_code == 302
        assert client.post(MONTHS, {"month": "2026-03"}).status_code == 302
        once = client.get(f"{MONTHS}2026-03/").content
        assert client.post(MONTHS, {"month": "2026-03"}).status_code == 302, "twice is once"
    assert ClosedMonth.objects.get().records == 3
    lines = once.decode("utf-8-sig").split("\r\n")
    assert [line.split(",")[0] for line in lines[1:-1]] == ["invoice", "payment", "payment"]
    assert "Anna Ozola" in lines[1]

    later = APRIL + timedelta(days=200)
    with clock.standing_at(later):
        refused = client.post(payments, {**paid, "paid_on": "2026-03-30"})
        assert refused.status_code == 409
        assert "is closed" in refused.content.decode()
        assert client.post(payments, {**paid, "paid_on": "2026-10-01"}).status_code == 302
        credit = f"/contracts/office/invoices/{first.pk}/credit-notes/"
        assert client.post(credit).status_code == 302, "a new document, of its own month"
        erase_person(customer.pk, reason="asked", by="officer", now=later)
        client.cookies["django_language"] = "lv"
        again = client.get(f"{MONTHS}2026-03/", headers={"accept-language": "lv"}).content
        assert again == once
        assert client.get(f"{MONTHS}2026-10/").content.count(b"credit-note") == 1
    for rows, change in ((Invoice, {"buyer": "Another"}), (Payment, {"amount_cents": 1})):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rows._default_manager.update(**change)
    with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute("delete from billing_closedmonth")
    taken = Entry.objects.filter(kind="billing.month.exported", detail__month="2026-03")
    assert len({one.detail["digest"] for one in taken}) == 1
    assert client.get(MONTHS).content.decode().count("closed") >= 1
