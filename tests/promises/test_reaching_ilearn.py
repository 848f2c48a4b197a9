"""ilearn: one notice by each channel, the next one where one fails, and notices on devices."""

import re
from base64 import urlsafe_b64decode
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.jobs import registry
from skola.ground.people.mail import send
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.numbers import number_for, number_in
from skola.ground.tenants.api import Tenant
from skola.promises.disclosures.models import Disclosure
from skola.promises.disclosures.tests import make as disclosures
from skola.promises.intake.bounces import Failure
from skola.promises.intake.bounces import tell as report
from skola.services.campaigns import tasks as campaigns
from skola.services.campaigns.models import Delivery as Offer
from skola.services.campaigns.tests import make as marketing
from skola.services.courses.tests import make as courses
from skola.services.reaching.models import Delivery, Device, Notice, Token
from skola.services.reaching.tests import make
from skola.services.reaching.tests.make import Phone, PushService
from skola.services.reaching.webpush import CarrierError
from tests.promises.keeping import keeps
from tests.promises.marketing import started
from tests.promises.marking import AT
from tests.promises.people import browser, customer, signed_in, working
from tests.promises.visiting import Site, log_in

pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.django_db]
JOBS = {name: work for work, name in registry._names.items()}
DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE, DEVICES = "/notices/", "/account/devices/"
EVERY = ("email", "push", "sms", "account", "post", "phone")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> PushService:
    """A push service stands beside, and takes what it is given."""
    made = PushService()
    monkeypatch.setattr("skola.services.reaching.webpush._open", made)
    return made


@pytest.fixture
def gateway(tmp_path: Path, settings: Settings) -> Path:
    """A gateway for text messages that writes them into a folder."""
    settings.SMS, settings.SMS_FOLDER = "local", tmp_path / "texts"
    return tmp_path / "texts"


def do_all() -> None:
    """Let the worker run: mails, text messages and notices to devices leave; all are followed."""
    for mail in Mail.objects.all():
        send(mail.pk, now=clock.now())
    for name in ("disclosures.send_text", "reaching.push"):
        for job in ProcrastinateJob.objects.filter(task_name=name, status="todo"):
            JOBS[name](**job.args["values"])
    JOBS["disclosures.follow_texts"]()
    JOBS["reaching.follow"]()


def reachable(email: str = "anna@example.org") -> Account:
    """A customer with everything by which somebody can be reached."""
    account = customer(email)
    Person.objects.filter(pk=account.person_id).update(
        given_name="Anna", phone="+371 20000001", address="Brīvības iela 1, Rīga"
    )
    account.person.refresh_from_db()
    return account


def tell(office: Client, person: Person, channel: str = "") -> Notice:
    """Staff tell somebody something; the notice, once it is written."""
    values = {"title": "Your lesson", "text": "It is moved to Friday.", "channel": channel}
    page = office.post(f"{PAGE}new/{person.pk}/", values)
    assert page.status_code == 302, unescape(page.content.decode())
    return Notice.objects.get(pk=page["Location"].rstrip("/").rpartition("/")[2])


def history(notice: Notice) -> list[tuple[str, str]]:
    """What was tried, in order, and what came of it."""
    found = notice.deliveries.order_by("step")
    return list(found.values_list("channel", "state"))


@keeps("ilearn-29")
@pytest.mark.usefixtures("standing")
def test_one_notice_goes_by_each_channel_and_each_delivery_is_on_record(
    tenant: Tenant, service: PushService, gateway: Path
) -> None:
    make.carrier(AT)
    disclosures.party("processor.text-messages", at=AT)
    office, anna = working(tenant), reachable().person
    phone = Phone()
    make.device(anna, phone, at=AT)
    for channel in EVERY:
        tell(office, anna, channel)
    assert not Entry.objects.filter(kind="reaching.delivery.sent").exists(), "pages wait for nobody"
    do_all()

    calls = office.get(f"{PAGE}to-do/").content.decode()
    assert "+371 20000001" in calls
    assert "Brīvības iela 1, Rīga" in calls
    letter = Delivery.objects.get(channel="post")
    printed = office.get(f"{PAGE}deliveries/{letter.pk}/letter/").content.decode()
    assert "It is moved to Friday." in printed
    paper = office.get(f"{PAGE}letters/")
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    call = Delivery.objects.get(channel="phone")
    for one in (letter, call):
        where = f"{PAGE}deliveries/{one.pk}/outcomes/"
        assert office.post(where, {"reached": "yes", "note": "Spoke with her."}).status_code == 302

    became = dict(Delivery.objects.values_list("channel", "state"))
    assert became == {
        "email": "sent",
        "push": "sent",
        "sms": "delivered",
        "account": "delivered",
        "post": "sent",
        "phone": "delivered",
    }
    [text] = gateway.glob("*.json")
    assert "It is moved to Friday." in text.read_text()
    [request] = service.asked
    shown = phone.reads(request.data)
    assert "lesson" not in f"{shown['title']} {shown['text']}", "read after signing in only"
    page = office.get(f"{PAGE}{call.notice_id}/").content.decode()
    assert "Spoke with her." in page
    assert "delivered" in page

    mine = signed_in(tenant, "anna@example.org")
    assert "Phone call: delivered" in mine.get("/account/notices/").content.decode()
    assert "It is moved to Friday." in mine.get(shown["url"]).content.decode()
    others = signed_in(tenant, customer("other@example.org").email)
    assert others.get(shown["url"]).status_code == 404
    assert others.get(PAGE).status_code == 404


