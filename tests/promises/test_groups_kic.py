"""KIC: training groups from outside: external trainers, and what they get."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Account, Mail, Role
from skola.ground.people.tests import make as people
from skola.promises.accuracy.models import Invitation
from skola.promises.accuracy.tasks import invite
from skola.promises.rights.api import Asked, Asker, receive_request
from skola.services.billing.api import Invoice, accept_contract
from skola.services.billing.tests import make as billing
from skola.services.desk.actions import answer
from skola.services.desk.tests import make as desk
from skola.services.documents.api import Document
from skola.services.groups.actions import issue_documents, leave, record_result
from skola.services.groups.attending import note
from skola.services.groups.links import address_of, address_of_booking
from skola.services.groups.models import Application, Booking, Participant
from skola.services.groups.tests import make
from tests.promises.keeping import keeps
from tests.promises.test_access import copy_of

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("kic")]

AT = make.A_DAY


@pytest.fixture(autouse=True)
def nobody_asked_before(db: None) -> None:
    cache.clear()


SignIn = Callable[[Account], Account]


def at_the_door() -> Client:
    """Somebody else's browser."""
    return Client(HTTP_HOST="kic.localhost")


def midnight_after(day: object) -> datetime:
    """The first moment after a day in Riga."""
    return clock.last_second(day, make.RIGA) + timedelta(seconds=1)  # type: ignore[arg-type]


@keeps("kic-recipient-trainers")
@pytest.mark.parametrize("ends_first", ["group", "contract"])
def test_a_trainer_sees_the_own_group_until_it_or_the_contract_ends(
    client: Client, sign_in: SignIn, ends_first: str
) -> None:
    seat = make.participant(make.run())
    other = make.participant(make.run(), family_name="Liepa")
    trainer = sign_in(people.account()).person
    days = 300 if ends_first == "group" else 20
    contract = make.trainer(seat.run, trainer, days=days)
    last = seat.run.ends_on if ends_first == "group" else contract.ends_on
    own = reverse("groups:taught", args=[seat.run_id])
    taking = reverse("groups:list", args=[seat.run_id])

    with clock.standing_at(midnight_after(last) - timedelta(seconds=2)):
        page = client.get(own).content.decode()
        assert "Ozols" in page
        assert "ozols@example.org" in page
        assert client.get(reverse("groups:taught", args=[other.run_id])).status_code == 404
        assert client.post(reverse("groups:list", args=[other.run_id])).status_code == 404
        assert client.get(reverse("groups:office")).status_code == 404
        assert "Ozols" in client.post(taking).content.decode()
    entry = Entry.objects.get(kind="groups.list.given")
    assert (entry.detail["participants"], entry.clause) == (1, "kic-recipient-trainers")
    assert seat.application is not None
    mine = at_the_door().get(address_of(seat.application)).content.decode()
    assert "SIA Prasme, name, contact and attendance as a file" in mine
    assert "Cooperation contract C-7" in mine

    with clock.standing_at(midnight_after(last)):
        assert client.get(own).status_code == 404
        assert client.post(taking).status_code == 404
        assert client.get(reverse("groups:teaching")).status_code == 404


@keeps("kic-security-partners")
def test_a_partner_is_let_in_after_an_evaluation_and_evaluated_again(
    client: Client, sign_in: SignIn
) -> None:
    office = sign_in(people.account())
    people.role(office.person, "coordinator")
    run, trainer = make.run(), people.account(email="juris@example.org")
    contract = make.cooperation(trainer.person, verdict="")
    letting = reverse("groups:trainers", args=[run.pk])
    judging = reverse("groups:partner", args=[contract.pk])

    with clock.standing_at(AT):
        answer = client.post(letting, {"person": "juris@example.org"})
        assert answer.status_code == 409
        assert "not evaluated yet" in answer.content.decode()
        assert not Role.objects.filter(person=trainer.person).exists()
        judged = {"verdict": "fit", "findings": "References.", "again_on": "2026-03-10"}
        assert client.post(judging, judged).status_code == 302
        assert "SIA Prasme" not in client.get("/").content.decode()
        assert client.post(letting, {"person": "juris@example.org"}).status_code == 302

    assert Role.objects.filter(person=trainer.person, kind="instructor").exists()
    with clock.standing_at(AT + timedelta(days=9)):
        assert "SIA Prasme" in client.get("/").content.decode(), "a reminder to evaluate again"
        answer = client.post(
            reverse("groups:trainers", args=[make.run().pk]), {"person": "juris@example.org"}
        )
        assert answer.status_code == 409


