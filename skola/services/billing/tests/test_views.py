import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground.people.models import Person
from skola.ground.people.tests.make import person
from skola.ground.tenants.api import Tenant, inside
from skola.services.billing.models import Contract, Invoice
from skola.services.billing.tests import make

pytestmark = pytest.mark.usefixtures("tenant", "stand")

Enter = Callable[..., Person]
AT_MOST = 8


def text_of(page: Any) -> str:
    """What a page says, without markup and with single spaces."""
    said = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", html.unescape(said).replace("\N{NO-BREAK SPACE}", " "))


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.keeps("ilearn-8.b")
def test_a_person_accepts_an_offer_and_finds_the_exact_text_and_the_evidence(
    client: Client, enter: Enter
) -> None:
    offer = make.offer(enter())
    make.known(offer.person)
    address = reverse("billing:contract", args=[offer.pk])

    assert "We teach, you pay" in text_of(client.get(address))
    assert client.post(reverse("billing:acceptances", args=[offer.pk])).status_code == 302

    kept = Contract.objects.get()
    assert (kept.evidence, kept.accepted_at is not None) == ("click", True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Contract.objects.update(text="We teach, you pay twice")
    page = text_of(client.get(address, headers={"accept-language": "en"}))
    assert "We teach, you pay" in page
    assert "We teach, you pay twice" not in page
    assert "Evidence accepted in the account" in page
    assert client.post(reverse("billing:acceptances", args=[offer.pk])).status_code == 409
    assert client.post(reverse("billing:refusals", args=[offer.pk])).status_code == 409


def test_a_person_declines_an_offer(client: Client, enter: Enter) -> None:
    offer = make.offer(enter())

    client.post(reverse("billing:refusals", args=[offer.pk]))

    assert Contract.objects.get().ending == "declined"


@pytest.mark.keeps("ilearn-8.j")
def test_a_part_payment_leaves_an_open_balance_in_the_account(client: Client, enter: Enter) -> None:
    made = make.invoice(enter())
    make.pay(made, 5_000)

    listed = text_of(client.get(reverse("billing:invoices")))
    shown = text_of(client.get(reverse("billing:invoice", args=[made.pk])))

    assert [re.search(r"71[.,]00", page) is not None for page in (listed, shown)] == [True, True]

    enter("finance")
    note = client.post(reverse("billing:credit-notes", args=[made.pk]))["Location"]
    back = {"way": "out", "amount": "50", "paid_on": "2026-03-02", "method": "transfer"}
    assert client.post(reverse("billing:payments", args=[made.pk]), back).status_code == 302
    assert re.search(r"-121[.,]00|121[.,]00", text_of(client.get(note)))
    settled = Invoice.objects.with_balance().get(pk=made.pk)
    assert (settled.open_cents, settled.credit_notes.count()) == (0, 1)


@pytest.mark.keeps("ilearn-11.q")
def test_a_statement_of_account_equals_the_ledger(client: Client, enter: Enter) -> None:
    me = enter()
    made = [make.invoice(me), make.invoice(me, make.line(cents=1_000))]
    make.pay(made[0], 5_000)
    make.invoice(person(), make.line(cents=77_700))

    page = text_of(client.get(reverse("billing:statement")))
    for each in made:
        assert each.label in page
    for amount in ("121[.,]00", "50[.,]00", "12[.,]10"):
        assert re.search(amount, page), amount

    owed = sum(one.open_cents for one in Invoice.objects.of(me).with_balance())
    assert owed == 8_310
    assert re.search(r"Owed today €83\.10", page)
    assert "777" not in page


def test_what_belongs_to_others_does_not_exist(
    client: Client, enter: Enter, other_tenant: Tenant
) -> None:
    enter()
    theirs, billed = make.offer(), make.invoice(person())
    with inside(other_tenant.pk):
        foreign, foreign_billed = make.offer(), make.invoice(person())

    for contract in (theirs.pk, foreign.pk, uuid4()):
        assert client.get(reverse("billing:contract", args=[contract])).status_code == 404
        for name in ("acceptances", "refusals", "endings"):
            assert client.post(reverse(f"billing:{name}", args=[contract])).status_code == 404
    for invoice in (billed.pk, foreign_billed.pk, uuid4()):
        assert client.get(reverse("billing:invoice", args=[invoice])).status_code == 404
        for name in ("payments", "credit-notes"):
            assert client.post(reverse(f"billing:{name}", args=[invoice])).status_code == 404
    page = text_of(client.get(reverse("billing:contracts")))
    assert "Course on bees" not in page


OFFICE = ["office-contracts", "offer", "ledger", "issue"]


@pytest.mark.parametrize("name", OFFICE)
def test_the_office_does_not_exist_for_others(client: Client, enter: Enter, name: str) -> None:
    assert client.get(reverse(f"billing:{name}")).status_code == 302  # to the sign-in page
    enter("support", "instructor", "recruiter")
    assert client.get(reverse(f"billing:{name}")).status_code == 404


@pytest.mark.parametrize("name", [*OFFICE, "contracts", "invoices", "statement"])
def test_empty_pages_say_what_to_do(client: Client, enter: Enter, name: str) -> None:
    enter("finance")
    assert client.get(reverse(f"billing:{name}")).status_code == 200


def test_a_foreign_invoice_does_not_exist_for_the_office(
    client: Client, enter: Enter, other_tenant: Tenant
) -> None:
    enter("finance")
    with inside(other_tenant.pk):
        foreign, offer, whose = make.invoice(), make.offer(), person()

    assert client.get(reverse("billing:office-invoice", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("billing:office-contract", args=[offer.pk])).status_code == 404
    assert client.get(reverse("billing:office-statement", args=[whose.pk])).status_code == 404
    assert client.post(reverse("billing:payments", args=[foreign.pk])).status_code == 404


def test_the_office_offers_and_ends_a_contract(client: Client, enter: Enter) -> None:
    enter("finance")
    customer = person(email="anna@example.org")
    values = {
        "customer": "Anna@example.org",
        "title": "Course",
        "text": "The terms.",
        "starts_on": "2026-03-02",
    }

    assert client.post(reverse("billing:offer"), values).status_code == 302
    offer = Contract.objects.get()
    assert (offer.person, offer.ends_on) == (customer, None)

    ending = reverse("billing:endings", args=[offer.pk])
    assert client.post(ending, {}).status_code == 422
    assert client.post(ending, {"sure": "on"}).status_code == 302
    assert Contract.objects.get().ending == "withdrawn"
    assert client.post(ending, {"sure": "on"}).status_code == 409


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"customer": "nobody@example.org"}, "Nobody here has this address"),
        ({"customer": "twice@example.org"}, "Several people share this address"),
        ({"ends_on": "2026-03-01"}, "before the first"),
        ({"text": ""}, ""),
        ({"starts_on": "tomorrow"}, ""),
    ],
)
def test_a_wrong_offer_comes_back(
    client: Client, enter: Enter, changed: dict[str, str], words: str
) -> None:
    enter("finance")
    for _ in range(2):
        person(email="twice@example.org")
    values = {
        "customer": person().email,
        "title": "Course",
        "text": "The terms.",
        "starts_on": "2026-03-02",
    }

    answer = client.post(reverse("billing:offer"), values | changed)

    assert answer.status_code == 422
    assert words in html.unescape(answer.content.decode())
    assert list(Contract.objects.all()) == []


