"""A teacher's day, from outside: the list, a lesson with exceptions, substitutes."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.diary.models import Absence, Lesson, Look
from skola.services.diary.tests import make
from skola.services.school import actions as school
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
Enter = Callable[[Person], Client]
TODAY = make.TODAY
AT_MOST = 8


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def where(world: make.World, name: str = "lesson", on: date = TODAY) -> str:
    return reverse(f"diary:{name}", args=[world.slot.pk, on])


def test_a_lesson_is_entered_with_exceptions_only(client_of: Enter) -> None:
    world = make.world(pupils=3)
    client = client_of(world.teacher)
    absent, late, _there = world.pupils

    told = {"topic": "Fractions", "homework": "Page 12"}
    assert client.post(where(world), told).status_code == 302
    client.post(where(world, "absences"), {"tap": absent.pk})
    for _ in range(2):
        client.post(where(world, "absences"), {"tap": late.pk})

    lesson = Lesson.objects.get()
    assert (lesson.topic, lesson.homework, lesson.due_on) == (
        "Fractions",
        "Page 12",
        TODAY + timedelta(days=7),
    )
    noted = {(one.pupil_id, one.kind, one.minutes) for one in Absence.objects.all()}
    assert noted == {(absent.pk, "absent", 0), (late.pk, "late", 5)}
    assert "2 of 3" in client.get(where(world)).content.decode()
    client.post(where(world, "absences"), {"tap": late.pk})
    assert [one.pupil_id for one in Absence.objects.all()] == [absent.pk]


def test_a_tap_without_script_keeps_what_was_typed(client_of: Enter) -> None:
    world = make.world()
    client = client_of(world.teacher)

    client.post(where(world), {"topic": "Fractions", "tap": world.pupil.pk})

    assert Lesson.objects.get().topic == "Fractions"
    assert Absence.objects.get().pupil_id == world.pupil.pk


def test_with_script_only_the_pupil_and_the_count_come_back(client_of: Enter) -> None:
    world = make.world()
    client = client_of(world.teacher)

    told = {"tap": world.pupil.pk, "was": "late", f"minutes-{world.pupil.pk}": "7"}
    answer = client.post(where(world, "absences"), told, headers={"hx-request": "true"})

    page = answer.content.decode()
    assert "<html" not in page
    assert f'id="p-{world.pupil.pk}"' in page
    assert "2 of 2" in page
    assert Absence.objects.get().minutes == 7


def test_who_comes_late_is_late_by_the_clock(client_of: Enter) -> None:
    world = make.world()
    with clock.standing_at(A_DAY + timedelta(minutes=7)):  # 9:07, the bell was at 8:55
        client_of(world.teacher).post(
            where(world, "absences"), {"tap": world.pupil.pk, "was": "late"}
        )

    assert Absence.objects.get().minutes == 12


def test_the_last_topic_is_a_ghost_in_the_next_lesson(client_of: Enter) -> None:
    world = make.world()
    make.lesson(world, TODAY - timedelta(days=7), topic="Decimals")

    page = client_of(world.teacher).get(where(world)).content.decode()

    assert 'placeholder="Decimals"' in page


def test_a_gap_is_asked_for_until_it_is_closed(client_of: Enter) -> None:
    world = make.world()
    client = client_of(world.teacher)
    gap = TODAY - timedelta(days=7)
    make.lesson(world, TODAY - timedelta(days=14))
    page = client.get(reverse("diary:teaching")).content.decode()
    assert where(world, on=gap) in page
    assert "Still to be entered" in page

    make.lesson(world, gap)

    page = client.get(reverse("diary:teaching")).content.decode()
    assert "Still to be entered" not in page


@pytest.mark.keeps("ekool-1.4-teacher")
def test_a_group_not_taught_does_not_exist_and_after_employment_nothing_does(
    client_of: Enter,
) -> None:
    world = make.world()
    colleague = people.account().person
    other = schools.group(world.school_class, colleague, subject="Keemia")
    others = schools.slot(other, number=3)
    client = client_of(world.teacher)
    mine = [where(world), reverse("diary:journal", args=[world.group.pk])]
    assert [client.get(address).status_code for address in mine] == [200, 200]
    foreign = reverse("diary:lesson", args=[others.pk, TODAY])
    for address in (foreign, reverse("diary:journal", args=[other.pk])):
        assert client.get(address).status_code == 404
        assert client.post(address, {"topic": "x"}).status_code == 404
    answer = client.post(f"{foreign}absences/", {"tap": world.pupil.pk})
    assert answer.status_code == 404

    school.end_employment(world.school, world.teacher, by="school", now=A_DAY)

    with clock.standing_at(A_DAY + timedelta(seconds=1)):
        for address in (*mine, reverse("diary:teaching")):
            assert client.get(address).status_code == 404
    assert not Lesson.objects.exists()


def test_a_substitute_enters_the_lesson_of_that_day_only(client_of: Enter) -> None:
    world = make.world()
    substitute = people.account().person  # holds no role at the school
    school.change_lesson(
        world.slot,
        on=TODAY,
        is_cancelled=False,
        room="7",
        teacher=substitute,
        by="school",
        now=A_DAY,
    )
    client = client_of(substitute)

    assert client.get(reverse("diary:front"))["Location"] == reverse("diary:teaching")
    page = client.get(reverse("diary:teaching")).content.decode()
    assert "7.B Matemaatika" in page
    assert "<del>12</del> <strong>7</strong>" in page
    journal = reverse("diary:journal", args=[world.group.pk])
    assert (journal in page, client.get(journal).status_code) == (False, 404)
    assert client.post(where(world), {"topic": "Fractions"}).status_code == 302
    assert client.get(where(world)).status_code == 200
    assert client.get(where(world, on=TODAY + timedelta(days=7))).status_code == 404
    page = client_of(world.teacher).get(reverse("diary:teaching")).content.decode()
    assert "stands in" in page
    assert Lesson.objects.get().topic == "Fractions"

    school.end_employment(world.school, substitute, by="school", now=A_DAY)

    for address in (where(world), reverse("diary:teaching")):
        assert client.get(address).status_code == 404


def test_what_is_no_lesson_does_not_exist(client_of: Enter) -> None:
    world = make.world()
    client = client_of(world.teacher)

    assert client.get(where(world, on=TODAY + timedelta(days=1))).status_code == 404
    assert client.get(reverse("diary:lesson", args=[world.slot.pk, "no-day"])).status_code == 404
    for day in ("x", "0001-01-01", "9999-12-31"):
        assert client.get(reverse("diary:teaching") + f"?day={day}").status_code == 404
    late = {f"minutes-{world.pupil.pk}": "²"}
    client.post(where(world, "absences"), {"tap": world.pupil.pk, "was": "late"})
    assert client.post(where(world), late).status_code == 302
    for tapped in ("x", uuid4()):
        assert client.post(where(world, "absences"), {"tap": tapped}).status_code == 404


def test_a_form_teacher_opens_a_mark_of_another_teacher_and_is_seen_to(client_of: Enter) -> None:
    world = make.world()
    leader, stranger = people.account().person, people.account().person
    school.name_form_teacher(world.school_class, leader, by="s", now=A_DAY)
    elsewhere = make.world(name="Kase Kool")
    school.name_form_teacher(elsewhere.school_class, stranger, by="s", now=A_DAY)
    given = make.mark(world, world.pupil)
    address = reverse("diary:mark", args=[given.pk])

    page = client_of(leader).get(address)
    assert page.status_code == 200
    assert reverse("diary:journal", args=[world.group.pk]) not in page.content.decode()
    assert client_of(stranger).get(address).status_code == 404
    assert list(Look.objects.values_list("person", "reader")) == [
        (world.pupil.person_id, leader.pk)
    ]


@pytest.mark.parametrize("path", ["journal", "lesson", "class", "notes"])
def test_a_page_with_pupils_says_how_long_it_is_kept(client_of: Enter, path: str) -> None:
    world = make.world()
    make.assessment(world)
    school.name_form_teacher(world.school_class, world.teacher, by="s", now=A_DAY)
    addresses = {
        "journal": reverse("diary:journal", args=[world.group.pk]),
        "lesson": where(world),
        "class": reverse("diary:class", args=[world.school_class.pk]),
        "notes": reverse("diary:notes", args=[world.school_class.pk]),
    }

    client = client_of(world.teacher)
    assert "Kept for now" in client.get(addresses[path]).content.decode()
    for pupil in world.pupils:
        school.leave_class(pupil, on=TODAY, by="s", now=A_DAY)
    assert "This goes on" in client.get(addresses[path]).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_a_teachers_pages_ask_as_often_for_thirty_as_for_one(client_of: Enter, count: int) -> None:
    world = make.world(pupils=count)
    make.lesson(world, TODAY - timedelta(days=7))
    make.lesson(world)
    school.name_form_teacher(world.school_class, world.teacher, by="s", now=A_DAY)
    one = make.assessment(world)
    for pupil in world.pupils:
        made = make.mark(world, pupil, of=one)
        make.note(pupil, world.teacher)
    client = client_of(world.teacher)

    pages = {
        "teaching": reverse("diary:teaching"),
        "lesson": where(world),
        "journal": reverse("diary:journal", args=[world.group.pk]),
        "mark": reverse("diary:mark", args=[made.pk]),
        "class": reverse("diary:class", args=[world.school_class.pk]),
        "pupil": reverse("diary:pupil", args=[world.pupil.pk]),
        "notes": reverse("diary:notes", args=[world.school_class.pk]),
    }
    frame = queries_of(client, reverse("ui:display"))
    for address in pages.values():
        client.get(address)  # what is counted once a day
    counts = {name: queries_of(client, address) - frame for name, address in pages.items()}
    assert {name: n for name, n in counts.items() if n > AT_MOST} == {}
