"""Debts: reminders by the ladder, a hand-over of exactly the listed fields, a recall on payment."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.disclosures.models import Disclosure, Telling
from skola.promises.disclosures.tests import make as disclosures
from skola.services.billing import debts
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.diary.tests import make as diary
from skola.services.school.tests import make as schools
from tests.promises.disclosing import fields_in
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, staff
from tests.promises.test_access import copy_of

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
LISTED = {
    "people.person.given_name",
    "people.person.family_name",
    "people.person.email",
    "people.person.address",
    "billing.invoice.number",
    "billing.invoice.issued_at",
    "billing.invoice.due_on",
    "billing.invoice.total_cents",
    "billing.invoice.currency",
}
DUE = 14
"""Days from ``AT`` to the day by which the invoice is to be paid."""


@pytest.fixture(autouse=True)
def days() -> Iterator[Callable[[int], None]]:
    """Stand so many days after the day by which it was to be paid; then the job runs."""
    cache.clear()
    with ExitStack() as stack:
        stack.enter_context(clock.standing_at(AT))

        def later(day: int) -> None:
            moment = AT + (DUE + day) * A_DAY
            stack.enter_context(clock.standing_at(moment))
            debts.remind(by="job", now=moment)

        yield later
    cache.clear()


def reminded(person: Person) -> list[str]:
    mails = Mail.objects.filter(address=person.email, subject__contains="Reminder")
    return list(mails.order_by("created_at").values_list("subject", flat=True))


def office_of(tenant: Tenant) -> Client:
    who = browser(tenant)
    if not log_in(who, "finance@example.org"):
        assert log_in(who, staff("finance").email)
    return who


def hand_over(who: Client, invoice: Invoice, party: object) -> Any:
    told = {"party": str(party), "balance": "Three reminders went unanswered."}
    return who.post(f"/contracts/office/invoices/{invoice.pk}/hand-overs/", told)


@pytest.mark.tenant("ilearn")
@keeps("ilearn-8.l")
def test_reminders_go_in_order_and_a_hand_over_lists_the_exact_fields(
    tenant: Tenant, days: Callable[[int], None]
) -> None:
    debtor = customer().person
    party = disclosures.party("recipient.debt-collector", name="SIA Inkaso")
    invoice = billing.invoice(debtor, at=AT)
    paid = billing.invoice(debtor, at=AT)
    billing.pay(paid, paid.total_cents)

    seen = []
    for day in (0, 3, 4, 10, 11, 20, 21, 60):
        days(day)
        seen.append(len(reminded(debtor)))
    assert seen == [0, 0, 1, 1, 2, 2, 3, 3]
    assert reminded(debtor) == [f"Reminder {n}: invoice {invoice.label}" for n in (1, 2, 3)]
    assert Mail.objects.filter(text__contains="This is the last reminder").count() == 1

    who = office_of(tenant)
    answer = hand_over(who, invoice, party.pk)
    assert answer["Content-Disposition"].startswith("attachment")
    entry = Disclosure.objects.get(recipient="SIA Inkaso")
    assert entry.person == debtor
    assert set(entry.fields) == fields_in(answer) == LISTED
    assert hand_over(who, invoice, party.pk).status_code == 200
    assert Disclosure.objects.count() == 1, "the same file again is the same entry"
    assert "SIA Inkaso" in b"".join(copy_of(debtor).values()).decode("utf-8", "replace")
    days(90)
    assert len(reminded(debtor)) == 3


@pytest.mark.tenant("ekool")
@keeps("ekool-5.2.6")
def test_no_hand_over_before_the_ladder_ends_none_of_a_pupil_and_a_recall_on_payment(
    tenant: Tenant, days: Callable[[int], None]
) -> None:
    child = diary.world().pupil.person
    mother = schools.guardian(child)
    party = disclosures.party(
        "recipient.debt-collector",
        name="Inkasso OÜ",
        country="EE",
        email="data@inkasso.example.org",
    )
    party.papers.create(kind="rules", reference="2019-09", valid_from=AT.date(), recorded_at=AT)
    invoice = billing.invoice(mother, billing.line(f"Diary for {child.name}"), at=AT)
    of_child = billing.invoice(child, at=AT)

    for day in (1, 4, 11, 21, 33):
        days(day)
        assert hand_over(office_of(tenant), invoice, party.pk).status_code == 409
    assert not Disclosure.objects.exists()
    days(36)
    who = office_of(tenant)
    assert hand_over(who, of_child, party.pk).status_code == 409
    answer = hand_over(who, invoice, party.pk)
    text = answer.content.decode()
    assert fields_in(answer) == LISTED
    assert mother.given_name in text
    for word in (child.given_name, child.family_name, str(child.pk), "Diary for"):
        assert word not in text
    assert list(Disclosure.objects.values_list("person", flat=True)) == [mother.pk]
    told = Mail.objects.filter(address=mother.email).latest("created_at")
    assert "Inkasso OÜ" in told.text

    assert not Telling.objects.exists()
    due = {"way": "in", "method": "transfer", "paid_on": f"{clock.now():%Y-%m-%d}"}
    pay = f"/contracts/office/invoices/{invoice.pk}/payments/"
    assert who.post(pay, {**due, "amount": "21.00"}).status_code == 302
    assert not Telling.objects.exists(), "a part is not all"
    for _twice in range(2):
        assert who.post(pay, {**due, "amount": "100.00"}).status_code == 302
    assert Telling.objects.get().what == "recall"
    recall = Mail.objects.get(address="data@inkasso.example.org")
    label = json.loads(answer.content)["people"][0]["reference"]
    assert label in recall.text
    assert "end what you were given a debt for: it is paid" in recall.text
    assert child.given_name not in recall.text
