"""A child's lessons in a calendar program: little, under a secret address that can end."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar, Component

from skola.ground import clock
from skola.ground.people.api import end_guardianship
from skola.ground.people.models import Account, Guardianship, Person
from skola.promises.gate.api import restrict
from skola.services.diary import actions, calendar
from skola.services.diary.models import CalendarLink
from skola.services.diary.tests import make
from skola.services.school import actions as school
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
Enter = Callable[[Person], Client]
TALLINN = ZoneInfo("Europe/Tallinn")
TODAY = make.TODAY


def address_for(client: Client, child: Person) -> str:
    """The address that is made and shown once."""
    answer = client.post(reverse("diary:calendar", args=[child.pk]))
    assert answer.status_code == 200
    page = answer.content.decode()
    return page.partition('<code class="address">http://')[2].partition("<")[0].partition("/")[2]


def texts(event: Component) -> tuple[str, str]:
    """Place and state of an event; empty where it has none."""
    return str(event.get("location", "")), str(event.get("status", ""))


def fetched(client: Client, address: str) -> bytes | None:
    """What a calendar program gets, which is signed in nowhere."""
    answer = client.get(f"/{address}")
    assert answer.status_code in (200, 404)
    return answer.content if answer.status_code == 200 else None


def test_a_calendar_has_lessons_and_homework_and_tells_no_name(
    client_of: Enter, client: Client
) -> None:
    world = make.world()
    make.lesson(world, TODAY - timedelta(days=7), homework="Page 12\nand the whole page after it")
    make.mark(world, world.pupil, "2")
    school.change_lesson(
        world.slot,
        on=TODAY + timedelta(days=7),
        is_cancelled=True,
        room="",
        teacher=None,
        by="school",
        now=A_DAY,
    )
    child = world.pupil.person
    address = address_for(client_of(schools.guardian(child)), child)

    answer = client.get(f"/{address}")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    told = [(str(one["summary"]), one.decoded("dtstart"), *texts(one)) for one in events]
    first = datetime(2026, 3, 2, 8, 55, tzinfo=TALLINN)
    assert told == [
        ("Matemaatika", first, "12", "CONFIRMED"),
        ("Matemaatika", first + timedelta(days=7), "12", "CANCELLED"),
        ("Matemaatika: Page 12", date(2026, 3, 2), "", ""),
    ]
    text = answer.content.decode()
    names = {child.given_name, child.family_name, world.teacher.given_name, world.school.name}
    assert not {name for name in names if name in text}
    assert {key for one in events for key in one} <= {
        "UID", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND", "LOCATION", "STATUS", "TRANSP",
    }  # fmt: skip


def test_an_address_is_secret_and_shown_once(client_of: Enter, client: Client) -> None:
    world = make.world()
    child = world.pupil.person
    parent = client_of(schools.guardian(child))
    page = reverse("diary:calendar", args=[child.pk])

    address = address_for(parent, child)

    assert address not in parent.get(page).content.decode()
    secret = address.rpartition("/")[2].removesuffix(".ics")
    link = CalendarLink.objects.get()
    assert secret not in str(vars(link))
    assert fetched(client, address) is not None
    assert fetched(client, address.replace(secret, link.secret)) is None
    assert fetched(client, address.replace(secret, "x" * 43)) is None


def test_an_address_is_taken_back_by_its_maker_or_by_another_one(
    client_of: Enter, client: Client
) -> None:
    world = make.world()
    child = world.pupil.person
    mother, father = (client_of(schools.guardian(child)) for _ in range(2))
    first, others = address_for(mother, child), address_for(father, child)

    second = address_for(mother, child)
    assert [fetched(client, one) is None for one in (first, second, others)] == [True, False, False]
    link = CalendarLink.objects.working().order_by("created_at").last()
    assert link is not None
    revoking = reverse("diary:revocations", args=[link.pk])
    assert father.post(revoking).status_code == 404
    assert mother.post(revoking).status_code == 302
    assert [fetched(client, one) is None for one in (second, others)] == [True, False]


def test_an_address_ends_with_the_guardians_power(client_of: Enter, client: Client) -> None:
    world = make.world()
    child = world.pupil.person
    child.birth_on = date(2008, 3, 10)
    child.save()
    parent = schools.guardian(child)
    address = address_for(client_of(parent), child)
    birthday = datetime(2026, 3, 10, tzinfo=TALLINN)

    with clock.standing_at(birthday - timedelta(minutes=1)):
        assert fetched(client, address) is not None
    with clock.standing_at(birthday):
        assert fetched(client, address) is None
    Account.objects.filter(person=parent).update(is_active=False)
    assert fetched(client, address) is None
    Account.objects.filter(person=parent).update(is_active=True)
    assert fetched(client, address) is not None
    link = Guardianship.objects.get()
    Guardianship.objects.update(powers=["consent"])
    assert fetched(client, address) is None
    Guardianship.objects.update(powers=["see"])
    end_guardianship(link, by="school", now=A_DAY)
    assert fetched(client, address) is None


def test_an_address_tells_nothing_while_processing_is_restricted(
    client_of: Enter, client: Client
) -> None:
    world = make.world()
    child = world.pupil.person
    address = address_for(client_of(child), child)
    assert fetched(client, address) is not None

    restrict(child.pk, reason="a case", ground="claim", by="staff", now=A_DAY)

    assert fetched(client, address) is None


def test_what_the_policy_does_not_hold_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make.world()
    make.lesson(world, TODAY - timedelta(days=7), homework="Page 12")
    assert {"timetable", "homework"} <= calendar.held(A_DAY)

    found = {}
    for what in ("timetable", "homework"):
        monkeypatch.setattr(calendar, "held", lambda _now, what=what: frozenset({what}))
        body = calendar.calendar_of(world.pupil, "h", A_DAY)
        found[what] = [str(one["summary"]) for one in Calendar.from_ical(body).walk("VEVENT")]
    assert found == {
        "timetable": ["Matemaatika", "Matemaatika"],
        "homework": ["Matemaatika: Page 12"],
    }


def test_only_who_sees_the_diary_makes_an_address(client_of: Enter) -> None:
    world = make.world()
    child = world.pupil.person
    nobody = client_of(schools.guardian(child, powers=("consent",)))

    for person in (nobody, client_of(world.teacher), client_of(world.pupils[1].person)):
        assert person.post(reverse("diary:calendar", args=[child.pk])).status_code == 404
    assert not CalendarLink.objects.exists()
    actions.open_calendar(child, child.pk, by="pupil", now=A_DAY)
    assert CalendarLink.objects.count() == 1
