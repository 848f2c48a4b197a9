"""The pages of campaigns: every one opens, counts its queries, and says what is wrong."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests.make import account, role
from skola.services.campaigns import refusing
from skola.services.campaigns.links import choices_at, token_of
from skola.services.campaigns.models import Campaign, Delivery, Partner, Refusal, Suppression
from skola.services.campaigns.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "stand")]

AT_MOST = 8
Enter = Callable[..., Person]


@pytest.fixture
def stand(now: datetime) -> Iterator[None]:
    """Pages are asked for on the day of the test."""
    cache.clear()
    with clock.standing_at(now):
        yield


@pytest.fixture
def enter(sign_in: Callable[[Account], Account]) -> Enter:
    """Sign somebody in who holds these roles, and return the person."""

    def enter_as(*kinds: str) -> Person:
        entered = sign_in(account()).person
        for kind in kinds:
            role(entered, kind)
        return entered

    return enter_as


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200, address
    return len(asked)


def written(**changed: Any) -> dict[str, Any]:
    """A campaign as the form sends it."""
    values = {"channel": "email", "subject": "Spring", "text": "Courses, {name}!", "offer": "-20 %"}
    return values | changed


def test_an_administrator_writes_a_campaign_sees_who_gets_it_and_sends_it(
    client: Client, enter: Enter
) -> None:
    enter("administrator")
    make.person("Anna", agreed="marketing.own")
    make.person("Juris")

    page = client.post(reverse("campaigns:new", args=["offers"]), written())["Location"]

    shown = client.get(page).content.decode()
    assert "no consent for this channel: 2" in shown
    assert "Juris" in shown
    campaign = Campaign.objects.get()
    assert client.post(reverse("campaigns:starts", args=[campaign.pk])).status_code == 302
    assert client.post(reverse("campaigns:starts", args=[campaign.pk])).status_code == 302
    assert [one.person.given_name for one in Delivery.objects.all()] == ["Anna"]
    assert "no consent for this channel" in client.get(page).content.decode()
    (mail,) = make.run_queue()
    assert (mail.to, mail.subject) == (["anna@example.org"], "Spring")
    assert "Courses, Anna!" in str(mail.body)
    assert "sent" in client.get(page).content.decode()
    assert client.get(reverse("campaigns:change", args=[campaign.pk])).status_code == 404


def test_lists_ask_as_often_for_many_as_for_one(client: Client, enter: Enter) -> None:
    enter("administrator")
    addresses = [reverse(f"campaigns:{name}") for name in ("office", "partners", "refusals")]
    counts = []
    for number in range(1, 4):
        one = make.campaign("offers")
        make.partner()
        who = make.person(f"Anna{number}", agreed="marketing.own")
        refusing.refuse(who, "marketing", way="phone", by="office", now=make.A_DAY)
        addresses[3:] = [reverse("campaigns:campaign", args=[one.pk])]
        counts.append([queries_of(client, address) for address in addresses])
    assert counts[1] == counts[2]
    assert max(counts[2][:3]) <= AT_MOST
    made = Campaign.objects.latest("created_at")
    make.start(made)
    assert queries_of(client, reverse("campaigns:campaign", args=[made.pk])) <= AT_MOST + 4


def test_the_office_is_not_there_for_others(client: Client, enter: Enter) -> None:
    paths = [reverse(f"campaigns:{name}") for name in ("office", "partners", "refusals")]
    assert [client.get(path).status_code for path in paths] == [302, 302, 302]
    enter("learner")
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


def test_support_enters_refusals_and_sends_nothing(client: Client, enter: Enter) -> None:
    enter("support")
    anna = make.person("Anna", agreed="marketing.own")
    told = {"address": "ANNA@example.org", "what": "marketing", "way": "phone"}

    assert client.post(reverse("campaigns:refusals"), told).status_code == 302

    one = Refusal.objects.get()
    assert (one.person, one.what, one.way) == (anna, "marketing", "phone")
    assert one.applied_at is not None
    assert client.get(reverse("campaigns:office")).status_code == 404
    assert "by phone" in client.get(reverse("campaigns:refusals")).content.decode()
    told |= {"address": "nobody@example.org", "told_at": "2099-01-01T10:00"}
    assert client.post(reverse("campaigns:refusals"), told).status_code == 422
    assert client.post(reverse("campaigns:refusals"), {**told, "told_at": ""}).status_code == 302
    assert Refusal.objects.count() == 1
    assert Suppression.objects.count() == 2


def test_a_refusal_by_phone_reaches_all_who_have_the_number(client: Client, enter: Enter) -> None:
    enter("support")
    for name in ("Anna", "Juris", "Zane"):
        who = make.person(name, agreed="marketing.own")
        Person.objects.filter(pk=who.pk).update(
            phone="+371 29 000-000" if name != "Zane" else "+371 29 000-001"
        )
    told = {"address": "0037129000000", "what": "direct", "way": "phone"}

    assert client.post(reverse("campaigns:refusals"), told).status_code == 302

    assert {one.person.given_name for one in Refusal.objects.all() if one.person} == {
        "Anna",
        "Juris",
    }
    assert make.send("offers", offer="Courses") == ["zane@example.org"]


@pytest.mark.tenant("ekool")
def test_a_partner_is_entered_reviewed_and_taken_back(client: Client, enter: Enter) -> None:
    enter("administrator")
    told = {"name": "Raamat OÜ", "website": "https://raamat.example/"}
    assert client.post(reverse("campaigns:partners"), told).status_code == 302
    partner = Partner.objects.get()
    judging = reverse("campaigns:judgements", args=[partner.pk])
    client.post(judging, {"findings": "Good books.", "approved": "on"})
    partner.refresh_from_db()
    assert partner.approved_at is not None
    client.post(judging, {"findings": "Bad books."})
    partner.refresh_from_db()
    assert partner.approved_at is None
    assert "not approved" in client.get(reverse("campaigns:partners")).content.decode()


def test_subscribing_answers_alike_and_keeps_nothing_before_it_is_confirmed(client: Client) -> None:
    page = reverse("campaigns:subscribe")
    assert client.get(page).status_code == 200
    assert client.post(page, {"email": "x@example.org"}).status_code == 422
    make.person("Anna", agreed="marketing.own")
    answers = {
        client.post(page, {"email": email, "kinds": ["offers"]})["Location"]
        for email in ("anna@example.org", "new@example.org")
    }
    assert answers == {reverse("campaigns:sent")}
    assert client.get(reverse("campaigns:sent")).status_code == 200
    assert Person.objects.count() == 1
    assert Mail.objects.count() == 2
    stale = client.get(reverse("campaigns:confirm", args=["x" * 40]))
    assert stale.status_code == 410


def test_eleven_subscriptions_an_hour_are_too_many(client: Client) -> None:
    page, told = reverse("campaigns:subscribe"), {"email": "x@example.org", "kinds": ["offers"]}
    codes = [client.post(page, told).status_code for _ in range(11)]
    assert codes == [302] * 10 + [422]


def test_links_of_strangers_lead_nowhere(client: Client) -> None:
    for name in ("choices", "go", "seen"):
        assert client.get(reverse(f"campaigns:{name}", args=["wrong"])).status_code == 404
    for name in ("stop", "refuse-by-link"):
        assert client.post(reverse(f"campaigns:{name}", args=["wrong"])).status_code == 404
    gone = token_of(uuid4(), "gone@example.org", "offers")
    assert client.get(choices_at(gone)).status_code == 200


def test_a_word_that_refuses_nothing_is_not_there(client: Client, enter: Enter) -> None:
    enter()
    assert client.post(reverse("campaigns:refuse"), {"what": "invoices"}).status_code == 404


@pytest.mark.tenant("ema")
def test_where_the_policy_has_no_offers_the_room_is_not_there(client: Client, enter: Enter) -> None:
    enter("administrator")
    for name in ("office", "settings", "subscribe"):
        assert client.get(reverse(f"campaigns:{name}")).status_code == 404
    assert "Campaigns" not in client.get("/").content.decode()
