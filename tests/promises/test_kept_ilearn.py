"""Why a record is kept: the officer reads its grounds, and the last one that ends ends it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.promises.retention.api import place_hold, release_hold, sweep
from skola.services.billing.api import end_contract
from skola.services.billing.models import Contract, Invoice
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from tests.promises.keeping import keeps

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)


@pytest.mark.tenant("ilearn")
@keeps("ilearn-20.a")
def test_the_view_of_a_record_tells_what_keeps_it_and_the_last_end_ends_it(
    client: Client, sign_in: Callable[[Account], Account]
) -> None:
    cache.clear()
    officer, customer = people.account(), people.person(email="anna@example.org")
    people.role(officer.person, "officer")
    contract = billing.contract(customer, at=START)
    courses.enrolment(courses.course(), customer, started_at=START)
    billing.invoice(customer, at=START)
    sign_in(officer)

    def told(kind: str, at: datetime, who: str = str(customer.pk)) -> str:
        """The rows of the page, as somebody reads them."""
        with clock.standing_at(at):
            asked = {"who": who, "kind": kind}
            answer = client.get("/office/promises/kept/", asked)
        assert answer.status_code == 200
        body = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", body).split())

    with clock.standing_at(START + A_DAY):
        unknown = client.get("/office/promises/kept/", {"who": "x", "kind": "y"})
    assert unknown.status_code == 422

    # a record that purposes keep: each of them is named; with the contract they end, and it goes
    page = told("courses.enrolment", START + A_DAY, customer.email)
    assert "To provide the services" in page
    assert "not while this stands" in page
    ended = START + 10 * A_DAY
    end_contract(contract, ending=Contract.Ending.STAFF, by="office", now=ended)
    page = told("courses.enrolment", ended + timedelta(minutes=5))
    assert "To provide the services" not in page
    assert "nothing 14 Mar 2026" in page
    sweep(now=ended + 2 * A_DAY)
    assert not Enrolment.objects.exists()

    # a record that a law keeps, and a hold besides: both with their ends; the last one ends it
    hold = place_hold(
        reason="Case 7",
        person_id=customer.pk,
        ends_at=datetime(2033, 1, 1, tzinfo=UTC),
        by="officer",
        now=START + A_DAY,
    )
    page = told("billing.invoice", ended)
    assert re.search(r"Invoices and related records: until \d+ Mar 2031", page)
    assert "Legal hold" in page
    assert "1 Jan 2033" in page
    late = datetime(2032, 5, 1, 9, 0, tzinfo=UTC)
    page = told("billing.invoice", late)
    assert "Legal hold" in page
    assert "related records" not in page
    release_hold(hold, by="officer", now=late + A_DAY)
    sweep(now=late + 2 * A_DAY)
    assert not Invoice.objects.exists()
