"""Contracts at eKool: each parent's own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.ground.tenants.api import Tenant
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.diary.tests import make as diary
from skola.services.school.tests import make as schools
from tests.promises.keeping import keeps
from tests.promises.people import working

pytestmark = pytest.mark.tenant("ekool")


@keeps("ekool-3.1.3")
def test_the_other_parent_sees_neither_contract_nor_invoice(
    tenant: Tenant, sign_in: Callable[[Account], Account], client: Client
) -> None:
    child = diary.world().pupil.person
    mother, father = schools.guardian(child), schools.guardian(child)
    contract, invoice = billing.contract(mother), billing.invoice(mother)
    pages = {
        "contracts": reverse("billing:contracts"),
        "invoices": reverse("billing:invoices"),
        "contract": reverse("billing:contract", args=[contract.pk]),
        "invoice": reverse("billing:invoice", args=[invoice.pk]),
    }

    def seen_by(person: Person) -> dict[str, bool]:
        sign_in(Account.objects.get(person=person))
        found = {}
        for name, address in pages.items():
            answer = client.get(address)
            marks = (str(contract.pk), str(invoice.pk))
            text = answer.content.decode()
            found[name] = answer.status_code == 200 and any(mark in text for mark in marks)
        return found

    assert seen_by(mother) == dict.fromkeys(pages, True)
    assert seen_by(father) == dict.fromkeys(pages, False)


@keeps("ekool-7.1")
def test_the_next_invoice_uses_the_changed_address_and_the_history_has_the_old_one(
    tenant: Tenant, sign_in: Callable[[Account], Account], client: Client
) -> None:
    mother = schools.guardian(diary.world().pupil.person)
    account = Account.objects.get(person=mother)
    office = working(tenant, "finance")

    def billed() -> Invoice:
        told = {
            "customer": mother.email,
            "buyer": mother.name,
            "due_on": f"{clock.now() + timedelta(days=7):%Y-%m-%d}",
            "currency": "EUR",
            "line-TOTAL_FORMS": "1",
            "line-INITIAL_FORMS": "0",
            "line-0-text": "Extra for families",
            "line-0-quantity": "1",
            "line-0-price": "10.00",
            "line-0-vat_percent": "24.0",
        }
        answer = office.post(reverse("billing:issue"), told)
        assert answer.status_code == 302, answer.content.decode()
        return Invoice.objects.latest("number")

    sign_in(account)
    here = reverse("web:contact")
    for address in ("Pikk 1, Tallinn", "Lai 2, Tartu"):
        assert client.post(here, {"phone": "", "address": address}).status_code == 302
        assert billed().buyer_address == address
    first = Invoice.objects.earliest("number")
    assert first.buyer_address == "Pikk 1, Tallinn", "what was issued stays"
    page = client.get(here).content.decode()
    history = page.replace('value="Lai 2, Tartu"', "")
    assert "Pikk 1, Tallinn" in history
    mine = reverse("billing:invoice", args=[Invoice.objects.latest("number").pk])
    assert "Lai 2, Tartu" in client.get(mine).content.decode()
