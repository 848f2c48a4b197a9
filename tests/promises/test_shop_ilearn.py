"""iLearn: a payer without an account buys, disputes, gets the money back; who owes pays first."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.ground.tenants.models import Tenant
from skola.promises.disclosures.tests import make as disclosures
from skola.promises.rights.models import Erasure
from skola.services.billing.identity import note_check
from skola.services.billing.models import Invoice, Payment
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Enrolment
from skola.services.desk.models import Enquiry
from skola.services.shop.models import Order, Product, Refund, Seat
from skola.services.shop.tests import make
from tests.promises.asking import decide, do, note
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, signed_in, staff, working
from tests.promises.shopping import Shopper, order_in_mail, seat_link
from tests.promises.test_access import copy_of
from tests.promises.test_erasing_pages import confirmed

pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def standing(settings: Any) -> Iterator[None]:
    settings.PAYMENTS = "local"
    cache.clear()
    with clock.standing_at(AT):
        yield
    cache.clear()


@pytest.fixture
def visitor(tenant: Tenant) -> Shopper:
    disclosures.party("recipient.bank", name="Card provider", at=AT - timedelta(days=90))
    return Shopper(browser(tenant))


def bought(tenant: Tenant, visitor: Shopper, product: Product, **said: str) -> str:
    """Order; the office looks at a document; the contract is concluded. The page of the order."""
    there = visitor.ordered(product, **said)
    order = Order.objects.latest("number")
    assert visitor.who.post(f"{there}card-payments/").status_code == 404, "nothing is billed"
    assert visitor.who.post(f"{there}acceptances/").status_code == 409
    office = browser(tenant)
    if not Account.objects.filter(email="administrator@example.org").exists():
        staff()
    assert log_in(office, "administrator@example.org")
    looked = {"method": "document", "outcome": "verified"}
    there_too = f"/contracts/office/{order.contract_id}/identities/"
    assert office.post(there_too, looked).status_code == 302
    assert visitor.who.post(f"{there}acceptances/").status_code == 302
    return there


@keeps("ilearn-refund")
def test_terms_are_accepted_as_they_stand_and_a_refund_is_decided_with_a_credit_note(
    tenant: Tenant, visitor: Shopper
) -> None:
    product = make.product(at=AT)
    office = working(tenant, "finance")

    for left_out in ("terms", "refunds"):
        assert visitor.order(product, **{left_out: ""}).status_code == 422
    office.post("/shop/office/documents/", {"kind": "refunds", "text": "Within ten days."})
    assert visitor.order(product).status_code == 409, "an older version was accepted"
    assert not Order.objects.exists()
    assert not Invoice.objects.exists()
    page = visitor.page(f"/shop/offers/{product.pk}/orders/")
    assert "/shop/documents/terms/1/" in page
    assert "/shop/documents/refunds/2/" in page
    there = bought(tenant, visitor, product, refunds_version="2")
    order = Order.objects.get()
    assert (order.terms_version, order.refunds_version) == (1, 2)
    assert "Within ten days." in visitor.page("/shop/documents/refunds/2/")

    asking = visitor.who.post(f"{there}refunds/", {"reason": "Too early."})
    assert asking.status_code == 409, "nothing is paid"
    visitor.pay(there)
    for _twice in range(2):
        assert visitor.who.post(f"{there}refunds/", {"reason": "Too hard."}).status_code == 302
    refund = Refund.objects.get()
    assert "1 refund is asked for" in office.get("/").content.decode()
    assert "Too hard." in office.get(f"/shop/office/orders/{order.pk}/").content.decode()
    decide = f"/shop/office/refunds/{refund.pk}/decisions/"
    assert office.post(decide, {"decision": "grant", "answer": ""}).status_code == 422
    for status in (302, 409):
        told = {"decision": "grant", "answer": "All is paid back."}
        assert office.post(decide, told).status_code == status

    note = Invoice.objects.get(kind="credit-note")
    refund.refresh_from_db()
    assert (refund.credit_note, note.credits, note.total_cents) == (note, order.invoice, -12_100)
    amounts = Payment.objects.order_by("amount_cents").values_list("amount_cents", flat=True)
    assert list(amounts) == [-12_100, 12_100]
    page = visitor.page(there)
    assert f"Credit note {note.label}" in page
    assert "All is paid back." in page
    assert refund.decider is not None


def test_a_refund_that_is_refused_changes_nothing_but_is_answered(
    tenant: Tenant, visitor: Shopper
) -> None:
    there = bought(tenant, visitor, make.product(at=AT))
    visitor.pay(there)
    visitor.who.post(f"{there}refunds/", {"reason": "I changed my mind."})
    decide = f"/shop/office/refunds/{Refund.objects.get().pk}/decisions/"
    told = {"decision": "refuse", "answer": "You finished the course."}
    assert working(tenant, "finance").post(decide, told).status_code == 302

    page = visitor.page(there)
    assert "You finished the course." in page
    assert seat_link(page)
    assert not Invoice.objects.filter(kind="credit-note").exists()


@keeps("ilearn-disputes")
def test_a_dispute_about_a_refund_is_a_case_with_a_day_linked_to_its_order(
    tenant: Tenant, visitor: Shopper
) -> None:
    visitor.ordered(make.product(at=AT))
    order = Order.objects.get()
    form = visitor.page(f"/desk/?order={order.number}")
    topics = [f'value="{topic}"' for topic in ("dispute", "privacy", "refund")]
    assert [topic for topic in topics if topic not in form] == []
    shown = form.partition('name="shown" value="')[2].partition('"')[0]
    said = {"topic": "refund", "body": "You said no.", "order": str(order.number), "shown": shown}
    with clock.standing_at(AT + timedelta(minutes=1)):
        stranger = {**said, "email": "stranger@example.org"}
        for told in (stranger, {**said, "email": "payer@example.org"}):
            assert visitor.who.post("/desk/", told).status_code == 302

    case = Enquiry.objects.get(email="payer@example.org")
    assert case.answer_by == AT.date() + timedelta(days=15)
    desk = working(tenant, "support")
    page = desk.get(f"/shop/office/orders/{order.pk}/").content.decode()
    assert f'href="/desk/queue/{case.pk}/"' in page
    assert Enquiry.objects.get(email="stranger@example.org").label not in page
    of_case = desk.get(f"/desk/queue/{case.pk}/").content.decode()
    assert f"/shop/office/?number={order.number}" in of_case
    found = desk.get(f"/shop/office/?number={order.number}")
    assert found["Location"] == f"/shop/office/orders/{order.pk}/"


@keeps("ilearn-4.a")
def test_a_payer_without_an_account_has_every_right(tenant: Tenant, visitor: Shopper) -> None:
    there = bought(tenant, visitor, make.product(at=AT), seats="2")
    payer = Person.objects.get(email="payer@example.org")
    assert not hasattr(payer, "account")
    assert order_in_mail("payer@example.org") == there
    visitor.pay(there)

    learner = customer()
    member = signed_in(tenant, learner.email)
    seat = seat_link(visitor.page(there))
    assert member.post(seat).status_code == 302
    assert Enrolment.objects.get().person == learner.person

    office, officer = working(tenant, "finance"), working(tenant, "officer")
    known = {
        "channel": "in-person",
        "reply_by": "in-person",
        "known_as": payer.email,
        "proof": "document",
        "document": "passport",
    }
    asked = note(officer, "access", **known)
    assert asked.person == payer
    copy = copy_of(payer)
    assert decide(officer, asked, "granted") == 302
    letter = asked.messages.get(kind="answer")
    assert do(officer, asked, f"letters/{letter.pk}/postings", tracking="") == 302
    text = b"\n".join(copy.values()).decode("utf-8", "replace")
    assert "SIA Maks" in text
    (told,) = (
        json.loads(line) for line in copy["data/contract.jsonl"].splitlines() if b"seats" in line
    )
    assert told["seats"] == 2

    visitor.who.post(f"{there}refunds/", {"reason": "Nobody came."})
    deciding = f"/shop/office/refunds/{Refund.objects.get().pk}/decisions/"
    office.post(deciding, {"decision": "grant", "answer": "All is paid back."})
    look = officer.post("/office/promises/erasures/", {"email": payer.email})["Location"]
    assert "Invoices and related records" in officer.get(look).content.decode()
    done = confirmed(officer, look, {"reason": "asked", "understood": "on"})
    assert done.status_code == 302, done.content.decode()
    payer.refresh_from_db()
    assert (payer.given_name, payer.family_name, payer.email) == ("", "", "")
    assert not Order.objects.exists()
    assert Seat.objects.get().person == learner.person, "who took a seat keeps it"
    assert Erasure.objects.get()


@keeps("ilearn-8.k")
def test_who_owes_pays_first_and_finds_the_check_with_its_reason_in_their_data(
    tenant: Tenant, visitor: Shopper
) -> None:
    product = make.product(at=AT)
    member = customer()
    note_check(member.person, method="document", outcome="verified", by="office", now=AT)
    shopper = Shopper(browser(tenant))
    assert log_in(shopper.who, member.email)

    there = shopper.ordered(product, way="invoice", seats="2")
    assert seat_link(shopper.page(there)), "nothing is owed: seats at once, paid later"
    billing.invoice(member.person, at=AT - timedelta(days=30))
    late = shopper.ordered(product, way="invoice", seats="2")
    assert "An invoice of yours is overdue" in shopper.page(late)
    assert "/shop/seats/" not in shopper.page(late)
    billing.invoice(member.person, at=AT - timedelta(days=90))
    no_more = shopper.ordered(product, way="invoice", seats="2")
    assert "nothing more is sold until what is overdue is paid" in shopper.page(no_more)
    assert Order.objects.latest("number").ended_at is not None

    copy = copy_of(member.person)
    told = [json.loads(line) for line in copy["data/decision.jsonl"].splitlines()]
    checks = sorted((one["inputs"]["overdue"], one["result"]) for one in told if "inputs" in one)
    assert checks == [(0, "later"), (1, "advance"), (2, "stop")]
    shopper.pay(late)
    assert seat_link(shopper.page(late))
