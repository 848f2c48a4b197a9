"""Learnifier: contact, billing and company data are one group, and a rule on it acts on all."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.people.models import Person
from skola.promises.policy.api import in_force
from skola.promises.retention.api import record_state, sweep
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.workforce.models import Employment
from skola.services.workforce.tests import make as workforce
from tests.promises.keeping import keeps

pytestmark = [pytest.mark.usefixtures("standing"), pytest.mark.tenant("learnifier")]
AT = billing.A_DAY
LATE = datetime(2034, 6, 1, 9, 0, tzinfo=UTC)
"""Every term of the three parts is over."""


def customer(number: str) -> Person:
    """Somebody of whom all three parts are held."""
    employed = workforce.employee(workforce.company(at=AT), number, at=AT)
    assert employed.person is not None
    billing.invoice(employed.person, at=AT)
    return employed.person


def left_of(person: Person) -> set[str]:
    """What is still held of somebody: contact data, the employer, invoices."""
    with reading_for(ENGINE):
        named = Person.objects.filter(pk=person.pk).exclude(family_name="").exists()
        employed = Employment.objects.filter(person=person).exists()
        billed = Invoice.objects.filter(person=person).exists()
    found = {"contact": named, "company": employed, "billing": billed}
    return {name for name, held in found.items() if held}


@keeps("learnifier-2.e")
def test_a_rule_on_the_group_acts_on_all_of_its_parts(client: Client) -> None:
    notice = unescape(client.get("/privacy/", headers={"Accept-Language": "en"}).content.decode())
    row = notice.partition("Data about Learnifier customers")[2].partition("</tr>")[0]
    for part in ("Contact details (required)", "Billing information", "Company information"):
        assert part in row, part

    disputed, other = customer("1"), customer("2")
    record_state(disputed.pk, "claim.open", is_open=True, at=AT)
    (claims,) = [one for one in in_force(AT).policy.purpose if one.id == "claims"]
    assert "customer_data" not in claims.categories, "written out"
    assert left_of(disputed) == left_of(other) == {"contact", "company", "billing"}

    for day in (AT + timedelta(days=800), LATE):
        sweep(now=day)

    assert left_of(other) == set()
    assert left_of(disputed) == {"contact", "company", "billing"}, "the claim keeps the group"
    record_state(disputed.pk, "claim.open", is_open=False, at=LATE)
    sweep(now=LATE + timedelta(days=40))
    assert left_of(disputed) == set()