@keeps("kic-purpose-contracts")
@pytest.mark.parametrize("way", ["link", "paper"])
def test_a_company_concludes_one_contract_for_its_people_and_gets_one_invoice(
    client: Client, sign_in: SignIn, way: str
) -> None:
    office = sign_in(people.account())
    people.role(office.person, "coordinator")
    run = make.run(seats=4)
    told = {
        "company": "SIA Bērzs",
        "address": "Lielā iela 1, Rīga",
        "given_name": "Dace",
        "family_name": "Liepa",
        "email": "dace@berzs.example",
        "price": "100.00",
        "vat_percent": "21.0",
        "learners": "Jānis, Kalns, k@berzs.example\nIlze; Roze; r@berzs.example\n\n"
        "Ieva,Vilks,v@berzs.example",
    }
    booking = reverse("groups:companies", args=[run.pk])
    with clock.standing_at(AT):
        five = "\n".join(f"A,B,{n}@berzs.example" for n in range(5))
        assert client.post(booking, {**told, "learners": five}).status_code == 422
        assert client.post(booking, {**told, "learners": "Jānis Kalns"}).status_code == 422
        assert Participant.objects.count() == 0
        assert client.post(booking, told).status_code == 302
        made = Booking.objects.get()
        assert Invoice.objects.count() == 0, "nothing is invoiced before the contract is concluded"
        mail = Mail.objects.get(address="dace@berzs.example")
        signing = re.search(r"/groups/companies/[^\s]+", mail.text)
        assert signing is not None
        page = at_the_door().get(signing[0]).content.decode()
        assert all(name in page for name in ("SIA Bērzs", "Kalns", "Roze", "Vilks", "€100.00"))
        concluding = f"{signing[0]}answers/"
        if way == "paper":
            concluding = reverse("groups:papers", args=[made.pk])
        who = at_the_door() if way == "link" else client
        assert who.post(concluding, {"answer": "accept"}).status_code == 302
        assert who.post(concluding, {"answer": "accept"}).status_code == 409, "once"
        invoice = Invoice.objects.get()
        assert f"{invoice.number:06d}" in at_the_door().get(signing[0]).content.decode()

    seats = Participant.objects.filter(run=run, left_at=None)
    assert sorted(seats.values_list("person__family_name", flat=True)) == ["Kalns", "Roze", "Vilks"]
    assert {seat.contract for seat in seats} == {made.contract}
    assert made.contract is not None
    made.contract.refresh_from_db()
    assert (made.contract.accepted_at is not None, made.contract.evidence) == (True, way)
    assert (invoice.buyer, invoice.total_cents) == ("SIA Bērzs", 36_300)
    named = Mail.objects.get(address="k@berzs.example")
    own = re.search(r"/groups/own/[^\s]+", named.text)
    assert own is not None
    with clock.standing_at(AT):
        page = at_the_door().get(own[0]).content.decode()
        assert "Your company has the contract" in page
        assert "100.00" not in page, "what it costs is the company's"