@keeps("ilearn-29")
@pytest.mark.usefixtures("standing", "gateway")
def test_who_has_no_email_is_reached_by_the_next_channel_that_the_policy_permits(
    tenant: Tenant, service: PushService
) -> None:
    make.carrier(AT)
    party = disclosures.party("processor.text-messages", at=AT)
    office, anna = working(tenant), reachable().person
    gone = Phone()
    service.answers[gone.endpoint] = 410
    make.device(anna, gone, at=AT)
    first = tell(office, anna)
    assert history(first) == [("email", "waiting")]

    Person.objects.filter(pk=anna.pk).update(email="")
    second = tell(office, anna)
    do_all()
    assert history(second)[0] == ("push", "failed"), "the device is gone"
    assert history(second)[1][0] == "sms"

    party.ended_at = AT
    party.save()
    Account.objects.filter(person=anna).update(is_active=False)
    third = tell(office, anna)
    letter = third.deliveries.get()
    assert letter.channel == "post", "nobody carries text messages, and there is no account"
    office.post(f"{PAGE}deliveries/{letter.pk}/outcomes/", {"reached": "no", "note": "Moved."})
    assert history(third) == [("post", "failed"), ("phone", "waiting")]
    Person.objects.filter(pk=anna.pk).update(phone="", address="")
    fourth = tell(office, anna)
    assert history(fourth) == []
    assert "no channel reaches them" in office.get(PAGE).content.decode()


@pytest.mark.usefixtures("standing")
def test_a_mail_that_comes_back_is_followed_by_the_next_channel(tenant: Tenant) -> None:
    office, anna = working(tenant), reachable().person
    notice = tell(office, anna)
    do_all()
    assert history(notice) == [("email", "sent")]
    number = number_in(number_for(anna.pk, "a@example.org"))
    assert number
    report(Failure(number, ("anna@example.org",), "5.1.1", "no such mailbox"), AT)
    assert history(notice) == [("email", "failed"), ("account", "delivered")]
    assert "no such mailbox" in office.get(f"{PAGE}{notice.pk}/").content.decode()


@keeps("ilearn-34.d")
@pytest.mark.usefixtures("standing")
def test_a_subscription_revoked_on_the_device_is_removed_at_the_next_send(
    tenant: Tenant, service: PushService
) -> None:
    make.carrier(AT)
    office, anna = working(tenant), reachable().person
    marketing.agree(anna, "marketing.own", scope="push", at=AT - timedelta(days=1))
    mine = signed_in(tenant, "anna@example.org")
    old, new = Phone(), Phone()
    for phone in (old, new):
        assert mine.post(DEVICES, phone.told).status_code == 302
    first = deliver(office)
    assert (first.state, len(service.asked)) == ("sent", 2)

    service.answers[old.endpoint] = 410
    assert deliver(office).state == "sent"
    assert [one.endpoint for one in Device.objects.all()] == [new.endpoint]
    assert Entry.objects.filter(kind="reaching.device.removed").count() == 1
    asked = len(service.asked)
    assert deliver(office).state == "sent"
    assert [one.full_url for one in service.asked[asked:]] == [new.endpoint]

    page = mine.get(DEVICES).content.decode()
    assert page.count("Firefox, Linux") == 1
    device = Device.objects.get()
    mine.post(f"{DEVICES}{device.pk}/settings/", {"notices": "on"})
    asked = len(service.asked)
    started(office, "offers", channel="push", offer="Courses")
    assert not Offer.objects.filter(state="waiting").exists(), "offers are off on this device"
    assert len(service.asked) == asked
    notice = tell(office, anna, "push")
    do_all()
    assert history(notice) == [("push", "sent")], "notices are not"