def issue_form(**changed: str) -> dict[str, str]:
    """An invoice as the office types it: two lines."""
    values = {
        "customer": "",
        "buyer": "A company",
        "buyer_address": "Riga",
        "due_on": "2026-03-16",
        "currency": "EUR",
        "line-TOTAL_FORMS": "3",
        "line-INITIAL_FORMS": "0",
        "line-0-text": "Course",
        "line-0-quantity": "2",
        "line-0-price": "50.00",
        "line-0-vat_percent": "21.0",
        "line-1-text": "Book",
        "line-1-quantity": "1",
        "line-1-price": "10.05",
        "line-1-vat_percent": "12.0",
        "line-2-text": "",
        "line-2-quantity": "1",
        "line-2-price": "",
        "line-2-vat_percent": "21.0",
    }
    return values | changed


def test_the_office_issues_an_invoice_with_its_lines(client: Client, enter: Enter) -> None:
    enter("finance")

    answer = client.post(reverse("billing:issue"), issue_form())

    made = Invoice.objects.get()
    assert answer["Location"] == reverse("billing:office-invoice", args=[made.pk])
    assert (made.person, made.net_cents, made.vat_cents) == (None, 11_005, 2_221)
    assert made.seller != ""
    assert re.search(r"132[.,]26", text_of(client.get(answer["Location"])))


