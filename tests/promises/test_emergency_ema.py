"""EMA: staff break the glass with a reason, for a quarter of an hour, told and reviewed."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.emergency.models import Emergency
from tests.promises.asking import text
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, staff

PLACE = "/office/promises/emergencies/"
REASON = "She fainted during the lesson; the ambulance needs her address."
pytestmark = [pytest.mark.tenant("ema"), pytest.mark.django_db]


@keeps("ema-1.5.4")
def test_an_emergency_takes_a_reason_and_each_use_is_audited_told_and_reviewed(
    tenant: Tenant,
) -> None:
    cache.clear()
    learner = customer("ruta@example.org")
    Person.objects.filter(pk=learner.person_id).update(address="Gedimino pr. 1, Vilnius")
    with clock.standing_at(AT):
        agent, officer = browser(tenant), browser(tenant)
        assert log_in(agent, staff("support").person.email)
        assert log_in(officer, staff("officer").person.email)
        assert PLACE in text(agent, "/account/")
        for reason in ("", "urgent"):
            told = {"email": learner.email, "reason": reason}
            assert agent.post(PLACE, told).status_code == 422
        assert not Emergency.objects.exists()

        assert agent.post(PLACE, {"email": learner.email, "reason": REASON}).status_code == 302
        used = Emergency.objects.get()
        there = f"{PLACE}{used.pk}/"
        assert "Gedimino pr. 1" in text(agent, there)
        assert officer.get(there).status_code == 404, "for who opened it, nobody else"
        entry = Entry.objects.get(kind="emergency.data.opened")
        assert (entry.clause, entry.target.endswith(str(used.pk))) == ("ema-1.5.4", True)
        (letter,) = Mail.objects.filter(address=learner.email, subject__contains="emergency")
        assert REASON in letter.text

        assert "1 emergency is to be reviewed" in text(officer, "/")
        assert agent.get(f"{there}reviews/").status_code == 404, "an officer does it"
        assert REASON in text(officer, f"{there}reviews/")
        seen = {"justified": "yes", "words": "Right so."}
        assert officer.post(f"{there}reviews/", {"justified": "yes"}).status_code == 422
        assert officer.post(f"{there}reviews/", seen).status_code == 302
        assert officer.post(f"{there}reviews/", seen).status_code == 409
        assert "to be reviewed" not in text(officer, "/")
    with clock.standing_at(AT + timedelta(minutes=16)):
        over = agent.get(there)
        assert (over.status_code, b"Gedimino" in over.content) == (410, False)
