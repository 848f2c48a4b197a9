"""KIC: what is obtained at an event or by a campaign says so, with its name and its day."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.consents.models import Consent
from skola.promises.origins.models import Origin
from skola.services.campaigns.models import Subscriber
from skola.services.campaigns.tests import make as campaigns
from skola.services.events.models import Event
from skola.services.events.tests import make as events
from tests.promises.asking import text
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, working
from tests.promises.test_access import copy_of

pytestmark = [pytest.mark.usefixtures("standing"), pytest.mark.tenant("kic")]
ADDRESS = "anna@example.org"
OWN_NOTICE = "they come from this event"
GUEST = {"given_name": "Anna", "family_name": "Liepa", "email": ADDRESS}


def open_day(tenant: Tenant) -> Event:
    """The office plans an open day on 14 April 2026, and lets everybody see it."""
    office = working(tenant, "coordinator")
    told = {
        "title": "Open day",
        "about": "Look at the rooms.",
        "place": "Riga",
        "starts_at": "2026-04-14T18:00",
        "ends_at": "2026-04-14T20:00",
    }
    assert office.post(reverse("events:new"), told).status_code == 302
    made = Event.objects.get()
    assert office.post(reverse("events:publications", args=[made.pk])).status_code == 302
    return made


def origins_in_copy(person: Person) -> list[tuple[str, str, str]]:
    """From where the data are, as the copy of them says: way, name, day."""
    lines = copy_of(person)["data/contact.jsonl"].decode().splitlines()
    rows = [json.loads(line) for line in lines]
    found = [one.get("values", one) for one in rows if "about" in one.get("values", one)]
    return [(one["kind"], one["name"], one["on"]) for one in found]


def confirm_by_mail(who: Client) -> None:
    """Use the link that was mailed to the guest."""
    sent = Mail.objects.filter(address=ADDRESS, text__contains="/offers/confirm/")
    (link,) = re.findall(r"https?://[^/]+(/offers/confirm/\S+)", sent.latest("pk").text)
    assert who.post(link).status_code == 302


@keeps("kic-source-campaigns")
def test_who_registers_at_an_event_has_it_as_source_on_the_record_and_in_the_copy(
    tenant: Tenant,
) -> None:
    event = open_day(tenant)
    guest, address = browser(tenant), reverse("events:one", args=[event.pk])
    assert OWN_NOTICE in text(guest, address), "the form has a notice of its own"
    assert OWN_NOTICE not in text(guest, reverse("desk:contact"))
    assert "Open day" in text(guest, reverse("events:listed"))

    assert guest.post(address, GUEST).status_code == 302

    person = Person.objects.get(email=ADDRESS)
    page = text(working(tenant), f"/people/{person.pk}/")
    table = page[page.index('id="origins"') :]
    assert re.findall(r"<td[^>]*>\s*([^<]+?)\s*</td>", table)[:3] == [
        "event",
        "Open day, 14 April 2026",
        "2 March 2026",
    ]
    assert origins_in_copy(person) == [("event", "Open day", "2026-04-14")]


@keeps("kic-source-campaigns")
def test_who_answers_a_campaign_has_it_as_source_once_the_address_is_confirmed(
    tenant: Tenant,
) -> None:
    campaign = campaigns.campaign("courses", subject="Spring of courses", at=AT)
    office = working(tenant, "coordinator")
    here = reverse("campaigns:campaign", args=[campaign.pk])
    campaigns.start(campaign, at=AT)
    (address,) = re.findall(r"<code>https?://[^/]+(\S+)</code>", text(office, here))
    who = browser(tenant)
    kind = re.search(r'name="kinds" value="(\w+)"', text(who, address))
    assert kind

    assert who.post(address, {"email": ADDRESS, "kinds": kind[1]}).status_code == 302
    assert not Origin.objects.exists()
    confirm_by_mail(who)

    kept = Subscriber.objects.get(email=ADDRESS)
    assert origins_in_copy(kept.person) == [("campaign", "Spring of courses", "2026-03-02")]


def test_no_other_word_in_the_address_is_taken_for_a_campaign(tenant: Tenant) -> None:
    draft = campaigns.campaign("courses", at=AT)
    who = browser(tenant)
    for word in (str(draft.pk), "spring"):
        address = f"{reverse('campaigns:subscribe')}?campaign={word}"
        assert who.post(address, {"email": ADDRESS, "kinds": "courses"}).status_code == 302
        confirm_by_mail(who)
    assert not Origin.objects.exists()


def test_news_takes_a_tick_and_the_mailed_link_beside_the_registration(tenant: Tenant) -> None:
    event = events.event()
    guest, address = browser(tenant), reverse("events:one", args=[event.pk])
    assert 'name="news"' in text(guest, address)
    assert guest.post(address, {**GUEST, "news": "courses"}).status_code == 302
    assert not Consent.objects.exists()

    assert Mail.objects.filter(address=ADDRESS).count() == 2
    confirm_by_mail(guest)

    given = Consent.objects.get()
    assert (given.purpose, given.channel) == ("marketing.own", "event-form")


def test_who_has_an_account_registers_with_it_and_finds_it_on_the_first_page(
    tenant: Tenant,
) -> None:
    me, event = customer(), events.event()
    who = browser(tenant)
    assert log_in(who, me.email)
    address = reverse("events:one", args=[event.pk])
    assert 'name="email"' not in text(who, address)
    assert who.post(address).status_code == 302

    assert event.registrations.get().person == me.person
    assert "You are registered for this event." in text(who, address)
    assert "Open day" in text(who, "/")
    with clock.standing_at(AT + timedelta(days=21)):
        assert "Open day" not in text(who, "/")


@pytest.mark.tenant("ema")
def test_without_the_purpose_there_are_no_events(tenant: Tenant) -> None:
    assert browser(tenant).get("/events/").status_code == 404
