"""Text messages to phones, from outside: a gateway stands beside, and is told number and text."""

import json
from contextlib import nullcontext
from datetime import datetime, timedelta
from email.message import Message
from typing import Any
from urllib.error import HTTPError

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from skola.ground import clock
from skola.ground.jobs import registry
from skola.ground.people.models import Account, Mail, Person, TextMessage
from skola.ground.people.phones import GatewayError, international
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant
from skola.promises.disclosures.actions import end, stop
from skola.promises.disclosures.models import Disclosure, Party
from skola.promises.disclosures.tests import make as disclosures
from skola.promises.disclosures.texting import text
from skola.services.diary.tests import make as diary
from skola.services.school.tests import make as schools
from skola.services.workforce.tests import make as workforce
from tests.promises.keeping import keeps

pytestmark = pytest.mark.usefixtures("tenant")
NOW = schools.A_DAY
URL = "https://sms.example/v1"
JOBS = {name: work for work, name in registry._names.items()}


class Carrier:
    """A gateway: remembers what it was asked, and answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.status = "accepted"
        self.code = 200

    @property
    def sent(self) -> list[dict[str, str]]:
        return [told for _address, _key, told in self.asked if told is not None]

    def __call__(self, request: Any, timeout: int) -> Any:
        told = json.loads(request.data) if request.data else None
        self.asked.append((request.full_url, request.headers["Authorization"], told))
        if self.code != 200:
            raise HTTPError(request.full_url, self.code, "no", Message(), None)
        said = json.dumps({"id": f"m/{len(self.sent)}", "status": self.status}).encode()
        return nullcontext(type("Answer", (), {"read": lambda _self: said})())


@pytest.fixture
def carrier(tenant: Tenant, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    made = Carrier()
    settings.SMS, settings.SMS_URL = "", URL
    settings.SMS_KEYS = {tenant.slug: ("school", "key")}
    monkeypatch.setattr("skola.ground.people.phones.urlopen", made)
    return made


def browser(tenant: Tenant, person: Person) -> Client:
    made = Client(HTTP_HOST=f"{tenant.slug}.localhost")
    account = Account.objects.filter(person=person).first()
    made.force_login(
        account
        or Account.objects.create_account(person, email=person.email, password=None, now=NOW)
    )
    return made


def work(name: str, at: datetime, **values: str) -> None:
    with clock.standing_at(at):
        JOBS[name](**values)


def telephone_company() -> Party:
    """Who carries text messages for the school's service, with everything on file."""
    papers = ("agreement", "rules")
    rule = "recipient.service-partners"
    return disclosures.party(rule, papers=papers, reference="2019-09", country="EE", at=NOW)


def phone(person: Person, number: str) -> Person:
    person.phone = number
    person.save()
    return person


def send_what_waits(at: datetime) -> None:
    for one in TextMessage.objects.filter(state="waiting"):
        work("disclosures.send_text", at, text=str(one.pk))


