"""What the policies promise of erasure, shown from outside."""

import pytest
from django.test import Client

from skola.ground.people.models import Person
from skola.ground.tenants.models import Tenant
from skola.promises.rights.erasing.probe import probe
from skola.promises.rights.models import Erasure
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from skola.services.desk.models import Enquiry
from skola.services.desk.tests import make as desk
from tests.promises.keeping import keeps
from tests.promises.people import PASSWORD, customer, signed_in

pytestmark = pytest.mark.django_db


def somebody(tenant: Tenant) -> tuple[Client, Person]:
    """A customer with an unpaid invoice, a course history and an enquiry, signed in."""
    person = customer().person
    courses.enrolment(courses.course(), person, done=2)
    billing.invoice(person)
    desk.enquiry(person=person)
    who = signed_in(tenant)
    return who, person


def erase(who: Client) -> str:
    """Ask for erasure in the account, and return the answer."""
    asked = who.post("/account/erasure/", {"understood": "on"})
    answer = who.post(asked["Location"], {"password": PASSWORD})
    return who.get(answer["Location"]).content.decode()


@keeps("ilearn-23.c")
@keeps("ilearn-10.b")
def test_history_goes_the_unpaid_invoice_stays_and_the_reply_lists_both(tenant: Tenant) -> None:
    who, person = somebody(tenant)

    reply = erase(who)

    assert not Enrolment.objects.exists()
    person.refresh_from_db()
    assert (person.given_name, person.family_name, person.email, person.phone) == ("",) * 4
    assert Invoice.objects.filter(person=person).count() == 1
    went, _, stays = reply.partition("What stays, why and until when")
    assert "Learning" in went.partition("What went")[2]
    assert "Identity" in went.partition("What went")[2]
    assert "Invoices and related records (Accounting Act of Latvia)" in stays
    assert "3 March 2031" in stays


@pytest.mark.tenant("kic")
@keeps("kic-cat-legal")
def test_exactly_what_has_a_legal_term_is_left_and_the_reply_names_law_and_day(
    tenant: Tenant,
) -> None:
    who, person = somebody(tenant)

    reply = erase(who)

    left = {found.step.table for found in probe(person.pk)}
    empty = {"people_person", "retention_fact"}
    assert left - empty == {"billing_invoice", "billing_invoiceline"}
    person.refresh_from_db()
    assert (person.given_name, person.family_name, person.email, person.phone) == ("",) * 4
    assert not Enquiry.objects.exists()
    (line,) = Erasure.objects.get().kept
    assert line["category"] == "accounting"
    stays = reply.partition("What stays, why and until when")[2]
    assert "Accounting Act of Latvia" in stays
    assert "3 March 2031" in stays
