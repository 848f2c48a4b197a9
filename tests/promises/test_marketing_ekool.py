"""eKool: offers to adults by their own switch, partners without data, nothing about studies."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Account, Guardianship, Person
from skola.ground.people.tests import make as people
from skola.services.campaigns.models import Campaign, Reaction
from skola.services.campaigns.tests import make
from tests.promises.keeping import keeps
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
    written,
)
from tests.promises.test_access import copy_of, text_of

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]

AT = make.A_DAY
A_DAY = timedelta(days=1)


@pytest.fixture
def stand() -> Iterator[None]:
    """Pages are asked for on the day of the test."""
    cache.clear()
    with clock.standing_at(AT):
        yield


def parent(name: str, *agreed: str, address: str = "") -> Account:
    """A parent of a pupil, who agreed to these purposes."""
    account = people.account(email=f"{name.lower()}@example.org")
    Person.objects.filter(pk=account.person_id).update(given_name=name, address=address)
    account.person.refresh_from_db()
    child = people.person(given_name=f"Child of {name}", email=f"child.{name.lower()}@example.org")
    Guardianship.objects.create(
        child=child,
        guardian=account.person,
        powers=["see"],
        proof="school",
        verified_at=AT - A_DAY,
        starts_at=AT - A_DAY,
    )
    for purpose in agreed:
        make.agree(account.person, purpose, at=AT - A_DAY)
        make.agree(child, purpose, at=AT - A_DAY)
    return account


@keeps("ekool-6.1.2")
def test_own_offers_go_to_adults_who_switched_them_on_and_never_to_pupils() -> None:
    staff = office()
    parent("Andres", "marketing.own")
    parent("Kadri")
    teacher = people.account(email="teacher@example.org")
    people.role(teacher.person, "teacher")
    make.agree(teacher.person, "marketing.own", at=AT - A_DAY)
    page = written(staff, "offers", offer="Lessons")["Location"]
    shown = staff.get(page).content.decode()
    assert re.search(r"the policy keeps offers away from them: 2", shown)

    started(staff, "offers", offer="Lessons")
    letters = delivered()

    assert [one.to[0] for one in letters] == ["andres@example.org", "teacher@example.org"]
    assert "because you agreed to it" in str(letters[0].body)
    assert "To get no more" in str(letters[0].body)
    child = Person.objects.get(email="child.andres@example.org")
    account = Account.objects.create(person=child, email=child.email, created_at=AT)
    assert (
        "offers/email" not in browser(account).get(reverse("campaigns:settings")).content.decode()
    )


@keeps("ekool-6.1.3", "ekool-6.2")
def test_partners_are_approved_and_named_and_get_totals_only() -> None:
    staff = office()
    parent("Andres", "marketing.partners", "messages.tracking")
    parent("Kadri", "marketing.own")
    partner = make.partner(approved=False)
    link = "https://books.example/school/?offer=7"
    draft = written(staff, "partners", offer="Books", partner=partner.pk, link=link)
    campaign = Campaign.objects.latest("created_at")
    begun = staff.post(reverse("campaigns:starts", args=[campaign.pk]))
    assert (begun.status_code, b"has not been approved" in begun.content) == (409, True)
    assert delivered() == []
    judging = reverse("campaigns:judgements", args=[partner.pk])
    staff.post(judging, {"findings": "Known.", "approved": "on"})

    assert staff.post(reverse("campaigns:starts", args=[campaign.pk])).status_code == 302
    (letter,) = delivered()

    assert letter.to == ["andres@example.org"]
    for body in (str(letter.body), html(letter)):
        assert "Advertisement of SIA Grāmata, sent by eKool" in body
        hosts = set(re.findall(r"https://([^/\s\"<>]+)", body))
        assert hosts == {"ekool.localhost"}, "no picture and no address of the partner's"
    go = re.search(r'href="([^"]+/offers/go/[^"]+)"', html(letter))
    assert go
    led = browser().get(path_of(go[1]))
    assert (led["Location"], led["Referrer-Policy"]) == (link, "no-referrer")
    report = staff.get(reverse("campaigns:report", args=[campaign.pk])).content.decode()
    assert re.search(r"<dt>Sent</dt><dd>1</dd>", report)
    assert re.search(r"<dt>Links used[^<]*</dt><dd>1</dd>", report)
    assert "andres" not in report.lower()
    assert draft.status_code == 302


@keeps("ekool-6.3-optout", "ekool-6.3-where")
def test_the_switch_under_privacy_settings_stops_what_waits_on_every_channel() -> None:
    staff = office()
    andres = parent("Andres", "marketing.own")
    started(staff, "offers", channel="account", subject="Lessons in May", offer="New")
    started(staff, "offers", offer="Lessons")
    client, settings = own_page(andres.person)
    account = client.get(reverse("web:account")).content.decode()
    assert settings in account
    page = client.get(settings).content.decode()
    crumbs = page.partition('class="crumbs"')[2].partition("</nav>")[0]
    assert re.findall(r">([^<>]+)</(?:a|span|li)>", crumbs) == ["Settings", "Privacy settings"]
    assert 'value="offers/email" checked' in page
    assert "Lessons in May" in client.get("/").content.decode()

    set_switches(client, settings)

    assert delivered() == []
    assert "Lessons in May" not in client.get("/").content.decode()
    other = parent("Kadri", "marketing.own")
    started(staff, "offers", offer="Lessons")
    (letter,) = delivered()
    assert letter.to == [other.email]
    assert "Settings > Privacy settings" in str(letter.body)
    assert browser().get(choice_link(str(letter.body))).status_code == 200
    home = browser(other).get("/").content.decode()
    assert "You can stop this under Settings &gt; Privacy settings" in home


@keeps("ekool-6.4")
def test_introductions_and_contract_messages_are_the_same_for_all_and_not_refused() -> None:
    staff = office()
    andres = parent("Andres")
    client, settings = own_page(andres.person)
    client.post(reverse("campaigns:refuse"), {"what": "marketing"})
    condition = {"field_1": "people.person.address", "op_1": "contains", "value_1": "Tartu"}

    for kind, changed, words in (
        ("introduction", condition, "goes to all alike"),
        ("contract", condition, "goes to all alike"),
        ("introduction", {"text": "Dear {name}"}, "the same for everybody"),
        ("introduction", {"partner": make.partner().pk}, "A partner appears"),
        ("contract", {"offer": "Half the price"}, "may not advertise"),
    ):
        refused = written(staff, kind, **changed)
        assert (refused.status_code, words in refused.content.decode()) == (422, True), kind

    assert andres.email in sent(staff, "contract", text="The diary is away on Sunday.")
    assert andres.email in sent(staff, "introduction", text="This is the new timetable.")
    page = client.get(settings).content.decode()
    assert page.count("(always on)") == 2


@keeps("ekool-6.5")
def test_reading_is_measured_by_a_switch_of_ones_own_and_never_for_pupils() -> None:
    staff = office()
    andres = parent("Andres", "marketing.own")
    client, settings = own_page(andres.person)
    told = {"offer": "Lessons", "link": "https://ekool.example/lessons/"}
    started(staff, "offers", **told)
    (letter,) = delivered()
    assert "<img" not in html(letter)
    assert 'href="https://ekool.example/lessons/"' in html(letter)

    set_switches(client, settings, "offers/email", measure="yes")
    campaign = started(staff, "offers", **told)
    (letter,) = delivered()
    for found in re.findall(r'(?:src|href)="([^"]+/offers/(?:go|seen)/[^"]+)"', html(letter)):
        browser().get(path_of(found))

    assert Reaction.objects.count() == 2
    report = staff.get(reverse("campaigns:campaign", args=[campaign.pk])).content.decode()
    figures = re.findall(r'figure-number">(\d+)</span>', report)
    assert figures == ["1", "1", "1"]
    copied = text_of(copy_of(andres.person))
    assert "opened" in copied
    teacher = people.account(email="pupil@example.org")
    people.role(teacher.person, "teacher")
    people.role(teacher.person, "learner")
    make.agree(teacher.person, "marketing.own", at=AT - A_DAY)
    make.agree(teacher.person, "messages.tracking", at=AT - A_DAY)
    started(staff, "offers", **told)
    assert [one.to[0] for one in delivered()] == ["andres@example.org"]


@keeps("ekool-3.1.5")
def test_receivers_are_chosen_by_group_or_region_and_never_by_what_they_study() -> None:
    staff = office()
    tartu = parent("Andres", "marketing.own", address="Riia 2, Tartu")
    parent("Kadri", "marketing.own", address="Sadama 1, Tallinn")
    region = {"field_1": "people.person.address", "op_1": "contains", "value_1": "Tartu"}

    assert sent(staff, "offers", offer="Lessons", **region) == ["andres@example.org"]

    assert "people.person.address contains Tartu" in text_of(copy_of(tartu.person))
    seen = browser(tartu).get(reverse("campaigns:settings")).content.decode()
    assert "people.person.address contains Tartu" in seen
    offered = staff.get(reverse("campaigns:new", args=["offers"])).content.decode()
    for field in ("diary.mark.value", "diary.absence.kind", "school.pupil.school_class_id"):
        assert field not in offered
        condition = {"field_1": field, "op_1": "is", "value_1": "5"}
        refused = written(staff, "offers", offer="Lessons", **condition)
        assert (refused.status_code, b"may not be chosen" in refused.content) == (422, True), field
    noted = Entry.objects.filter(kind="campaigns.segment.refused", clause="ekool-4.4")
    assert [one.detail["category"] for one in noted] == ["study"] * 3
    assert Campaign.objects.count() == 1
