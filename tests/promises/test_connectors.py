"""Processors from outside: what arrives at each, that nothing does when it is off, the notice."""

import json
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Mail
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.connectors import actions
from skola.promises.connectors.models import Connection, Shipment
from skola.promises.disclosures.models import Disclosure, Party
from skola.promises.disclosures.tests import make as disclosures
from skola.promises.retention.api import sweep
from skola.services.courses.tests.make import course
from skola.services.shop.tests import make as shop
from skola.services.visits.models import Outside
from skola.services.workforce.tests import make as workforce
from tests.promises import visiting as visit
from tests.promises.disclosing import Office
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, signed_in
from tests.promises.receiving import Receiver, come_round, posting, receiving, work
from tests.promises.shopping import Shopper

pytestmark = pytest.mark.usefixtures("standing")

HERE = "/office/promises/processors/"
A_DAY = timedelta(days=1)
SOON = AT + timedelta(minutes=1)
NAME = "Zebediah Quux"
TASKS = ("contact-register", "error-logging", "bug-reporting", "usage-analysis")


@pytest.fixture
def receiver(tenant: Tenant, settings: Any) -> Iterator[Receiver]:
    with receiving() as made:
        settings.CONNECTORS = {tenant.slug: {task: made.url(task) for task in TASKS}}
        yield made


def text(who: Client, address: str, status: int = 200) -> str:
    answer = who.get(address)
    assert answer.status_code == status, address
    return unescape(answer.content.decode())


def switch(who: Client, task: str, on: str) -> Any:
    return who.post(f"{HERE}switches/", {"task": task, "on": on})


def active(office: Client, entry: str, *papers: str, country: str = "LT") -> Party:
    """Somebody enters a processor by name, files the agreement, and activates them."""
    kept = Office(office)
    return kept.party(f"processor.{entry}", f"UAB {entry}", "agreement", *papers, country=country)


def listed(who: Client, address: str) -> str:
    """The items, headings and cells of a page: what it lists, whatever its sentences say."""
    cells = re.findall(r"<(li|td|h3|dd)[^>]*>(.*?)</\1>", text(who, address), re.DOTALL)
    return "\n".join(words for _tag, words in cells).lower()


def told(who: Client, name: str) -> set[str]:
    """In which of the public papers a processor is named, in the words of the policy."""
    pages = {
        "notice": "/privacy/?language=en",
        "list": "/privacy/recipients/?language=en",
        "record": "/privacy/purposes/?language=en",
    }
    found = {one for one, address in pages.items() if name.lower() in listed(who, address)}
    record = text(who, "/privacy/record.json?language=en")
    return found | ({"machine"} if name in record else set())


EVERYWHERE = {"notice", "list", "record", "machine"}


def break_a_page(who: Client, monkeypatch: pytest.MonkeyPatch) -> float:
    """Send a form with a name in it to a page that breaks with that name; seconds it took."""
    who.raise_request_exception = False

    def breaks(form: Any, *_rest: Any) -> bool:
        raise LookupError(f"Nobody is called {form.data['body']}.")

    sent = {"given_name": NAME, "body": NAME, "email": "zebediah@example.org"}
    began = time.perf_counter()
    with monkeypatch.context() as patched:
        patched.setattr("skola.services.desk.forms.ContactForm.is_valid", breaks)
        answer = who.post("/desk/?q=Zebediah", sent, HTTP_REFERER="http://x.example/Zebediah")
    assert answer.status_code == 500
    return time.perf_counter() - began


