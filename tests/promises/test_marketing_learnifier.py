"""Learnifier: people choose each use of their address, and nothing is counted unasked."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Account, Mail
from skola.ground.people.tests import make as people
from skola.promises.policy.api import in_force
from skola.promises.retention.api import sweep
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.campaigns import tasks
from skola.services.campaigns.models import Campaign, Delivery, Reaction, Refusal
from skola.services.campaigns.tests import make
from skola.services.desk.actions import answer, mail_answer
from skola.services.desk.models import Enquiry
from tests.promises.keeping import keeps
from tests.promises.mailing import hand_over, letter
from tests.promises.marketing import (
    browser,
    choice_link,
    delivered,
    html,
    office,
    own_page,
    path_of,
    sent,
    set_switches,
    started,
    stop_header,
    subscribe,
    use_link,
    written,
)
from tests.promises.reading import ask, latest, refusals, sheet
from tests.promises.test_access import copy_of, text_of

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("learnifier")]

AT = make.A_DAY
A_DAY = timedelta(days=1)


@pytest.fixture
def stand() -> Iterator[None]:
    """Pages are asked for on the day of the test."""
    cache.clear()
    with clock.standing_at(AT):
        yield


def customer(name: str, *agreed: str) -> Account:
    """Somebody with an account who agreed to these purposes."""
    account = people.account(email=f"{name.lower()}@example.org")
    for purpose in agreed:
        make.agree(account.person, purpose, at=AT - A_DAY)
    return account


def contact(email: str, *news: str) -> Enquiry:
    """A visitor fills in the form Contact me."""
    visitor = browser()
    with clock.standing_at(AT - timedelta(minutes=1)):
        page = visitor.get(reverse("desk:contact")).content.decode()
    shown = re.search(r'name="shown" value="([^"]+)"', page)
    assert shown
    topic = re.search(r'<option value="(\w+)"', page.partition('name="topic"')[2])
    told = {
        "topic": topic[1] if topic else "other",
        "body": "What does it cost?",
        "email": email,
        "shown": shown[1],
        "news": list(news),
    }
    assert visitor.post(reverse("desk:contact"), told).status_code == 302
    return Enquiry.objects.latest("received_at")


def answered(asked: Enquiry) -> str:
    """Staff answer an enquiry; the text of the mail."""
    mail.outbox.clear()
    author = people.account().person
    mail_answer(answer(asked, body="Ten.", author=author, by="staff", now=AT), now=AT)
    (letter,) = mail.outbox
    return str(letter.body)


@keeps("learnifier-4.a")
def test_a_contact_form_without_a_tick_is_answered_and_used_for_nothing_else() -> None:
    staff = office()
    page = browser().get(reverse("desk:contact")).content.decode()
    boxes = re.findall(r'<input[^>]*name="news"[^>]*>', page)
    assert boxes
    assert not any("checked" in one for one in boxes)

    asked = contact("visitor@example.org")

    assert not Mail.objects.exists()
    assert "Ten." in answered(asked)
    for kind in ("news", "events", "interest"):
        assert sent(staff, kind, offer="Something") == []
    contact("other@example.org", "news")
    assert sent(staff, "news", offer="Something") == [], "a tick alone is not confirmed"
    use_link("other@example.org")
    assert sent(staff, "news", offer="Something") == ["other@example.org"]
    assert sent(staff, "events", offer="Something") == []


@keeps("learnifier-9.a")
def test_a_visitor_turns_news_off_by_the_link_in_the_answer_to_an_enquiry() -> None:
    staff = office()
    subscribe("news", "events", email="visitor@example.org")
    both = ["visitor@example.org"]
    assert (sent(staff, "news", offer="x"), sent(staff, "events", offer="x")) == (both, both)
    link = choice_link(answered(contact("visitor@example.org")))

    page = browser().get(link).content.decode()

    for name in ("News and promotions", "Events", "Offers of partners", "Questions about what"):
        assert name in page, "a choice for each use"
    assert "visitor@example.org" not in page, "who finds the link learns no address"
    set_switches(browser(), link, "events/email")
    assert sent(staff, "news", offer="x") == []
    assert sent(staff, "events", offer="x") == both
    set_switches(browser(), link)
    assert sent(staff, "events", offer="x") == []


def test_who_never_subscribed_stops_everything_for_the_address_of_an_enquiry() -> None:
    staff = office()
    link = choice_link(answered(contact("visitor@example.org")))
    assert browser().post(f"{link}refusals/").status_code == 302
    made = make.person("Visitor")
    make.agree(made, "marketing.own", at=AT - A_DAY)
    assert sent(staff, "news", offer="x") == []


@keeps("learnifier-9.b")
@pytest.mark.parametrize("way", ["link", "header"])
def test_the_link_at_the_bottom_stops_at_once_what_already_waits(way: str) -> None:
    staff = office()
    customer("Elin", "marketing.own")
    customer("Oskar", "marketing.own")
    started(staff, "news", offer="First")
    letter = delivered()[0]
    started(staff, "news", offer="Second")
    link = choice_link(str(letter.body))
    assert link in str(letter.body).rpartition("\n-- \n")[2]

    if way == "link":
        page = browser().get(link).content.decode()
        assert "Stop it now" in page
        assert browser().post(f"{link}refusals/").status_code == 302
    else:
        assert browser().post(stop_header(letter)).status_code == 200

    assert [one.to[0] for one in delivered()] == ["oskar@example.org"]


@keeps("learnifier-9.c")
def test_a_mail_from_a_known_address_stops_offers_and_nobody_of_the_staff_acts() -> None:
    staff = office()
    customer("Elin", "marketing.own")
    customer("Oskar", "marketing.own")
    started(staff, "news", offer="It waits")

    hand_over(letter("Elin <ELIN@example.org>", "Hej", "Tack."), "unsubscribe@red.learnifier.com")

    assert [one.to[0] for one in delivered()] == ["oskar@example.org"]
    assert sent(staff, "news", offer="Next") == ["oskar@example.org"]
    answer_ = Mail.objects.get(address="elin@example.org").text
    assert "Vi skickar inga fler erbjudanden till den här adressen" in answer_
    assert not Refusal.objects.waiting().exists()
    # who is not known is a task, and gets nothing from this second on
    stranger = letter("stranger@example.org", "Stop", "You write to me as Oskar.")
    hand_over(stranger, "unsubscribe@red.learnifier.com")
    customer("Stranger", "marketing.own")
    assert sent(staff, "news", offer="Next") == ["oskar@example.org"]
    tasks.apply_refusals()
    assert "You write to me as Oskar." in staff.get(reverse("campaigns:refusals")).content.decode()
    assert "1 refusal waits to be read" in staff.get("/").content.decode()


@keeps("learnifier-9.d")
def test_messages_about_the_account_arrive_whatever_was_refused() -> None:
    staff = office()
    elin = customer("Elin", "marketing.own")
    client, settings = own_page(elin.person)
    for what in ("marketing", "direct", "polls"):
        client.post(reverse("campaigns:refuse"), {"what": what})
    set_switches(client, settings)
    assert sent(staff, "news", offer="x") == []

    browser().post(reverse("account_reset_password"), {"email": elin.email})
    assert Mail.objects.filter(address=elin.email).exists()
    billing.invoice(elin.person)
    invoice = Invoice.objects.get()
    assert client.get(reverse("billing:invoice", args=[invoice.pk])).status_code == 200
    assert elin.email in sent(staff, "service", text="Your invoice is there.")
    refused = written(staff, "service", offer="Ten per cent off")
    assert (refused.status_code, b"may not advertise" in refused.content) == (422, True)
    page = client.get(settings).content.decode()
    assert re.search(r"Messages about the account.*\(always on\)", page)


@keeps("learnifier-4.b", "learnifier-4.c")
def test_consent_to_events_brings_events_and_every_form_and_mail_leads_to_the_choice() -> None:
    staff = office()
    subscribe("events", email="elin@example.org")
    partner = make.partner()
    for kind in ("news", "interest", "affiliates", "partners"):
        more = {"partner": partner.pk} if kind in ("affiliates", "partners") else {}
        assert sent(staff, kind, offer="x", **more) == [], kind
    started(staff, "events", offer="x")
    (letter,) = delivered()
    assert letter.to == ["elin@example.org"]
    assert browser().get(choice_link(html(letter).replace('"', " "))).status_code == 200
    form = browser().get(reverse("campaigns:subscribe")).content.decode()
    assert reverse("campaigns:settings") in form


@keeps("learnifier-4.d")
def test_billing_serves_billing_and_no_segment() -> None:
    staff = office()
    elin = customer("Elin", "marketing.own")
    invoice = billing.invoice(elin.person)
    for field in ("billing.invoice.number", "billing.payment.amount_cents"):
        condition = {"field_1": field, "op_1": "times", "value_1": "1"}
        answer_ = written(staff, "news", offer="x", **condition)
        assert answer_.status_code == 422
        assert "may not be chosen" in answer_.content.decode()
    refused = Entry.objects.filter(kind="campaigns.segment.refused")
    assert {one.detail["category"] for one in refused} == {"accounting"}
    assert not Campaign.objects.exists()
    offered = written(staff, "news", subject="").content.decode()
    assert "campaigns.delivery.channel" in offered
    assert not re.search(r"billing\.(invoice|payment|contract)", offered)
    page = browser(elin).get(reverse("billing:invoice", args=[invoice.pk]))
    assert page.status_code == 200


def letter_to(staff: Client, account: Account) -> tuple[Delivery, str]:
    started(staff, "news", offer="x", link="https://learnifier.example/spring/?from=mail")
    (letter,) = delivered()
    return Delivery.objects.latest("queued_at"), html(letter)


@keeps("learnifier-5.i", "learnifier-5.j")
def test_opening_and_clicking_are_counted_for_who_agreed_and_for_nobody_else() -> None:
    staff = office()
    elin = customer("Elin", "marketing.own")
    delivery, page = letter_to(staff, elin)
    assert 'href="https://learnifier.example/spring/?from=mail"' in page, "links are plain"
    assert "<img" not in page
    client, settings = own_page(elin.person)
    assert "Whether I open offers" in client.get(settings).content.decode()

    set_switches(client, settings, "news/email", measure="yes")

    assert b'id="measure" name="measure" value="yes" checked' in client.get(settings).content
    delivery, page = letter_to(staff, elin)
    beacon = re.search(r'<img src="([^"]+)"', page)
    link = re.search(r'href="([^"]+/offers/go/[^"]+)"', page)
    assert beacon
    assert link
    assert browser().get(path_of(beacon[1]))["Content-Type"] == "image/gif"
    answered_ = browser().get(path_of(link[1]))
    assert answered_["Location"] == "https://learnifier.example/spring/?from=mail"
    assert set(Reaction.objects.values_list("delivery", "kind")) == {
        (delivery.pk, "opened"),
        (delivery.pk, "clicked"),
    }
    copied = text_of(copy_of(elin.person))
    assert "clicked" in copied or "link used" in copied

    set_switches(client, settings, "news/email")

    assert not Reaction.objects.exists(), "what was counted is erased"
    assert browser().get(path_of(link[1])).status_code == 302, "old links lead on"
    assert not Reaction.objects.exists()
    assert "<img" not in letter_to(staff, elin)[1], "the mails go on"


def test_choosing_leaves_other_purposes_alone() -> None:
    elin = customer("Elin", "marketing.own", "marketing.partners")
    client, settings = own_page(elin.person)
    set_switches(client, settings, "news/email", "partners/email", "events/email")
    words = set(Refusal.objects.values_list("what", flat=True))
    assert words == {"interest/email", "affiliates/email"}


@keeps("learnifier-5.k")
def test_what_beacons_tell_serves_the_sites_and_the_mails_and_goes_after_its_term() -> None:
    staff = office()
    for number in range(5):
        customer(f"Elin{number}", "marketing.own", "marketing.measure")
    started(staff, "news", offer="x", link="https://learnifier.example/spring/")
    for one in delivered():
        link = re.search(r'href="([^"]+/offers/go/[^"]+)"', html(one))
        assert link
        assert browser().get(path_of(link[1])).status_code == 302
    assert Reaction.objects.count() == 5
    serves = {"marketing.measure", "analytics"}
    others = [one.id for one in in_force(AT).policy.purpose if one.id not in serves]
    assert len(others) > 15
    for purpose in others:
        assert ask(staff, purpose, "campaigns.reaction", by="kind") == 403, purpose
    assert refusals() == [(one, "campaigns.reaction", "locked") for one in others]
    condition = {"field_1": "campaigns.reaction.kind", "op_1": "is", "value_1": "clicked"}
    assert written(staff, "news", offer="x", **condition).status_code == 422, "no segment either"

    assert ask(staff, "marketing.measure", "campaigns.reaction", by="kind") == 302
    assert sheet(staff, latest())[1:] == [["link used", "5"], ["all", "5"]]
    assert ask(staff, "analytics", "campaigns.reaction", by="kind") == 302
    assert sheet(staff, latest())[1:] == [], "they agreed to the other one only"

    with clock.standing_at(AT + timedelta(days=91)):
        sweep(now=clock.now())
        assert not Reaction.objects.exists()
        assert Delivery.objects.count() == 5, "that they were written to is kept longer"