@keeps("kic-purpose-contracts")
def test_a_company_gives_its_seats_back_and_its_contract_ends_with_the_last_one() -> None:
    declined, kept = make.booking(names=("Kalns", "Roze")), make.booking(names=("Vilks", "Egle"))
    assert kept.contract is not None
    declining = reverse("groups:booking-answers", args=[token_of(declined)])
    with clock.standing_at(AT):
        for _ in range(2):
            at_the_door().post(declining, {"answer": "decline"})
        assert at_the_door().post(declining, {"answer": "accept"}).status_code == 409
        at_the_door().post(
            reverse("groups:booking-answers", args=[token_of(kept)]), {"answer": "accept"}
        )
        first, second = Participant.objects.filter(contract=kept.contract)
        leave(first, by="office", now=AT)
        kept.contract.refresh_from_db()
        assert kept.contract.closed_at is None
        leave(second, by="office", now=AT)

    kept.contract.refresh_from_db()
    assert kept.contract.closed_at == AT
    assert not Participant.objects.filter(left_at=None).exists()
    assert Invoice.objects.count() == 1


def token_of(booking: Booking) -> str:
    return address_of_booking(booking).rstrip("/").rpartition("/")[2]


@keeps("kic-purpose-documents")
def test_a_certificate_has_a_number_and_a_page_that_says_whether_it_is_valid(
    client: Client, sign_in: SignIn
) -> None:
    office = sign_in(people.account())
    people.role(office.person, "coordinator")
    run = make.run()
    seats = [make.participant(run), make.participant(run, family_name="Liepa")]
    issuing = reverse("groups:documents", args=[run.pk])
    with clock.standing_at(AT):
        for seat in seats:
            client.post(reverse("groups:results", args=[seat.pk]), {"result": "passed"})
        for _ in range(2):
            assert client.post(issuing, {"signatory": "Sanita Roze"}).status_code == 302
    first, second = Document.objects.order_by("number")
    assert (first.label, second.label) == ("2026-00001", "2026-00002")

    def says(document: Document, code: str) -> str:
        told = {"number": document.label, "code": code}
        return at_the_door().get(reverse("documents:check"), told).content.decode()

    with clock.standing_at(AT):
        page = says(first, first.code)
        assert "is valid" in page
        for words in ("Ozols", "Jānis", "Bookkeeping", "ozols@example.org", "Sanita Roze"):
            assert words not in page
        assert "No document has this number and this code" in says(first, second.code)
        annulling = reverse("documents:annulments", args=[first.pk])
        client.post(annulling, {"because": "Issued by mistake."})
        page = says(first, first.code)
        assert "It is annulled" in page
        assert "Issued by mistake." not in page
        assert "is valid" in says(second, second.code)


@keeps("kic-purpose-training")
def test_from_the_application_to_the_certificate(client: Client, sign_in: SignIn) -> None:
    run = make.run(starts_on=AT.date())
    meeting = make.meeting(run)
    learner, evening = at_the_door(), AT.replace(hour=16)
    with clock.standing_at(AT):
        told = {"given_name": "Anna", "family_name": "Bērziņa", "email": "anna@example.org"}
        assert run.programme.title in learner.get(reverse("groups:runs")).content.decode()
        mine = learner.post(reverse("groups:apply", args=[run.pk]), told)["Location"]
        mine = mine.partition("?")[0]
        office = sign_in(people.account())
        people.role(office.person, "coordinator")
        application = Application.objects.get()
        deciding = reverse("groups:decisions", args=[application.pk])
        assert client.post(deciding, {"to": "admitted"}).status_code == 302
        page = learner.get(mine).content.decode()
        assert "Monday, 2 March 2026, 17:30" in page
        learner.post(f"{mine}contracts/", {"answer": "accept"})

    with clock.standing_at(evening):
        learner.post(f"{mine}phones/")
        wall = client.get(reverse("groups:wall", args=[meeting.pk])).content.decode()
        shown = re.search(r"page: (\w{4}-\w{4})", wall)
        assert shown is not None
        here = reverse("groups:here", args=[meeting.pk, shown[1].replace("-", "")])
        assert "I am here" in learner.get(here).content.decode()
        learner.post(here)
        assert "you were there" in learner.get(mine).content.decode()
        seen = client.get(reverse("groups:meeting", args=[meeting.pk])).content.decode()
        assert "signed by the link that was mailed" in seen
        seat = Participant.objects.get()
        client.post(reverse("groups:results", args=[seat.pk]), {"result": "passed"})
        issuing = reverse("groups:documents", args=[run.pk])
        client.post(issuing, {"signatory": "Sanita Roze"})
        assert "2026-00001" in learner.get(mine).content.decode()
        assert learner.get(f"{mine}document/").content.startswith(b"%PDF")