@keeps("ekool-5.2.1")
@pytest.mark.tenant("ekool")
def test_a_parent_is_told_of_an_absence_and_the_status_returns(
    tenant: Tenant, carrier: Carrier
) -> None:
    world = diary.world(pupils=3)
    ill, well, _third = world.pupils
    mother = phone(schools.guardian(ill.person), "+372 5550 123")
    phone(schools.guardian(ill.person), "5550 123")
    phone(schools.guardian(well.person), "+372 5550 777")
    phone(schools.guardian(ill.person, powers=("excuse",)), "+372 5550 999")
    refusing = phone(schools.guardian(ill.person), "+372 5550 888")
    here = f"/diary/lessons/{world.slot.pk}/{diary.TODAY}/"
    with clock.standing_at(NOW):
        teacher = browser(tenant, world.teacher)
        teacher.post(f"{here}absences/", {"tap": ill.pk})
        assert "so none can be sent" in teacher.get(f"{here}texts/").content.decode()
        teacher.post(f"{here}texts/")
        assert not TextMessage.objects.exists(), "nobody carries them yet"
        party = telephone_company()
        assert "Send 2 text messages" in teacher.get(f"{here}texts/").content.decode()
        for _twice in range(2):
            assert teacher.post(f"{here}texts/").status_code == 302
        assert carrier.asked == [], "pages wait for nobody"
        stop(refusing.pk, by="officer", now=NOW)
    send_what_waits(NOW)
    send_what_waits(NOW)

    [(address, key, told)] = carrier.asked
    assert (address, key) == (f"{URL}/messages", "Basic c2Nob29sOmtleQ==")
    assert set(told) == {"to", "text"}
    assert told["to"] == "+3725550123"
    assert "absent on 2 Mar 2026" in told["text"]
    for word in (ill.person.given_name, ill.person.family_name, "Matem", "Fractions"):
        assert word not in told["text"]
    made = TextMessage.objects.get(person=mother)
    assert (made.state, made.text, made.reference) == ("sent", "", "m/1")
    entry = Disclosure.objects.get(person=mother)
    assert (entry.party_id, entry.fields) == (party.pk, ["people.person.phone"])
    assert not Disclosure.objects.exclude(person=mother).exists()
    assert TextMessage.objects.get(person=refusing).state == "failed"

    carrier.status = "delivered"
    work("disclosures.follow_texts", NOW + timedelta(minutes=5))
    assert TextMessage.objects.get(person=mother).state == "delivered"
    assert carrier.asked[-1][::2] == (f"{URL}/messages/m%2F1", None)
    with clock.standing_at(NOW + timedelta(minutes=6)):
        page = teacher.get(f"{here}texts/").content.decode()
        assert "delivered" in page.replace("not delivered", "")
        end(party, by="office", now=clock.now())
        assert Client(HTTP_HOST="ekool.localhost").get(f"{here}texts/").status_code == 302
    count = len(carrier.asked)
    work("disclosures.follow_texts", NOW + timedelta(minutes=10))
    assert len(carrier.asked) == count, "what has ended is not asked for again"


@keeps("ema-2.1-contact")
@pytest.mark.tenant("ema")
def test_a_task_is_told_by_mail_or_where_there_is_only_a_phone_by_text_message(
    tenant: Tenant,
    carrier: Carrier,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with clock.standing_at(NOW):
        disclosures.party("recipient.telephony", country="LT", at=NOW)
        manager = people.account(password=None).person
        company = workforce.company(manager=manager, at=NOW)
        workforce.bring(
            company,
            "1,Rasa,Jonaitė,rasa@example.org,+37060000001,Vilnius,Driver,",
            "2,Ona,Petraitė,,+370 600 00002,Vilnius,Driver,",
            "3,Jonas,Kazlauskas,,,Vilnius,Driver,",
            at=NOW,
        )
        rule = {"title": "First aid", "days": "10", "sure": "on"}
        rules = f"/workforce/{company.pk}/requirements/"
        assert browser(tenant, manager).post(rules, rule).status_code == 302
    morning = NOW + timedelta(days=1)
    for _twice in range(2):
        work("workforce.remind", morning)
    send_what_waits(morning)
    for letter in Mail.objects.all():
        work("people.send_mail", morning, mail=str(letter.pk))

    assert [(one.to, "First aid" in one.body) for one in mail.outbox] == [
        (["rasa@example.org"], True)
    ]
    [told] = carrier.sent
    assert told == {"to": "+37060000002", "text": told["text"]}
    assert "1 training waits for you" in told["text"]


@pytest.mark.tenant("ekool")
def test_a_gateway_that_is_away_is_asked_again_and_a_refusal_is_an_end(carrier: Carrier) -> None:
    telephone_company()
    away, refused, lost = (
        text(phone(people.person(), f"+3725550{n}00"), "Absent.", about=f"t:{n}", by="t", now=NOW)
        for n in range(3)
    )
    assert away
    assert refused
    assert lost
    carrier.code = 503
    with pytest.raises(GatewayError):
        work("disclosures.send_text", NOW, text=str(away.pk))
    assert not Disclosure.objects.exists(), "nothing went out"
    carrier.code = 422
    work("disclosures.send_text", NOW, text=str(refused.pk))
    carrier.code = 200
    work("disclosures.send_text", NOW, text=str(lost.pk))
    carrier.code = 503
    work("disclosures.follow_texts", NOW + timedelta(days=4))

    found = {one.about: (one.state, one.text) for one in TextMessage.objects.all()}
    assert found == {"t:0": ("failed", ""), "t:1": ("failed", ""), "t:2": ("unknown", "")}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+372 5550 123", "+3725550123"),
        ("00372 (555) 01-23", "+3725550123"),
        ("5550123", ""),
        ("+0372555012", ""),
        ("+372 555 x", ""),
        ("", ""),
    ],
)
def test_a_number_is_international_or_none(typed: str, number: str) -> None:
    assert international(typed) == number