def deliver(office: Client) -> Offer:
    """Send an offer to devices; what became of it."""
    started(office, "offers", channel="push", offer="Courses")
    one = Offer.objects.latest("queued_at", "pk")
    campaigns.deliver(str(one.pk))
    one.refresh_from_db()
    return one


@pytest.mark.usefixtures("standing")
def test_what_goes_to_a_device_passes_the_gate_and_nobody_on_the_way_can_read_it(
    tenant: Tenant, service: PushService
) -> None:
    party = make.carrier(AT)
    office, anna = working(tenant), reachable().person
    mine = signed_in(tenant, "anna@example.org")
    phone = Phone()
    for endpoint in (
        "https://push.example/1",
        "http://updates.push.services.mozilla.com/1",
        "https://updates.push.services.mozilla.com:8443/1",
        "https://updates.push.services.mozilla.com@evil.example/1",
        "https://fcm.googleapis.com/1",
    ):
        assert mine.post(DEVICES, {**phone.told, "endpoint": endpoint}).status_code == 422
    assert mine.post(DEVICES, {**phone.told, "p256dh": "AAAA"}).status_code == 422
    assert mine.post(DEVICES, phone.told).status_code == 302
    tell(office, anna, "push")
    do_all()
    do_all()

    [request] = service.asked
    assert b"Anna" not in request.data
    assert phone.reads(request.data)["title"] == "iLearn"
    head, key = request.headers["Authorization"].removeprefix("vapid t=").split(", k=")
    point = urlsafe_b64decode(key + "=" * (-len(key) % 4))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(head, ECKey.import_key(pem(public))).claims
    assert claims["aud"] == make.HOST
    assert claims["sub"] == "mailto:info@ilearn.lv"
    assert f'data-push-key="{key}"' in mine.get(DEVICES).content.decode()
    entry = Disclosure.objects.get(person=anna)
    assert (entry.party_id, entry.fields) == (party.pk, ["reaching.device.endpoint"])

    party.ended_at = AT
    party.save()
    assert "nobody carries them" in mine.get(DEVICES).content.decode()
    person = Person.objects.get(pk=anna.pk)
    page = office.post(f"{PAGE}new/{person.pk}/", {"title": "a", "text": "b", "channel": "push"})
    assert page.status_code == 422


