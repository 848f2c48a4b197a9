"""Breaches, acted from outside: the clock of the law, the authority, those whom it touched."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.audit.api import Entry, pseudonym
from skola.ground.people.models import Mail, Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.incidents.models import Incident, Risk
from skola.promises.incidents.tasks import warn_of_breaches
from skola.promises.incidents.tests import make as incidents
from skola.services.desk import calling
from skola.services.desk.tests import make as desk
from tests.promises.asking import text
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, latest_mail, log_in, signed_in, staff

PLACE = "/office/promises/incidents/"
HOUR = timedelta(hours=1)
pytestmark = [pytest.mark.tenant("kic"), pytest.mark.usefixtures("standing")]


def do(officer: Client, one: Incident, what: str, **told: str) -> int:
    return officer.post(f"{PLACE}{one.pk}/{what}/", told).status_code


def written_to(address: str) -> list[str]:
    return list(Mail.objects.filter(address=address).values_list("text", flat=True))


@keeps("kic-security-risk")
def test_a_breach_has_72_hours_to_tell_the_authority_and_escalates_when_they_pass(
    officer: Client,
) -> None:
    staff("administrator")
    risk = {"title": "A laptop is lost", "likelihood": "2", "impact": "3"}
    risk |= {"measure": "Disks are enciphered.", "review_on": f"{AT + 90 * 24 * HOUR:%Y-%m-%d}"}
    assert officer.post(f"{PLACE}risks/new/", risk).status_code == 302
    assert "Disks are enciphered." in text(officer, PLACE)
    assert Risk.objects.get().owner

    told = {"title": "A list was sent to a stranger", "what": "Forty names and marks."}
    told |= {"on": f"{AT:%Y-%m-%d}", "at": "10:30"}  # half an hour ago, in Riga
    assert officer.post(f"{PLACE}new/", told).status_code == 302
    assert "to tell the authority" not in text(officer, PLACE), "not every incident is a breach"
    assert officer.post(f"{PLACE}new/", {**told, "is_breach": "on"}).status_code == 302
    breach = Incident.objects.get(is_breach=True)

    assert breach.notify_by == AT - HOUR / 2 + 72 * HOUR
    assert "71 hours to tell the authority" in text(officer, PLACE)
    assert "has to be told of 1 breach" in text(officer, "/")
    assert "dvi.gov.lv" in text(officer, f"{PLACE}{breach.pk}/")
    for hours, officers, administrators in (
        (1, 0, 0),
        (37, 1, 0),
        (55, 2, 1),
        (66, 3, 2),
        (73, 4, 3),
    ):
        run(AT + hours * HOUR)
        run(AT + hours * HOUR + HOUR / 4)
        assert len(written_to("officer@example.org")) == officers
        assert len(written_to("administrator@example.org")) == administrators
    assert "late" in written_to("administrator@example.org")[-1]
    with clock.standing_at(AT + 73 * HOUR):
        assert log_in(officer, "officer@example.org")
        assert "not told in time" in text(officer, PLACE)
        late = {"on": f"{AT + 73 * HOUR:%Y-%m-%d}", "at": "11:00", "reference": "DVI-7"}
        assert do(officer, breach, "notifications", **late) == 302
        assert "DVI-7" in text(officer, f"{PLACE}{breach.pk}/")
    run(AT + 200 * HOUR)
    assert len(written_to("officer@example.org")) == 4
    entry = Entry.objects.get(kind="incidents.incident.authority-told")
    assert entry.detail == {"late": True}


def run(now: datetime) -> None:
    """The job of every quarter of an hour, at a moment."""
    with clock.standing_at(now):
        warn_of_breaches()


def test_whom_an_account_touched_is_found_in_the_logs_and_written_to(
    tenant: Tenant, officer: Client
) -> None:
    culprit = customer("culprit@example.org")
    seen, _unseen, earlier = (customer(f"{who}@example.org").person for who in ("a", "b", "c"))
    by = pseudonym(culprit.person_id)
    call = desk.call(kind="oral-agreement", contract=desk.contract(seen))
    calling.play(call.recording, reason="quality", by=by, now=AT)
    old = desk.call(on=call.line, kind="oral-agreement", contract=desk.contract(earlier))
    calling.play(old.recording, reason="quality", by=by, now=AT - 40 * 24 * HOUR)
    breach = incidents.incident(at=AT)
    named = make.person()
    Person.objects.filter(pk=named.pk).update(email="")

    day = f"{AT:%Y-%m-%d}"
    looked = {"email": "culprit@example.org", "since": day, "until": day}
    assert do(officer, breach, "looks", **looked) == 200
    assert do(officer, breach, "looks", **{**looked, "email": "nobody@example.org"}) == 422
    assert set(breach.affected.values_list("person_id", flat=True)) == {seen.pk}
    assert do(officer, breach, "names", emails="b@example.org\nnobody@example.org") == 422
    assert do(officer, breach, "names", emails="b@example.org\na@example.org") == 200
    breach.affected.create(person=named, how="named", found_at=AT)

    words = "A recording of a call with you was heard by somebody who must not."
    for _ in range(2):
        assert do(officer, breach, "letters", words=words) == 200
    assert [words in mail for mail in written_to("a@example.org")] == [True]
    assert words in latest_mail("b@example.org").text
    assert not written_to("c@example.org")

    assert do(officer, breach, "assessments", is_breach="on", danger="high") == 302
    assert do(officer, breach, "refusals", because="No.") == 409, "people are at risk"
    assert do(officer, breach, "measures", measure="The account is closed.") == 302
    assert do(officer, breach, "closings") == 409, "the authority does not know yet"
    assert do(officer, breach, "notifications", on=day, at="10:45") == 302
    assert do(officer, breach, "closings") == 409, "one of them has no address"
    last = breach.affected.get(person=named)
    assert do(officer, breach, f"people/{last.pk}") == 302
    assert do(officer, breach, "closings") == 302
    assert do(officer, breach, "measures", measure="More.") == 409


def test_others_do_not_see_the_registers(tenant: Tenant) -> None:
    breach = incidents.incident(at=AT)
    customer()
    who = signed_in(tenant)
    assert who.get(PLACE).status_code in (403, 404)
    assert who.post(f"{PLACE}{breach.pk}/closings/").status_code in (403, 404)