@keeps("kic-accuracy-invite")
def test_once_a_year_somebody_is_asked_whether_their_data_are_right(
    client: Client, sign_in: SignIn
) -> None:
    made = people.account(email="ilze@example.org", created_at=AT)
    year = datetime(2027, 3, 2, 22, 0, tzinfo=UTC)

    def asked(at: datetime) -> int:
        with clock.standing_at(at):
            invite()
        return Mail.objects.filter(address=made.person.email).count()

    assert asked(year - timedelta(seconds=1)) == 0
    assert asked(year) == 1
    assert asked(year + timedelta(days=300)) == 1, "one invitation a year"
    link = re.search(r"/accuracy/\S+", Mail.objects.get().text)
    assert link is not None
    with clock.standing_at(year + timedelta(days=300)):
        assert made.person.email in at_the_door().get(link[0]).content.decode()
        sign_in(made)
        assert "Are your data right?" in client.get("/").content.decode()
        at_the_door().post(f"{link[0]}confirmations/")
        assert "Are your data right?" not in client.get("/").content.decode()
    answered = Invitation.objects.get()
    assert answered.answer == "confirmed"
    assert answered.answered_at is not None
    assert answered.answered_at.date() == (year + timedelta(days=300)).date()
    assert asked(year + timedelta(days=600)) == 1, "until the next period"
    assert asked(year + timedelta(days=667)) == 2


@keeps("kic-cat-service")
def test_the_copy_of_a_learners_data_has_each_part_of_the_client_file() -> None:
    seat = make.participant(make.run(starts_on=AT.date()))
    learner, contract = seat.person, seat.contract
    assert contract is not None
    meeting = make.meeting(seat.run)
    with clock.standing_at(AT):
        accept_contract(contract, by="learner", now=AT)
        note(seat, meeting, present=True, zone=make.RIGA, by="office", now=AT)
        record_result(seat, "passed", by="office", now=AT)
        issue_documents(seat.run, signatory="Sanita Roze", zone=make.RIGA, by="office", now=AT)
        billing.pay(billing.invoice(learner, at=AT), 100, at=AT)
        asked = desk.enquiry(person=learner, body="When does it begin?", at=AT)
        answer(asked, body="On Monday.", author=people.person(), by="office", now=AT)
        complaint = Asked("complaint", "email", "email", words="It was too cold.")
        receive_request(complaint, Asker(), person=learner, received_at=AT, by="office", now=AT)

        copy = copy_of(learner)

    def lines(category: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in copy[f"data/{category}.jsonl"].splitlines()]

    def there(category: str, **values: object) -> bool:
        return any(values.items() <= one.items() for one in lines(category))

    run, held = str(seat.run_id), str(seat.pk)
    assert there("contract", run_id=run, words="I know a little.", stage="admitted")
    assert there("learning", run_id=run, result="passed")
    assert there("learning", participant_id=held, meeting_id=str(meeting.pk), way="staff")
    assert there("education_document", series="2026", number=1, holder="Jānis Ozols")
    assert there("contract", title="Bookkeeping", evidence="click")
    assert any("total_cents" in one for one in lines("accounting"))
    assert any("amount_cents" in one for one in lines("accounting"))
    told = copy["data/enquiry.jsonl"].decode()
    assert "When does it begin?" in told
    assert "On Monday." in told
    assert there("support", kind="complaint", words="It was too cold.")
