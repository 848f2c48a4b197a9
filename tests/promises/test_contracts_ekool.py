"""Contracts at eKool: each parent's own."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground.people.models import Account, Person
from skola.ground.tenants.api import Tenant
from skola.services.billing.tests import make as billing
from skola.services.diary.tests import make as diary
from skola.services.school.tests import make as schools
from tests.promises.keeping import keeps

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
