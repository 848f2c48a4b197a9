"""iLearn: commercial messages only on a ground, and every way out of them."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make as people
from skola.promises.retention.api import record_state, sweep
from skola.services.billing.contracting import end_contract
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.campaigns import tasks
from skola.services.campaigns.api import receive
from skola.services.campaigns.models import Delivery, Refusal, Subscriber, Suppression
from skola.services.campaigns.tests import make
from skola.services.courses.tests import make as courses
from tests.promises.keeping import keeps
from tests.promises.mailing import hand_over, letter
from tests.promises.marketing import (
    browser,
    choice_link,
    delivered,
    html,
    office,
    own_page,
    sent,
    set_switches,
    started,
    stop_header,
    subscribe,
    use_link,
    written,
)
from tests.promises.test_access import copy_of, text_of

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ilearn")]

AT = make.A_DAY
A_DAY = timedelta(days=1)


@pytest.fixture
def stand() -> Iterator[None]:
    """Pages are asked for on the day of the test."""
    cache.clear()
    with clock.standing_at(AT):
        yield


def customer(name: str, *agreed: str, scope: str = "email") -> Account:
    """Somebody with an account, a running contract, and these consents by one channel."""
    account = people.account(email=f"{name.lower()}@example.org")
    Person.objects.filter(pk=account.person_id).update(
        given_name=name, phone="+371 2000000" + str(len(name)), address="Brīvības iela 1, Rīga"
    )
    account.person.refresh_from_db()
    record_state(account.person_id, "contract.open", is_open=True, at=AT - A_DAY)
    for purpose in agreed:
        make.agree(account.person, purpose, scope=scope, at=AT - A_DAY)
    return account


@keeps("ilearn-8.f", "ilearn-31")
def test_an_offer_reaches_only_who_consented_to_it_by_this_channel() -> None:
    staff = office()
    customer("Anna", "marketing.own")
    customer("Juris", "marketing.partners")
    customer("Peteris", "marketing.own", scope="auto-call")
    nobody_asked = customer("Zane")
    page = written(staff, "offers", offer="Courses at half the price")["Location"]

    shown = staff.get(page).content.decode()
    assert re.search(r"no consent for this channel: 4", shown), "with the sender of the campaign"
    assert "Peteris" in shown
    assert "Zane" in shown
    assert sent(staff, "offers", offer="Courses") == ["anna@example.org"]
    reached = Delivery.objects.get()
    assert (reached.ground, reached.state) == ("marketing.own", "sent")

    partner = make.partner()
    assert sent(staff, "partners", offer="Books", partner=partner.pk) == ["juris@example.org"]
    assert not Delivery.objects.filter(person=nobody_asked.person).exists()


@keeps("ilearn-26.b")
def test_what_is_withdrawn_while_a_message_waits_is_not_sent() -> None:
    staff = office()
    anna = customer("Anna", "marketing.own", "marketing.partners")
    customer("Juris", "marketing.own")
    started(staff, "offers", offer="Courses")
    client, settings = own_page(anna.person)

    set_switches(client, settings, "partners/email", "promotion/account")

    assert [one.to for one in delivered()] == [["juris@example.org"]]
    withheld = Delivery.objects.get(person=anna.person)
    assert (withheld.state, withheld.why_not) == ("skipped", "refused")
    partner = make.partner()
    assert sent(staff, "partners", offer="Books", partner=partner.pk) == ["anna@example.org"]


@keeps("ilearn-30")
def test_contract_messages_need_no_consent_and_carry_no_advertising() -> None:
    staff = office()
    anna = customer("Anna")
    client, settings = own_page(anna.person)
    client.post(reverse("campaigns:refuse"), {"what": "marketing"})
    billing.invoice(anna.person)

    assert "anna@example.org" in sent(staff, "service", text="We work on Sunday night.")
    invoice = Invoice.objects.get()
    assert client.get(reverse("billing:invoice", args=[invoice.pk])).status_code == 200
    refused = written(staff, "service", text="Works.", offer="Courses at half the price")
    assert refused.status_code == 422
    assert "it may not advertise" in refused.content.decode()
    partner = make.partner()
    assert written(staff, "service", partner=partner.pk).status_code == 422
    assert settings


@keeps("ilearn-32")
def test_a_machine_calls_only_who_agreed_to_it_and_a_key_ends_it() -> None:
    staff = office()
    anna = customer("Anna", "marketing.own", scope="auto-call")
    customer("Juris", "marketing.own", scope="email")
    peteris = customer("Peteris", "marketing.own", scope="auto-call")
    campaign = started(staff, "offers", channel="auto-call", offer="Courses")
    taking = reverse("campaigns:list", args=[campaign.pk])

    def on_the_list() -> dict[str, str]:
        told = csv.DictReader(io.StringIO(staff.post(taking).content.decode()))
        return {line["address"]: line["id"] for line in told}

    listed = on_the_list()
    assert set(listed) == {anna.person.phone, peteris.person.phone}
    pressed = reverse("campaigns:results", args=[listed[anna.person.phone]])
    assert staff.post(pressed, {"result": "refused"}).status_code == 302

    assert set(on_the_list()) == {peteris.person.phone}
    again = started(staff, "offers", channel="auto-call", offer="Courses")
    assert [one.person for one in again.deliveries.all()] == [peteris.person]
    assert Refusal.objects.get(person=anna.person).way == "call"
    assert Delivery.objects.get(pk=listed[anna.person.phone]).result == "refused"


@keeps("ilearn-33")
def test_an_address_alone_gets_nothing_before_the_link_is_used() -> None:
    staff, visitor = office(), browser()
    form = visitor.get(reverse("campaigns:subscribe")).content.decode()
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", form)
    assert len([one for one in boxes if 'name="kinds"' in one]) == 2, "own and partners apart"
    assert not any("checked" in one for one in boxes if 'name="kinds"' in one)
    told = {"email": "new@example.org", "kinds": ["offers"]}
    visitor.post(reverse("campaigns:subscribe"), told)

    assert sent(staff, "offers", offer="Courses") == []
    assert not Person.objects.filter(source="newsletter").exists()
    link = re.search(r"https://\S+/offers/confirm/\S+", Mail.objects.latest("created_at").text)
    assert link
    visitor.get(link[0].partition("localhost")[2])
    assert sent(staff, "offers", offer="Courses") == [], "what opens links confirms nothing"

    use_link("new@example.org")

    assert sent(staff, "offers", offer="Courses") == ["new@example.org"]
    partner = make.partner()
    assert sent(staff, "partners", offer="Books", partner=partner.pk) == []


@keeps("ilearn-34.a")
def test_consent_outlives_the_contract_and_leaves_a_digest_behind() -> None:
    staff = office()
    anna = people.person(given_name="Anna", email="anna@example.org")
    contract = billing.contract(anna, at=AT - A_DAY)
    make.agree(anna, "marketing.own", way="site-form", at=AT - A_DAY)
    tasks.keep_addresses()
    end_contract(contract, ending="staff", by="office", now=AT)

    with clock.standing_at(AT + 3 * A_DAY):
        sweep(now=AT + 3 * A_DAY)
        anna.refresh_from_db()
        assert anna.email == "", "contract and contact are gone, the subscription is not"
        assert sent(staff, "offers", offer="Courses") == ["anna@example.org"]
        stop = stop_header(started_letter(staff))
        assert browser().post(stop).status_code == 200

        assert not Subscriber.objects.exists()
        kept = Suppression.objects.values_list("what", flat=True)
        assert list(kept) == ["direct"]
        assert "anna" not in Suppression.objects.get().digest
        assert sent(staff, "offers", offer="Courses") == []
        make.agree(people.person(email="Anna@Example.org"), "marketing.own", at=AT - A_DAY)
        assert sent(staff, "offers", offer="Courses") == [], "not under another name either"


def started_letter(staff: Client) -> EmailMultiAlternatives:
    """One more campaign, and its first mail."""
    started(staff, "offers", offer="Courses")
    return delivered()[0]


@keeps("ilearn-34.b")
def test_a_switch_in_the_account_leaves_out_of_the_next_campaign() -> None:
    staff = office()
    anna = customer("Anna", "marketing.own", "marketing.partners")
    client, settings = own_page(anna.person)
    page = client.get(settings).content.decode()
    words = set(re.findall(r'name="on" value="([^"]+)"', page))
    assert words == {
        "offers/email",
        "offers/auto-call",
        "offers/push",
        "partners/email",
        "promotion/account",
        "promotion/post",
        "satisfaction/email",
    }
    assert sent(staff, "offers", offer="Courses") == ["anna@example.org"]

    set_switches(client, settings, "partners/email")

    assert sent(staff, "offers", offer="Courses") == []
    assert 'value="partners/email" checked' in client.get(settings).content.decode()
    set_switches(client, settings, "partners/email", "offers/email")
    assert sent(staff, "offers", offer="Courses") == ["anna@example.org"]
    asked = sent(staff, "satisfaction", text="How was it?")
    assert "anna@example.org" not in asked, "what was off stays off"


@keeps("ilearn-34.c")
def test_a_mail_that_refuses_offers_is_a_case_with_seven_days_and_stops_campaigns() -> None:
    staff = office()
    customer("Anna", "marketing.own")
    customer("Juris", "marketing.own")
    raw = letter("anna@example.org", "Reklāma", "Lūdzu, nesūtiet man vairs piedāvājumus!")

    hand_over(raw, "info@ilearn.lv")
    hand_over(raw, "info@ilearn.lv")

    case = Refusal.objects.waiting().get()
    assert case.apply_by == case.told_at + 7 * A_DAY
    page = staff.get(reverse("campaigns:refusals")).content.decode()
    assert "nesūtiet man vairs" in page
    assert "9 March 2026" in page
    assert "9 March 2026" in Mail.objects.get(address="anna@example.org").text
    assert sent(staff, "offers", offer="Courses") == ["anna@example.org", "juris@example.org"]
    assert staff.post(reverse("campaigns:applications", args=[case.pk])).status_code == 302
    assert sent(staff, "offers", offer="Courses") == ["juris@example.org"]
    assert not Refusal.objects.exclude(words="").exists()
    # a question stays one
    hand_over(letter("juris@example.org", "Kurss", "Kad sākas kurss?"), "info@ilearn.lv")
    assert not Refusal.objects.waiting().exists()


@keeps("ilearn-27")
def test_what_was_sent_on_a_consent_still_names_it_after_its_withdrawal() -> None:
    staff = office()
    anna = customer("Anna", "marketing.own")
    assert sent(staff, "offers", offer="Courses") == ["anna@example.org"]
    client, settings = own_page(anna.person)
    assert "your consent of 1 March 2026<" in client.get(settings).content.decode()

    with clock.standing_at(AT + A_DAY):
        set_switches(client, settings)

    with clock.standing_at(AT + 2 * A_DAY):
        history = client.get("/account/privacy/").content.decode()
        interval = history.partition("What you agreed to, and when it ended")[2]
        assert re.search(r"1 March 2026, .*?</td>\s*<td[^>]*>3 March 2026, ", interval, re.S)
        told = client.get(settings).content.decode()
        assert "your consent of 1 March 2026, which stood until 3 March 2026" in told
        assert "marketing.own" in text_of(copy_of(anna.person))
        reached = Delivery.objects.get()
        assert (reached.ground, reached.state) == ("marketing.own", "sent")
        assert sent(staff, "offers", offer="Courses") == []


@keeps("ilearn-34.e")
def test_every_offer_ends_with_the_way_out_and_carries_it_in_its_headers() -> None:
    staff = office()
    anna = customer("Anna", "marketing.own")
    customer("Juris", "marketing.own")
    started(staff, "offers", offer="Courses", link="https://ilearn.example/spring/")
    letter = delivered()[0]
    link = choice_link(str(letter.body))

    assert link in str(letter.body).rpartition("\n-- \n")[2]
    assert "/offers/choices/" in html(letter).rpartition("<hr>")[2]
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "<mailto:info@ilearn.lv" in letter.extra_headers["List-Unsubscribe"]
    stop = stop_header(letter)
    assert browser().get(stop).status_code == 302
    assert not Refusal.objects.exists(), "looking stops nothing"
    clicked = browser().post(stop, {"List-Unsubscribe": "One-Click"})
    assert (clicked.status_code, clicked.cookies) == (200, {})
    assert browser().post(stop).status_code == 200

    assert Refusal.objects.get().person == anna.person
    assert sent(staff, "offers", offer="Courses") == ["juris@example.org"]


@keeps("ilearn-35")
def test_a_refusal_by_mail_that_nobody_reads_applies_itself_after_seven_days() -> None:
    staff = office()
    customer("Anna", "marketing.own")
    customer("Juris", "marketing.own")
    refused = receive("anna@example.org", told_at=AT, by="intake", now=AT)
    seven = AT + 7 * A_DAY
    assert refused.apply_by == seven

    with clock.standing_at(seven - timedelta(seconds=5)):
        tasks.apply_refusals()
        assert "1 refusal waits to be read" in staff.get("/").content.decode()
    assert Refusal.objects.waiting().count() == 1
    with clock.standing_at(seven + timedelta(seconds=1)):
        started(staff, "offers", offer="Courses")
        tasks.apply_refusals()
        assert [one.to for one in delivered()] == [["juris@example.org"]]
        assert sent(staff, "offers", offer="Courses") == ["juris@example.org"]
        assert "1 refusal was not read in time" in staff.get("/").content.decode()
    assert Refusal.objects.get().is_late


@keeps("ilearn-11.m")
def test_an_objection_ends_what_is_shown_in_the_account_and_sent_by_post() -> None:
    staff = office()
    anna, juris = customer("Anna"), customer("Juris")
    started(staff, "promotion", channel="account", subject="Courses in May", offer="New")
    letters = started(staff, "promotion", channel="post", offer="New")
    client, _settings = own_page(anna.person)
    assert "Courses in May" in client.get("/").content.decode()
    assert letters.deliveries.count() == 2

    assert client.post(reverse("campaigns:refuse"), {"what": "marketing"}).status_code == 302

    assert "Courses in May" not in client.get("/").content.decode()
    assert "Courses in May" in browser(juris).get("/").content.decode()
    listed = staff.post(reverse("campaigns:list", args=[letters.pk])).content.decode()
    assert [one.person for one in letters.deliveries.filter(state="waiting")] == [juris.person]
    assert anna.person.name not in listed
    again = started(staff, "promotion", channel="post", offer="New")
    assert [one.person for one in again.deliveries.all()] == [juris.person]
    started(staff, "offers", offer="Courses")
    assert delivered() == [], "by mail nothing goes without consent"


@keeps("ilearn-8.i")
def test_who_objects_to_loyalty_analysis_is_in_no_segment_and_is_asked_nothing() -> None:
    staff = office()
    anna, juris = customer("Anna", "marketing.own"), customer("Juris", "marketing.own")
    once = customer("Once", "marketing.own")
    for who in (anna, anna, juris, juris, once):
        billing.contract(who.person)
    loyal = {"field_1": "billing.contract.title", "op_1": "times", "value_1": "2"}
    both = ["anna@example.org", "juris@example.org"]
    assert sent(staff, "offers", offer="For regulars", **loyal) == both
    assert set(both) <= set(sent(staff, "satisfaction", text="How was it?"))
    assert "billing.contract.title times 2" in text_of(copy_of(anna.person))
    client, settings = own_page(anna.person)
    assert "billing.contract.title times 2" in client.get(settings).content.decode()

    assert client.post(reverse("campaigns:refuse"), {"what": "purpose:loyalty"}).status_code == 302

    assert sent(staff, "offers", offer="For regulars", **loyal) == ["juris@example.org"]
    assert "anna@example.org" not in sent(staff, "satisfaction", text="How was it?")
    assert "anna@example.org" in sent(staff, "offers", offer="For all"), "other purposes go on"


@keeps("ilearn-11.n")
def test_who_wants_no_surveys_still_hears_how_the_contract_goes() -> None:
    staff = office()
    anna, juris = customer("Anna"), customer("Juris")
    client, settings = own_page(anna.person)
    switches = client.get(settings).content.decode()
    assert 'value="satisfaction/email" checked' in switches

    set_switches(client, settings, "promotion/account", "promotion/post")

    assert "anna@example.org" in sent(staff, "service", text="Your results are there.")
    asked = sent(staff, "satisfaction", text="How was the course?")
    assert "anna@example.org" not in asked
    assert "juris@example.org" in asked
    course = courses.course(title="Bees")
    *before, last = courses.lessons_of(course)
    for who in (anna, juris):
        courses.enrolment(course, who.person, done=len(before), started_at=AT - A_DAY)
        done = reverse("courses:complete", args=[course.slug, last.slug])
        assert browser(who).post(done, {"done": "yes"}).status_code == 302
    mailed = Mail.objects.filter(subject__startswith="How was it?")
    assert [one.address for one in mailed] == ["juris@example.org"]


def test_who_subscribes_anew_has_changed_their_mind() -> None:
    staff = office()
    subscribe("offers", email="anna@example.org")
    started(staff, "offers", offer="Courses")
    browser().post(stop_header(delivered()[0]))
    assert sent(staff, "offers", offer="Courses") == []
    with clock.standing_at(AT + A_DAY):
        subscribe("offers", email="anna@example.org")
        assert sent(staff, "offers", offer="Courses") == ["anna@example.org"]
