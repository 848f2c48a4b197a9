"""What is unusual becomes an incident, and a person looks: sign-ins, exports, exams."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Mail
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.incidents.models import Incident
from skola.services.exams.actions import sitting
from skola.services.exams.models import Attempt
from skola.services.exams.tests import make as exams
from skola.services.groups.models import Participant
from skola.services.groups.tests import make as groups
from tests.promises.asking import text
from tests.promises.keeping import keeps
from tests.promises.people import PASSWORD, browser, customer, log_in, staff, working

AT = exams.A_DAY
PLACE = "/office/promises/incidents/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def standing() -> Iterator[None]:
    cache.clear()
    with clock.standing_at(AT):
        yield
    cache.clear()


@keeps("ilearn-11.o")
@pytest.mark.tenant("ilearn")
def test_one_account_from_many_addresses_is_an_alarm_with_an_incident(tenant: Tenant) -> None:
    shared, other = customer(), customer("other@example.org")
    officer = working(tenant, "officer")

    def come(account: str, number: int) -> None:
        who = Client(HTTP_HOST=f"{tenant.slug}.localhost", REMOTE_ADDR=f"10.{number}.0.7")
        told = {"login": account, "password": PASSWORD}
        assert who.post("/account/login/", told).status_code == 302

    for number in range(4):
        come(shared.email, number)
    for _ in range(5):
        come(other.email, 1)
    assert not Incident.objects.exists(), "four places, or one place five times, are usual"

    come(shared.email, 4)
    come(shared.email, 5)

    found = Incident.objects.get()
    assert (found.alarm, found.is_breach) == ("sign-ins", False)
    page = text(officer, f"{PLACE}{found.pk}/")
    assert "One account is signed in from many addresses" in page
    assert shared.person.name in page
    assert "1 alarm: something unusual was noticed" in text(officer, "/")
    (letter,) = Mail.objects.filter(address="officer@example.org", subject__contains="an alarm")
    assert found.label in letter.subject
    shared.refresh_from_db()
    assert shared.is_active, "nothing is blocked by the alarm"


@keeps("kic-security-monitoring")
@pytest.mark.tenant("kic")
def test_500_records_exported_in_a_minute_are_an_alarm(tenant: Tenant) -> None:
    trainer = customer("trainer@example.org")
    run = groups.run(starts_on=AT.date(), at=AT)
    groups.trainer(run, trainer.person)
    Participant.objects.bulk_create(
        [Participant(run=run, person=people.person(), admitted_at=AT) for _ in range(100)]
    )
    who, officer = browser(tenant), browser(tenant)
    assert log_in(who, trainer.email)
    assert log_in(officer, staff("officer").person.email)
    taking = f"/groups/teaching/{run.pk}/list/"

    def take(times: int, *, after: int) -> None:
        with clock.standing_at(AT + timedelta(seconds=after)):
            for _ in range(times):
                assert who.post(taking).status_code == 200

    take(3, after=1)
    take(3, after=120)
    assert not Incident.objects.exists(), "six lists of a hundred, but not within a minute"
    take(5, after=300)

    found = Incident.objects.get()
    assert found.alarm == "exports"
    page = text(officer, f"{PLACE}{found.pk}/")
    assert "Many records were exported at once" in page
    assert trainer.person.name in page
    exported = Entry.objects.filter(kind="incidents.records.exported")
    assert {entry.detail["count"] for entry in exported} == {100}
    assert Mail.objects.filter(address="officer@example.org", subject__contains="alarm").count()


@keeps("ilearn-11.p")
@pytest.mark.tenant("ilearn")
def test_an_exam_begun_by_somebody_not_confirmed_is_flagged_and_a_person_decides(
    tenant: Tenant,
) -> None:
    candidate, who, desk = customer(), browser(tenant), browser(tenant)
    assert log_in(who, candidate.email)
    assert log_in(desk, staff("examiner").person.email)
    held = exams.place(candidate.person, way="room", let_in=False)
    start, told = f"/exams/attempts/{held.pk}/starts/", {"days": "14", "read": "on"}
    assert who.post(start, told).status_code == 409, "somebody has to look at the papers first"
    refused = {"outcome": "refused"}
    assert desk.post(f"/exams/desk/attempts/{held.pk}/identities/", refused).status_code == 302
    assert "To be reviewed" not in text(desk, "/exams/desk/")

    assert who.post(start, told).status_code == 302

    held.refresh_from_db()
    assert held.begun_at is not None
    assert "To be reviewed" in text(desk, "/exams/desk/")
    assert Entry.objects.filter(kind="exams.attempt.flagged").count() == 1
    assert candidate.is_active
    later = AT + timedelta(minutes=5)
    exams.marked(sitting.hand_in(held, exams.answers(held), by="candidate", now=later), at=later)
    assert Attempt.objects.get(pk=held.pk).outcome == "passed", "no sanction by itself"

    review = f"/exams/desk/attempts/{held.pk}/reviews/"
    assert desk.post(review, {"finding": "somebody-else"}).status_code == 422, "without reasons"
    decided = {"finding": "somebody-else", "reasons": "The face is another one."}
    assert desk.post(review, decided).status_code == 302
    assert desk.post(review, decided).status_code == 409
    assert Attempt.objects.get(pk=held.pk).outcome == "failed"
    assert "The face is another one." in text(who, f"/exams/attempts/{held.pk}/")