@keeps("ema-2.4")
@pytest.mark.tenant("ema")
def test_an_error_with_a_name_in_the_form_leaves_without_it_and_off_nothing_leaves(
    tenant: Tenant, receiver: Receiver, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, who = browser(tenant), customer("zebediah@example.org")
    who.person.given_name, who.person.family_name = NAME.split()
    who.person.save()
    signed = signed_in(tenant, "zebediah@example.org")

    # the register has the seven of the policy; what nobody switched on is told to nobody
    page = text(officer, HERE)
    assert re.findall(r'<section class="card stack" id="([^"]+)"', page) == [
        "hosting",
        "mail-sending",
        "contact-register",
        "cloud-office",
        "error-logging",
        "bug-reporting",
        "usage-analysis",
    ]
    logger = "System error-logging provider"
    assert told(visitor, "Cloud-server provider") == EVERYWHERE
    assert told(visitor, logger) == set()
    break_a_page(signed, monkeypatch)
    assert not Shipment.objects.exists()

    # without an agreement it cannot be switched on, and the page says what helps
    refused = switch(officer, "error-logging", "yes")
    assert refused.status_code == 422
    assert "Nobody is in the register for it." in refused.content.decode()
    active(officer, "error-logging")
    assert switch(signed, "error-logging", "yes").status_code in (403, 404)
    assert switch(officer, "error-logging", "yes").status_code == 302
    assert told(visitor, logger) == EVERYWHERE

    # the event: exactly the fields of the policy, and nothing that was entered
    break_a_page(signed, monkeypatch)
    assert work(SOON) == []
    (event,) = receiver.bodies("error-logging")
    assert re.fullmatch(r"[0-9.]+", event.pop("release"))
    assert event == {
        "error": "LookupError",
        "place": "skola.services.desk.views.contact:contact",
        "page": "/desk/",
        "method": "POST",
        "status": 500,
        "service": "ema",
    }
    for word in ("Zebediah", "Quux", "zebediah", "Nobody is called", "Mozilla"):
        assert word not in receiver.everything
    assert receiver.came[0][1]["Authorization"] == "Bearer k-1"
    assert not Shipment.objects.exists(), "what has left is not kept"

    # one that is away or slow holds no page up; the officer is told, and it is tried again
    receiver.status, receiver.seconds = 503, 1
    assert break_a_page(signed, monkeypatch) < 1
    assert len(work(SOON)) == 1
    page = text(officer, HERE)
    assert "It answers that it is too busy, or broken." in page
    assert "It is tried again by itself." in page
    assert "1 processor does not take what is sent" in text(officer, "/")
    receiver.status, receiver.seconds = 200, 0
    assert officer.post(f"{HERE}tries/", {"task": "error-logging"}).status_code == 302
    work(AT + timedelta(minutes=40))
    assert "too busy" not in text(officer, HERE)
    assert len(receiver.bodies("error-logging")) == 3
    assert not Shipment.objects.exists()
    # who is sent elsewhere does not follow, and what is not taken is not tried for ever
    for status, problem in ((302, "It does not take what we send."), (401, "our key")):
        receiver.status = status
        break_a_page(signed, monkeypatch)
        assert work(SOON) == []
        assert problem in text(officer, HERE)
    assert "/elsewhere" not in [path for path, _heads, _body in receiver.came]

    # off: no call, not even of what waits, and the notice drops it
    assert Shipment.objects.count() == 2
    assert switch(officer, "error-logging", "no").status_code == 302
    receiver.came.clear()
    break_a_page(signed, monkeypatch)
    work(SOON)
    come_round(AT + A_DAY)
    work(AT + A_DAY)
    assert receiver.came == []
    assert told(visitor, logger) == set()
    kept = Entry.objects.filter(kind="connectors.connection.switched").order_by("at", "pk")
    assert [one.detail["on"] for one in kept] == [True, False]


@keeps("ema-2.4")
@pytest.mark.tenant("ema")
def test_analysis_is_told_numbers_alone_and_nothing_when_it_is_off(
    tenant: Tenant, receiver: Receiver, officer: Client
) -> None:
    analysed(tenant, receiver, officer, "data-analysis", "System data analysis provider")

    for on, names in (("no", False), ("yes", True), ("no", False)):
        switch(officer, "usage-analysis", on)
        assert ("Google Analytics" in asked_about_cookies(tenant)) is names

    # pages tell the same processor of visits by a way of their own: that is told, and ends with it
    name = "System data analysis provider"
    settled = {"role": "analytics", "number": "G-1234", "is_on": "on"}
    assert officer.post("/visits/others/settings/", settled).status_code == 302
    assert told(browser(tenant), name) == EVERYWHERE
    assert "told by another way" in text(officer, HERE)
    assert "Google Analytics" in asked_about_cookies(tenant)
    switch(officer, "usage-analysis", "no")
    assert not Outside.objects.get().is_on
    assert told(browser(tenant), name) == set()
    assert "Google Analytics" not in asked_about_cookies(tenant)


def asked_about_cookies(tenant: Tenant) -> str:
    """What the banner says to somebody who is here for the first time."""
    return text(browser(tenant), "/privacy/").partition('class="cookie-banner-words"')[2]


@pytest.mark.tenant("learnifier")
def test_another_tenant_switches_its_analysis_by_its_own_policy(
    tenant: Tenant, receiver: Receiver, officer: Client
) -> None:
    assert re.findall(r'<section class="card stack" id="([^"]+)"', text(officer, HERE)) == [
        "hosting",
        "usage-analysis",
    ]
    analysed(tenant, receiver, officer, "analytics", "Web analytics providers", announced=31)
    assert switch(officer, "error-logging", "yes").status_code == 404, "nobody's in this policy"


def analysed(
    tenant: Tenant,
    receiver: Receiver,
    officer: Client,
    entry: str,
    name: str,
    *,
    announced: int = 0,
) -> None:
    """A day's visits are told the night after, in numbers of five and more, while it is on.

    ``announced`` are the days for which the policy announces a processor: nothing leaves in them.
    """
    active(officer, entry)
    begins = AT + announced * A_DAY

    def visits(at: datetime) -> None:
        with clock.standing_at(at):
            for number in range(6):
                one = browser(tenant)
                visit.choose(one, "all")
                one.get("/courses/", REMOTE_ADDR=f"203.0.113.{number}")
            one.get("/privacy/")

    assert told(browser(tenant), name) == set()
    assert switch(officer, "usage-analysis", "yes").status_code == 302
    assert told(browser(tenant), name) == EVERYWHERE
    visits(AT)
    if announced:
        come_round(AT + A_DAY)
        assert not Shipment.objects.exists(), "it is announced, and told nothing yet"
        come_round(begins)
        visits(begins)
    for _twice in range(2):
        come_round(begins + A_DAY)
    assert work(begins + A_DAY) == []
    expected = {"day": f"{begins:%Y-%m-%d}", "page": "/courses/", "visits": 6}
    assert receiver.bodies("usage-analysis") == [{"figures": [expected]}], "no small number"
    assert "203.0" not in receiver.everything

    assert switch(officer, "usage-analysis", "no").status_code == 302
    assert told(browser(tenant), name) == set()
    receiver.came.clear()
    visits(begins + 2 * A_DAY)
    come_round(begins + 3 * A_DAY)
    work(begins + 3 * A_DAY)
    assert receiver.came == []


@keeps("ema-2.4")
@pytest.mark.tenant("ema")
def test_what_somebody_reports_is_scrubbed_and_shown_before_it_leaves(
    tenant: Tenant, receiver: Receiver, officer: Client
) -> None:
    visitor = browser(tenant)
    assert "Problems are not taken here at the moment." in text(visitor, "/problem/")
    active(officer, "bug-reporting")
    switch(officer, "bug-reporting", "yes")
    people.person(given_name="Rasa", family_name="Petrauskaitė")
    who = customer("jonas.k@example.org")
    who.person.given_name, who.person.family_name = "Jonas", "Kazlauskas"
    who.person.address = "Ąžuolų g. 4-12, Kaunas"
    who.person.save()
    signed = signed_in(tenant, "jonas.k@example.org")
    assert "/problem/" in text(signed, "/desk/?topic=fault&page=/courses/first-aid/")

    said = (
        "Sveiki, esu Jonas. Rasos Petrauskaitės kursas neatsidaro, o Jono Kazlausko užduotis dingo."
        " Gyvenu Kaune, Ąžuolų g. 4-12. Rašykite jonas.k@example.org ar +370 612 34567, kodas"
        " 38501011234.\nMygtukas „Toliau“ pilkas, klaida 404."
    )
    sent = {"words": said, "page": "/courses/first-aid/"}
    seen = signed.post("/problem/", sent)
    assert receiver.came == []
    assert not Shipment.objects.exists(), "nothing leaves before it was seen"
    shown = unescape(seen.content.decode())
    hidden = re.findall(r'name="words" value="([^"]*)"', seen.content.decode())[0]
    assert "Mygtukas „Toliau“ pilkas, klaida 404." in shown

    # who changes the hidden field on the way sends no more than what is scrubbed
    forged = {"words": f"{unescape(hidden)} Jonas 38501011234", "page": sent["page"]}
    assert signed.post("/problem/reports/", forged).status_code == 302
    assert visitor.post("/problem/reports/", {"words": "Rasa vėl", "page": "x"}).status_code == 302
    assert work(SOON) == []
    own, other = receiver.bodies("bug-reporting")
    assert set(own) == {"words", "page", "browser", "release", "service"}
    assert (own["browser"], own["service"]) == ("Firefox", "ema")
    assert own["page"] == "/courses/…/"
    assert "Mygtukas „Toliau“ pilkas, klaida 404." in own["words"]
    assert other["words"] == "[…] vėl"
    for word in ("Jon", "Kazlausk", "Ras", "Petrausk", "Kaun", "Ąžuol", "38501", "612", "jonas"):
        assert word not in receiver.everything, word
    entry = Entry.objects.filter(kind="connectors.problem.reported").first()
    assert entry is not None
    assert not Shipment.objects.exists()

    switch(officer, "bug-reporting", "no")
    receiver.came.clear()
    assert "not taken" in signed.post("/problem/reports/", forged).content.decode()
    work(SOON)
    assert receiver.came == []
    assert told(visitor, "Provider of users' bug reporting") == set()


@keeps("ema-2.4")
@pytest.mark.tenant("ema")
def test_contacts_of_businesses_mails_and_files_follow_their_switches(
    tenant: Tenant, receiver: Receiver, officer: Client, settings: Any
) -> None:
    settings.PAYMENTS, settings.STRIPE_KEYS = "", {"ema": ("sk_test_1", "whsec_1")}
    disclosures.party("processor.card-payments", name="Stripe", country="IE", at=AT - A_DAY)
    active(officer, "crm")
    switch(officer, "contact-register", "yes")
    manager = people.account(email="manager@example.org", password="a long enough one").person
    company = workforce.company(manager=manager)
    product = shop.product(course(title="Bees"), at=AT)
    private = Shopper(browser(tenant))
    private.ordered(product, seats="1")
    bought = Client(HTTP_HOST="ema.localhost")
    bought.force_login(manager.account)
    nobody = {"email": "", "given_name": "", "family_name": ""}
    Shopper(bought).ordered(product, company=str(company.pk), seats="3", **nobody)
    for _twice in range(2):
        assert work(SOON, actions.PASS) == []
    (first,) = receiver.bodies("contact-register")
    (one,) = first["people"]
    assert Disclosure.objects.count() == 1
    assert set(first) == {"recipient", "purpose", "ground", "reference", "passed_at", "people"}
    assert one["records"] == {
        "people.person": [
            {
                "given_name": manager.given_name,
                "family_name": manager.family_name,
                "email": "manager@example.org",
                "phone": manager.phone,
            }
        ],
        "shop.order": [
            {
                "number": 2,
                "title": "Bees",
                "placed_at": one["records"]["shop.order"][0]["placed_at"],
            }
        ],
    }
    assert "payer@example.org" not in receiver.everything, "private customers are nobody's contact"
    with clock.standing_at(SOON + A_DAY):
        assert "UAB crm" in text(bought, "/account/privacy/passed-on/")
    switch(officer, "contact-register", "no")
    receiver.came.clear()
    work(SOON, actions.PASS)
    assert receiver.came == []

    # mails: by the processor's server while it is on, with no more than the policy lists
    disclosures.party("processor.mail-sending", name="UAB Paštas", country="LT", at=AT - A_DAY)
    Mail.objects.all().delete()
    with posting() as (port, came):
        settings.CONNECTORS["ema"]["mail-sending"] = ("", f"smtp://127.0.0.1:{port}")
        private.who.post("/account/login/code/", {"email": "manager@example.org"})
        work(SOON, "people.send_mail")
        (letter,) = came
        assert "rcpt to:<manager@example.org>" in letter.lower()
        heads = letter.partition("\ndata\n")[2].partition("\n\n")[0]
        found = {one.partition(":")[0] for one in heads.splitlines() if not one.startswith(" ")}
        own = {"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Date", "Message-ID"}
        assert found == {"Subject", "From", "To"} | own
        assert switch(officer, "mail-sending", "no").status_code == 302
        private.who.post("/account/login/code/", {"email": "manager@example.org"})
        work(SOON, "people.send_mail")
        assert len(came) == 1
    assert told(private.who, "E-mail sending provider") == set()

    # what the service runs on is told until somebody says that it is not so
    for task, name in (
        ("hosting", "Cloud-server provider"),
        ("cloud-office", "Cloud e-mail and file storage provider"),
    ):
        assert told(private.who, name) == EVERYWHERE
        switch(officer, task, "no")
        assert told(private.who, name) == set()
    notice = text(private.who, "/privacy/?language=en")
    assert "may have access to the data" in notice
    full = text(private.who, "/privacy/?language=en&depth=full")
    assert "are not passed to third parties." in full
    assert "file storage provider" not in full, "nor in its sentences"


@pytest.mark.tenant("ema")
def test_too_much_is_left_out_and_what_never_left_goes(
    tenant: Tenant, officer: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CONNECTORS = {"ema": {"error-logging": ("", "http://127.0.0.1:9/nobody")}}
    monkeypatch.setattr(actions, "MOST_WAITING", 2)
    disclosures.party("processor.error-logging", country="LT", at=AT - A_DAY)
    switch(officer, "error-logging", "yes")
    visitor = browser(tenant)
    for _number in range(3):
        break_a_page(visitor, monkeypatch)
    assert (Shipment.objects.count(), Connection.objects.get().left_out) == (2, 1)
    assert len(work(SOON)) == 2
    assert "It does not answer." in text(officer, HERE)
    assert "NAME" not in json.dumps([one.body for one in Shipment.objects.all()])
    sweep(now=AT + actions.GIVEN_UP + A_DAY)
    assert not Shipment.objects.exists()


@pytest.mark.tenant("ema")
def test_an_envelope_for_an_error_service_has_the_same_fields_and_no_others(
    tenant: Tenant, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = f"sentry+http://127.0.0.1:{receiver.port}/7"
    settings.CONNECTORS = {"ema": {"error-logging": ("k-1", there)}}
    disclosures.party("processor.error-logging", country="LT", at=AT - A_DAY)
    actions.switch("error-logging", is_on=True, by="officer", now=AT)
    break_a_page(browser(tenant), monkeypatch)
    assert work(SOON) == []
    ((path, heads, body),) = receiver.came
    assert path == "/api/7/envelope/"
    assert "sentry_key=k-1" in heads["X-Sentry-Auth"]
    head, item, event = map(json.loads, body.split(b"\n"))
    assert (set(head), item["type"]) == ({"event_id", "sent_at"}, "event")
    assert item["length"] == len(body.split(b"\n")[2])
    assert event.pop("event_id") == head["event_id"]
    assert re.fullmatch(r"[0-9.]+", event.pop("release"))
    assert event == {
        "timestamp": pytest.approx(AT.timestamp(), abs=120),
        "platform": "python",
        "level": "error",
        "transaction": "/desk/",
        "exception": {
            "values": [
                {
                    "type": "LookupError",
                    "stacktrace": {
                        "frames": [
                            {
                                "module": "skola.services.desk.views.contact",
                                "function": "contact",
                                "in_app": True,
                            }
                        ]
                    },
                }
            ]
        },
        "tags": {"method": "POST", "status": "500", "service": "ema"},
    }