@pytest.mark.parametrize(
    "changed",
    [
        {"buyer": ""},
        {"due_on": "2026-03-01"},
        {"currency": "BTC"},
        {"line-0-price": "-1"},
        {"line-0-price": "1.001"},
        {"line-0-quantity": "0"},
        {"line-0-vat_percent": "99"},
        {"line-0-text": "", "line-0-price": "", "line-1-text": "", "line-1-price": ""},
        {"line-TOTAL_FORMS": "many"},
        {"line-TOTAL_FORMS": "1000"},
    ],
)
def test_a_wrong_invoice_comes_back_and_takes_no_number(
    client: Client, enter: Enter, changed: dict[str, str]
) -> None:
    enter("finance")

    assert client.post(reverse("billing:issue"), issue_form(**changed)).status_code == 422
    assert list(Invoice.objects.all()) == []
    assert make.invoice().number == 1


def test_the_office_records_a_payment_and_a_credit_note(client: Client, enter: Enter) -> None:
    enter("finance")
    made = make.invoice(person())
    paying = reverse("billing:payments", args=[made.pk])
    values = {"way": "in", "amount": "50.00", "paid_on": "2026-03-02", "method": "transfer"}

    assert client.post(paying, values).status_code == 302
    assert client.post(paying, values | {"way": "out", "amount": "20"}).status_code == 302
    assert Invoice.objects.with_balance().get().paid_cents == 3_000
    for wrong in ({"amount": "0"}, {"paid_on": "2026-03-03"}, {"way": "sideways"}):
        assert client.post(paying, values | wrong).status_code == 422

    crediting = reverse("billing:credit-notes", args=[made.pk])
    note = client.post(crediting)["Location"]
    assert client.get(note).status_code == 200
    assert client.post(crediting).status_code == 409
    number_two = Invoice.objects.get(kind="credit-note")
    assert client.post(reverse("billing:payments", args=[number_two.pk]), values).status_code == 409


@pytest.mark.tenant("ema")
def test_without_a_purpose_there_are_no_invoices(client: Client, enter: Enter) -> None:
    enter("finance")

    assert client.get(reverse("billing:contracts")).status_code == 200
    for name in ("invoices", "statement", "ledger", "issue"):
        assert client.get(reverse(f"billing:{name}")).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_pages_ask_the_database_as_often_for_thirty_as_for_one(
    client: Client, enter: Enter, count: int
) -> None:
    me = enter("finance")
    contracts = [make.offer(me) for _ in range(count)]
    invoices = [make.invoice(me, *[make.line()] * count) for _ in range(count)]
    for _ in range(count):
        make.pay(invoices[0], 100, at=make.A_DAY - timedelta(days=1))

    pages: dict[str, list[Any]] = {
        "contracts": [],
        "contract": [contracts[0].pk],
        "invoices": [],
        "invoice": [invoices[0].pk],
        "statement": [],
        "office-contracts": [],
        "office-contract": [contracts[0].pk],
        "ledger": [],
        "office-invoice": [invoices[0].pk],
        "office-statement": [me.pk],
        "issue": [],
        "offer": [],
    }
    counts = {
        name: queries_of(client, reverse(f"billing:{name}", args=args))
        for name, args in pages.items()
    }

    frame = queries_of(client, reverse("ui:display"))  # who is it, and how do they read
    assert {name: n - frame for name, n in counts.items() if n - frame > AT_MOST} == {}


def test_today_tells_a_customer_of_offers_and_debts_and_the_office_of_all(
    client: Client, enter: Enter
) -> None:
    english = {"accept-language": "en"}
    me = enter()
    make.offer(me)
    late = make.invoice(me, at=make.A_DAY - timedelta(days=30))
    make.invoice(person(), at=make.A_DAY - timedelta(days=30))

    page = text_of(client.get("/", headers=english))
    assert "A contract is offered to you." in page
    assert f"Invoice {late.label} is overdue" in page

    enter("finance")
    assert "2 invoices are overdue" in text_of(client.get("/", headers=english))
