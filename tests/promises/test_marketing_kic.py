"""KIC: offers to clients and leads, three refusals by phone, notices that always arrive."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.promises.retention.api import record_state
from skola.services.billing.contracting import accept_contract
from skola.services.billing.tests import make as billing
from skola.services.campaigns.models import Refusal
from skola.services.campaigns.tests import make
from skola.services.desk.actions import answer, mail_answer
from skola.services.desk.tests import make as desk
from tests.promises.keeping import keeps
from tests.promises.marketing import (
    browser,
    delivered,
    office,
    own_page,
    sent,
    set_switches,
    started,
)

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("kic")]

AT = make.A_DAY
A_DAY = timedelta(days=1)


@pytest.fixture
def stand() -> Iterator[None]:
    """Pages are asked for on the day of the test."""
    cache.clear()
    with clock.standing_at(AT):
        yield


def client_of(name: str, *titles: str, agreed: str = "", scope: str = "email") -> Person:
    """A client who took these courses, and agreed to something where it is named."""
    account = people.account(email=f"{name.lower()}@example.org")
    Person.objects.filter(pk=account.person_id).update(
        given_name=name, family_name="Ozola", phone=f"+371 2000000{len(name)}"
    )
    account.person.refresh_from_db()
    for title in titles:
        accept_contract(
            billing.offer(account.person, title=title, at=AT - A_DAY), by="client", now=AT - A_DAY
        )
        record_state(account.person_id, "client.active", is_open=True, at=AT - A_DAY)
    if agreed:
        make.agree(account.person, agreed, scope=scope, at=AT - A_DAY)
    return account.person


@keeps("kic-marketing-consent")
def test_without_consent_only_clients_hear_of_similar_courses_with_the_way_out() -> None:
    staff = office()
    client_of("Anna", "Bookkeeping")
    client_of("Juris", "Personnel")
    client_of("Lead")
    client_of("Zane", agreed="marketing.own")
    started(staff, "courses", offer="Taxes", similar_to="Bookkeeping; Accounts")

    letters = delivered()

    assert [one.to[0] for one in letters] == ["anna@example.org", "zane@example.org"]
    footer = str(letters[0].body).rpartition("\n-- \n")[2]
    assert "because you are a client" in footer
    assert "To get no more: https://kic.localhost/offers/choices/" in footer
    assert "+371 67240562" in footer
    assert "because you agreed" in str(letters[1].body)
    assert sent(staff, "courses", offer="Anything") == ["zane@example.org"]
    assert sent(staff, "polls", text="Your opinion?") == [], "research needs a consent of its own"


@keeps("kic-rights-marketing")
@pytest.mark.parametrize("way", ["phone", "email"])
def test_three_refusals_are_taken_by_phone_or_mail_and_stop_each_its_own(way: str) -> None:
    staff, support = office(), people.account()
    people.role(support.person, "support")
    for name in ("Anna", "Juris", "Zane"):
        who = client_of(name, "Bookkeeping", agreed="marketing.research")
        make.agree(who, "marketing.own", at=AT - A_DAY)

    def enter(address: str, what: str) -> None:
        told = {"address": address, "what": what, "way": way, "told_at": "2026-03-01T10:00"}
        assert browser(support).post(reverse("campaigns:refusals"), told).status_code == 302

    everybody = [f"{name}@example.org" for name in ("anna", "juris", "zane")]
    assert sent(staff, "polls", text="Your opinion?") == everybody
    enter("anna@example.org", "polls")
    enter("juris@example.org", "marketing")
    enter("zane@example.org", "direct")

    assert sent(staff, "polls", text="Your opinion?") == everybody[1:]
    assert sent(staff, "courses", offer="Taxes", similar_to="Bookkeeping") == everybody[:1]
    assert set(everybody) <= set(sent(staff, "notices", text="Another room."))
    flags = {one.what: one for one in Refusal.objects.all()}
    assert set(flags) == {"polls", "marketing", "direct"}
    assert {one.way for one in flags.values()} == {way}
    assert {f"{one.told_at:%d.%m. %H}" for one in flags.values()} == {"01.03. 08"}, "in Riga"


def test_the_person_sets_the_same_three_in_the_account_and_takes_them_back() -> None:
    staff = office()
    anna = client_of("Anna", "Bookkeeping", agreed="marketing.research")
    client, settings = own_page(anna)
    for what in ("marketing", "direct", "polls"):
        assert client.post(reverse("campaigns:refuse"), {"what": what}).status_code == 302
    assert sent(staff, "polls", text="Your opinion?") == []
    again = {"what": "marketing", "again": "yes"}
    client.post(reverse("campaigns:refuse"), again)
    client.post(reverse("campaigns:refuse"), {**again, "what": "direct"})
    assert sent(staff, "courses", offer="Taxes", similar_to="Bookkeeping") == ["anna@example.org"]
    assert "surveys and opinion polls" in client.get(settings).content.decode()


@keeps("kic-communication")
def test_who_wants_no_materials_still_hears_of_a_changed_schedule() -> None:
    staff = office()
    anna = client_of("Anna", "Bookkeeping")
    client_of("Juris", "Bookkeeping")
    both = ["anna@example.org", "juris@example.org"]
    assert sent(staff, "materials", text="A guide to the annual report.")[:2] == both
    client, settings = own_page(anna)
    page = client.get(settings).content.decode()
    assert "Notices connected with the services" in page
    assert "(always on)" in page

    set_switches(client, settings, "courses/email")

    assert "anna@example.org" not in sent(staff, "materials", text="Another guide.")
    campaign = started(staff, "notices", subject="Tuesday is moved", text="We meet on Thursday.")
    assert [one.to[0] for one in delivered()][:2] == both
    told = staff.get(reverse("campaigns:campaign", args=[campaign.pk])).content.decode()
    assert "Anna Ozola" in told
    assert "sent" in told


@keeps("kic-purpose-sales")
def test_sales_calls_reach_only_who_agreed_and_an_objection_leaves_answers_alone() -> None:
    staff, support = office(), people.account()
    people.role(support.person, "support")
    anna = client_of("Anna", agreed="marketing.own", scope="phone")
    juris = client_of("Juris", agreed="marketing.own", scope="phone")
    client_of("Nobody", "Bookkeeping")
    told = {"address": juris.email, "what": "marketing", "way": "phone"}
    browser(support).post(reverse("campaigns:refusals"), told)

    campaign = started(staff, "courses", channel="phone", offer="Taxes", similar_to="Bookkeeping")

    taking = reverse("campaigns:list", args=[campaign.pk])
    listed = browser(support).post(taking).content.decode()
    assert "Anna Ozola" in listed
    assert "Juris" not in listed
    assert "Nobody" not in listed
    (call,) = campaign.deliveries.all()
    entering = reverse("campaigns:results", args=[call.pk])
    for result, state in (("again", "waiting"), ("interested", "sent")):
        assert browser(support).post(entering, {"result": result}).status_code == 302
        call.refresh_from_db()
        assert (call.person, call.result, call.state) == (anna, result, state)
    asked = desk.enquiry(person=juris, email=juris.email, at=AT)
    mail.outbox.clear()
    said = answer(asked, body="On Monday.", author=support.person, by="support", now=AT)
    mail_answer(said, now=AT)
    assert [one.to for one in mail.outbox] == [[juris.email]]
