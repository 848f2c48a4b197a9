"""eKool: payment risk is assessed of contract parties only, and a person decides."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache

from skola.ground import clock
from skola.ground.people.models import Mail
from skola.ground.tenants.models import Tenant
from skola.promises.decisions.models import Decision
from skola.services.billing.tests import make as billing
from skola.services.diary.tests import make as diary
from tests.promises.asking import text
from tests.promises.keeping import keeps
from tests.promises.people import customer, working

AT = billing.A_DAY
RUN = "/contracts/office/risk-runs/"
pytestmark = [pytest.mark.tenant("ekool"), pytest.mark.django_db]


@keeps("ekool-4.2.6")
def test_a_risk_run_covers_contract_parties_only_and_rejects_a_pupil(tenant: Tenant) -> None:
    cache.clear()
    pupil = diary.world().pupil.person
    late, in_time, stranger = (customer(f"{who}@example.org").person for who in ("a", "b", "c"))
    before = AT - timedelta(days=40)
    for who in (late, in_time, pupil):
        billing.contract(who, at=before)
    for who in (late, stranger, pupil):
        billing.invoice(who, at=before)
    paid = billing.invoice(in_time, at=before)
    billing.pay(paid, paid.total_cents)
    with clock.standing_at(AT):
        office = working(tenant, "finance")
        for not_a_party in (pupil.pk, stranger.pk, uuid4()):
            refused = office.post(RUN, {"person": str(not_a_party)})
            assert refused.status_code == 422
        assert "Pupils are never assessed" in office.post(RUN, {"person": str(pupil.pk)}).text
        assert not Decision.objects.exists()

        assert office.post(RUN).status_code == 302
        assert office.post(RUN).status_code == 302, "twice, and nobody is assessed twice"

        made = Decision.objects.get()
        assert (made.person, made.maker, made.result) == (late, "person", "")
        assert made.inputs["overdue"] == 1
        assert "1 decision waits for a person" in text(office, "/")
        told = {"result": "stop", "reasons": "Two reminders were not answered."}
        assert office.post(f"/decisions/office/{made.pk}/", told).status_code == 302
        (letter,) = Mail.objects.filter(address=late.email, subject__contains="decision")
        assert "Two reminders were not answered." in letter.text, "explained to the customer"
