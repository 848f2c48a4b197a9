"""Candidates go to an examination network that they were told of, and results come back."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from skola.ground.audit.api import Entry
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.disclosures.models import Disclosure, Party
from skola.promises.gate.api import restrict
from skola.services.billing.contracting import accept_contract, offer_contract
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.networks.models import Candidate, Connection
from tests.promises.disclosing import Office, fields_in
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, signed_in, working

pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.usefixtures("standing")]
HEAD = "reference,exam,sat_on,outcome,points\n"


@pytest.fixture
def operator(tenant: Tenant) -> Party:
    """An operator whom the officer entered, with its agreement."""
    who = Office(working(tenant, "officer"))
    return who.party("recipient.exam-network", "SIA Eksperts", "agreement")


@pytest.fixture
def desk(tenant: Tenant, operator: Party) -> Client:
    return working(tenant, "examiner")


@pytest.fixture
def course(tenant: Tenant) -> Course:
    return courses.course()


def learner(person: Person, course: Course, *, text: str) -> Person:
    """Somebody who takes a course under a contract with this text, which they accepted."""
    courses.enrolment(course, person, started_at=AT)
    billing.known(person, at=AT)
    dates: dict[str, Any] = {"starts_on": AT.date(), "ends_on": None}
    held = offer_contract(person, title="Course", text=text, **dates, by="office", now=AT)
    accept_contract(held, by="customer", now=AT)
    return person


NAMING = "You learn here, and **SIA  Eksperts** examines you."


def of_audit() -> list[str]:
    found = Entry.objects.filter(kind__startswith="networks.").order_by("at", "pk")
    return [one.kind.removeprefix("networks.") for one in found]


def send(desk: Client, operator: Party, course: Course, *who: Person, exam: str = "EX-1") -> Any:
    return desk.post(
        f"/networks/operators/{operator.pk}/candidates/?course={course.slug}",
        {"exam": exam, "people": [str(one.pk) for one in who]},
    )


def take_in(desk: Client, sent: Candidate, text: str) -> Any:
    file = SimpleUploadedFile("results.csv", text.encode(), "text/csv")
    return desk.post(f"/networks/sendings/{sent.sending_id}/results/", {"results": file})


@keeps("ilearn-17.b")
def test_an_operator_whom_accepted_terms_do_not_name_cannot_be_switched_on(
    desk: Client, operator: Party, course: Course
) -> None:
    """An offer that nobody accepted opens nothing; nor does one that names somebody else."""
    on = f"/networks/operators/{operator.pk}/connections/"
    ilze = learner(people.person(), course, text="SIA Ekspertsija examines you.")
    dates: dict[str, Any] = {"starts_on": AT.date(), "ends_on": None}
    offer = offer_contract(ilze, title="Exam", text=NAMING, **dates, by="office", now=AT)

    answer = desk.post(on)

    assert answer.status_code == 409
    assert "No contract or terms that a learner accepted name SIA Eksperts." in (
        answer.content.decode()
    )
    assert not Connection.objects.exists()
    assert send(desk, operator, course, ilze).status_code == 404
    assert not Disclosure.objects.exists()
    assert of_audit() == ["connection.refused"]

    accept_contract(offer, by="customer", now=AT)

    assert desk.post(on).status_code == 302
    assert Connection.objects.get(ended_at=None).party == operator
    assert of_audit() == ["connection.refused", "connection.enabled"]


@keeps("ilearn-17.b")
def test_candidates_go_out_and_results_come_in_and_both_are_logged(
    tenant: Tenant, desk: Client, operator: Party, course: Course
) -> None:
    ilze = learner(customer().person, course, text=NAMING)
    juris = learner(people.person(given_name="Juris"), course, text="We examine you ourselves.")
    liga = learner(people.person(given_name="Līga"), course, text=NAMING)
    restrict(liga.pk, reason="a case", ground="claim", by="staff", now=AT)
    desk.post(f"/networks/operators/{operator.pk}/connections/")

    for refused in (juris, liga):
        assert send(desk, operator, course, ilze, refused).status_code == 422
    assert not Disclosure.objects.exists()
    answer = send(desk, operator, course, ilze)

    assert answer.status_code == 200
    file = json.loads(answer.content)
    (sent,) = file["people"]
    assert (file["recipient"], file["reference"]) == ("SIA Eksperts", "EX-1")
    assert fields_in(answer) == {
        "people.person.given_name",
        "people.person.family_name",
        "people.person.birth_on",
        "courses.enrolment.course_title",
    }
    entry = Disclosure.objects.get()
    assert (entry.person, entry.party, entry.label) == (ilze, operator, sent["reference"])
    mine = signed_in(tenant)
    assert "SIA Eksperts" in mine.get("/account/privacy/passed-on/").content.decode()
    assert send(desk, operator, course, ilze).status_code == 200
    assert Disclosure.objects.count() == 1

    one = Candidate.objects.get()
    answer = take_in(desk, one, f"{HEAD}{one.reference},EX-1,{AT:%Y-%m-%d},passed,87.5\n")

    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.person, one.outcome, str(one.points)) == (ilze, "passed", "87.50")
    told = mine.get("/networks/mine/").content.decode()
    assert "passed" in told
    assert "87.5 points" in told
    assert of_audit() == [
        "connection.enabled",
        "candidates.sent",
        "candidates.sent",
        "results.received",
    ]


@keeps("ilearn-17.b")
def test_a_file_of_results_is_taken_whole_or_not_at_all(
    desk: Client, operator: Party, course: Course
) -> None:
    ilze = learner(people.person(), course, text=NAMING)
    anna = learner(people.person(given_name="Anna"), course, text=NAMING)
    desk.post(f"/networks/operators/{operator.pk}/connections/")
    send(desk, operator, course, ilze, anna)
    one, other = Candidate.objects.order_by("pk")
    good = f"{one.reference},EX-1,{AT:%Y-%m-%d},passed,\n"
    wrong = {
        f"D-00000000,EX-1,{AT:%Y-%m-%d},passed,\n": "no candidate of this exam",
        good: "has a result already",
        f"{other.reference},EX-2,{AT:%Y-%m-%d},passed,\n": "another exam",
    }
    for line, words in wrong.items():
        answer = take_in(desk, one, f"{HEAD}{good}{line}")
        said = answer.content.decode()
        assert answer.status_code == 422
        assert "Line 3: " in said
        assert words in said
    assert not Candidate.objects.exclude(received_at=None).exists()

    assert take_in(desk, one, f"{HEAD}{good}").status_code == 302
    assert take_in(desk, one, f"{HEAD}{good}").status_code == 422
    assert Candidate.objects.exclude(received_at=None).get() == one
    assert of_audit()[2:] == ["results.refused"] * 3 + ["results.received", "results.refused"]


def test_when_it_is_switched_off_nothing_goes_out_and_results_still_come_in(
    tenant: Tenant, desk: Client, operator: Party, course: Course
) -> None:
    ilze = learner(customer().person, course, text=NAMING)
    desk.post(f"/networks/operators/{operator.pk}/connections/")
    send(desk, operator, course, ilze)
    one = Candidate.objects.get()

    assert desk.post(f"/networks/operators/{operator.pk}/endings/").status_code == 302

    assert send(desk, operator, course, ilze, exam="EX-2").status_code == 404
    line = f"{one.reference};EX-1;{AT:%Y-%m-%d};failed;12,5\n"
    assert take_in(desk, one, HEAD.replace(",", ";") + line).status_code == 302
    assert signed_in(tenant).get("/networks/").status_code in (403, 404)