def pem(key: ec.EllipticCurvePublicKey) -> bytes:
    """A key as a file has it."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.usefixtures("standing")
def test_a_push_service_that_is_away_is_asked_again(tenant: Tenant, service: PushService) -> None:
    make.carrier(AT)
    office, anna = working(tenant), reachable().person
    phone = Phone()
    make.device(anna, phone, at=AT)
    service.answers[phone.endpoint] = 503
    notice = tell(office, anna, "push")
    with pytest.raises(CarrierError):
        do_all()
    assert history(notice) == [("push", "waiting")]
    service.answers[phone.endpoint] = 413
    do_all()
    assert history(notice)[0] == ("push", "failed")
    assert Device.objects.count() == 1


@keeps("ilearn-6.c")
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_service_can_be_installed_and_push_is_turned_off_for_each_device(
    page: Page, site: Site, account: Account
) -> None:
    make.carrier(clock.now())
    log_in(page, site)
    page.goto(site.url("/account/"))
    page.get_by_role("link", name="Devices", exact=True).click()
    expect(page.get_by_role("heading", name="Devices that show notices")).to_be_visible()
    devtools: Any = page.context.new_cdp_session(page)
    assert devtools.send("Page.getAppManifest")["errors"] == []
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {one["errorId"] for one in found} <= {"in-incognito"}, "as each browser of a test is"
    link = page.locator("link[rel=manifest]").get_attribute("href")
    manifest = page.evaluate("(link) => fetch(link).then((one) => one.json())", link)
    assert manifest["display"] == "standalone"
    assert {one["sizes"] for one in manifest["icons"]} == {"192x192", "512x512", "any"}
    for icon in manifest["icons"]:
        assert page.evaluate("(src) => fetch(src).then((one) => one.status)", icon["src"]) == 200
    scope = page.evaluate(
        "navigator.serviceWorker.register('/worker.js')"
        ".then(() => navigator.serviceWorker.ready).then((one) => one.scope)"
    )
    assert scope == site.url("/")
    expect(page.get_by_role("button", name="Show notices on this device")).to_be_visible()

    first = make.device(account.person, at=clock.now())
    second = make.device(account.person, at=clock.now())
    page.reload()
    part = page.locator(f"section[aria-labelledby=d-{first.pk}]")
    part.get_by_label("Offers that I agreed to").uncheck()
    part.get_by_role("button", name="Save").click()
    other = page.locator(f"section[aria-labelledby=d-{second.pk}]")
    expect(part.get_by_label("Offers that I agreed to")).not_to_be_checked()
    expect(other.get_by_label("Offers that I agreed to")).to_be_checked()
    part.get_by_role("button", name="Show nothing on it any more").click()
    expect(part).to_have_count(0)
    assert [one.pk for one in Device.objects.all()] == [second.pk]


@keeps("ilearn-6.c")
@pytest.mark.usefixtures("standing")
def test_an_app_reads_with_a_key_of_its_owner_until_the_key_is_taken_back(tenant: Tenant) -> None:
    anna, other = reachable(), reachable("other@example.org")
    enrolment = courses.enrolment(courses.course(title="Bees"), anna.person)
    courses.enrolment(courses.course(title="Ladders"), other.person)
    told, others = make.notice(anna.person, at=AT), make.notice(other.person, at=AT)
    mine = signed_in(tenant, "anna@example.org")
    page = mine.post(f"{DEVICES}tokens/", {"name": "My phone"}).content.decode()
    [key] = re.findall(r"skola_[\w-]{43}", page)
    assert key not in mine.get(DEVICES).content.decode(), "it is shown once"

    def ask(path: str, words: str = f"Bearer {key}", method: str = "get") -> Any:
        return getattr(browser(tenant), method)(f"/api/v1/{path}", headers={"Authorization": words})

    assert ask("me/").json() == {"name": anna.person.name, "language": "en", "key": "My phone"}
    [course] = ask("courses/").json()["courses"]
    assert (course["title"], course["lessons"], course["done"]) == (enrolment.course_title, 3, 0)
    assert mine.get(course["url"]).status_code == 200
    [notice] = ask("notices/").json()["notices"]
    assert (notice["id"], notice["read_at"]) == (str(told.pk), None)
    assert ask(f"notices/{told.pk}/").json()["text"] == "It begins at ten."
    assert ask("notices/").json()["notices"][0]["read_at"] is not None
    assert ask(f"notices/{others.pk}/").status_code == 404
    assert ask("courses/", method="post").status_code == 405
    for words in ("", "Bearer skola_other", f"Basic {key}", "Bearer "):
        assert ask("me/", words).status_code == 401
    assert mine.get("/api/v1/me/").status_code == 401, "a cookie opens nothing here"
    signed_in(tenant, "other@example.org").post(
        f"{DEVICES}tokens/{Token.objects.get().pk}/removals/"
    )
    assert ask("me/").status_code == 200, "another person's key"
    Account.objects.filter(pk=anna.pk).update(is_active=False)
    assert ask("me/").status_code == 401
    Account.objects.filter(pk=anna.pk).update(is_active=True)
    told_of = (DOCS / "api.md").read_text()
    for path in ("me", "courses", "notices", "notices/{id}", "key"):
        assert f"/api/v1/{path}/`" in told_of

    assert "My phone" in mine.get(DEVICES).content.decode()
    assert mine.post(f"{DEVICES}tokens/{Token.objects.get().pk}/removals/").status_code == 302
    assert ask("me/").status_code == 401
    make.token(anna.person, "skola_x", at=AT)
    assert ask("key/", "Bearer skola_x", "delete").status_code == 204
    assert ask("me/", "Bearer skola_x").status_code == 401


@pytest.mark.usefixtures("standing")
def test_an_app_that_asks_too_often_is_told_to_wait(tenant: Tenant) -> None:
    make.token(reachable().person, "skola_x", at=AT)
    app = browser(tenant)
    head = {"Authorization": "Bearer skola_x"}
    found = [app.get("/api/v1/me/", headers=head) for _ in range(121)]
    assert [one.status_code for one in found] == [200] * 120 + [429]
    assert found[-1]["Retry-After"] == "60"
