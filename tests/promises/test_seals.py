"""An invoice that the law demands longer than anything else: who still sees it, and what is told.

A customer of iLearn is erased. The Accounting Act keeps the invoice for five years after its issue.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from django.test import Client

from skola.ground.clock import standing_at
from skola.ground.db.purposes import CLAIMS, RIGHTS, SIGN_IN, reading_for
from skola.ground.people.models import Account, Person, Role
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import clock_missing, place_hold, record_state, release_hold
from skola.promises.rights.access.archive import write_archive
from skola.promises.rights.erasing.actions import erase_person
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from tests.promises.marking import AT
from tests.promises.people import browser, customer

pytestmark = [pytest.mark.usefixtures("dates_hide"), pytest.mark.tenant("ilearn")]


@pytest.fixture(autouse=True)
def standing(db: None) -> Iterator[None]:
    with standing_at(AT):
        yield


@pytest.fixture
def erased(tenant: Tenant) -> UUID:
    """The number of somebody's invoice; they are erased, and it is not."""
    account = customer()
    invoice = billing.invoice(account.person, at=AT)
    clock_missing(now=AT)
    erase_person(account.person_id, reason="asked for", by="system", now=AT)
    return invoice.pk


def as_staff(tenant: Tenant, kind: str = "administrator") -> Client:
    account = make.account(email="staff@example.org")
    make.role(account.person, Role.Kind(kind))
    return signed_in(tenant, account)


def signed_in(tenant: Tenant, account: Account) -> Client:
    client = browser(tenant)
    with reading_for(SIGN_IN):
        client.force_login(account)
    return client


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_the_accounting_act_keeps_is_there_for_accounting_alone(
    tenant: Tenant, erased: UUID
) -> None:
    staff = as_staff(tenant)

    assert staff.get(f"/contracts/office/invoices/{erased}/").status_code == 200
    assert not Invoice.objects.filter(pk=erased).exists()
    for wanted, seen in {
        "accounting": 1,
        "marketing.own": 0,
        "contract.perform": 0,
        CLAIMS: 0,
    }.items():
        with reading_for(wanted):
            assert (wanted, Invoice.objects.filter(pk=erased).count()) == (wanted, seen)


def test_an_officer_is_told_what_is_sealed_for_what_and_until_when(
    tenant: Tenant, erased: UUID
) -> None:
    page = words(as_staff(tenant, "officer").get("/office/promises/").content.decode())

    assert "Sealed" in page
    assert "1 record for “Accounting, as the law requires”" in page
    assert f"{AT.year + 5}" in page[page.index("Accounting, as the law requires") :][:80]


def test_a_person_reads_what_is_sealed_and_a_hold_is_for_a_claim(tenant: Tenant) -> None:
    then = AT.replace(year=AT.year - 5) - timedelta(days=120)
    account = customer()
    billing.invoice(account.person, at=then)
    hold = place_hold(
        person_id=account.person_id, category="accounting", reason="a suit", by="officer", now=then
    )
    clock_missing(now=AT)
    copy = BytesIO()
    page = words(signed_in(tenant, account).get("/account/privacy/").content.decode())
    write_archive(account.person_id, copy, language="en", now=AT)

    assert (
        "1 of these records is sealed. It is used for this alone: “a legal claim”, for now." in page
    )
    with ZipFile(copy) as files:
        assert '"kept_for":{"legal-claims":' in files.read("data/accounting.jsonl").decode()
    for wanted, seen in {CLAIMS: 1, RIGHTS: 1, "accounting": 0, "": 0}.items():
        with reading_for(wanted):
            assert (wanted, Invoice.objects.count()) == (wanted, seen)

    release_hold(hold, by="officer", now=AT)
    with reading_for(CLAIMS):
        assert Invoice.objects.count() == 0


def test_who_comes_back_is_in_use_again(tenant: Tenant) -> None:
    """A customer with a running contract is silent for two years: they are there for it."""
    then = AT.replace(year=AT.year - 2)
    account = make.account(email="ilze@example.org", created_at=then)
    whose = Person.objects.filter(pk=account.person_id)
    record_state(account.person_id, "contract.open", is_open=True, at=then)
    clock_missing(now=AT)

    assert whose.get().given_name == ""
    assert not Account.objects.exists()
    with reading_for("contract.perform"):
        assert whose.get().given_name
    assert signed_in(tenant, account).get("/account/").status_code == 200  # which is an activity

    assert whose.get().given_name
    assert Account.objects.exists()
