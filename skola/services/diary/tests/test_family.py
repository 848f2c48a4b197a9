"""Pupils and parents, from outside: own pages, access by confirmation, notes in three taps."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.api import end_guardianship
from skola.ground.people.models import Guardianship, Person
from skola.ground.people.tests import make as people
from skola.promises.rights.access.archive import write_archive
from skola.promises.rights.models import Export
from skola.services.diary import actions, rules
from skola.services.diary.models import AbsenceNote, HomeworkDone, Look
from skola.services.diary.tests import make
from skola.services.school import actions as school
from skola.services.school.models import LinkRequest
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
Enter = Callable[[Person], Client]
TALLINN = ZoneInfo("Europe/Tallinn")
AT_MOST = 8
TODAY = make.TODAY


def page_of(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def status_of(client: Client, name: str, *args: Any) -> int:
    return client.get(reverse(name, args=args)).status_code


@pytest.mark.keeps("ekool-1.4-student")
def test_a_pupil_sees_the_own_diary_only_and_a_former_one_can_still_take_it_along(
    client_of: Enter,
) -> None:
    world = make.world()
    mine, others = world.pupils
    make.lesson(world, TODAY - timedelta(days=7), homework="Page 12")
    given = make.mark(world, mine, "5")
    of_others = make.mark(world, others, "2", of=given.assessment)
    client = client_of(mine.person)

    page = page_of(client, "diary:mine")
    assert "Matemaatika" in page
    assert "Page 12" in page
    assert reverse("diary:mark", args=[given.pk]) in page
    assert reverse("diary:mark", args=[of_others.pk]) not in page
    assert others.person.given_name not in page
    assert status_of(client, "diary:mark", of_others.pk) == 404
    for name in ("diary:child", "diary:record", "diary:note", "diary:looks"):
        assert status_of(client, name, others.person.pk) == 404
    assert reverse("diary:mark", args=[given.pk]) in page_of(client, "diary:record", mine.person.pk)
    for name in ("diary:teaching",):
        assert status_of(client, name) == 404
    for name, about in (("journal", world.group.pk), ("class", world.school_class.pk)):
        assert status_of(client, f"diary:{name}", about) == 404

    school.leave_class(mine, on=TODAY, by="school", now=A_DAY)
    with clock.standing_at(A_DAY + timedelta(days=1)):
        client = client_of(mine.person)  # signed in anew
        assert status_of(client, "diary:mine") == 404  # a pupil of no class any more
        assert client.post(reverse("access:copies"), {"kind": "access"}).status_code == 302
        copy = Export.objects.get(person=mine.person)
        out = io.BytesIO()
        write_archive(copy.person_id, out, language="en", now=clock.now())
        with zipfile.ZipFile(out) as archive:
            study = archive.read("data/study.jsonl").decode()
        assert str(given.pk) in study
        assert str(of_others.pk) not in study


@pytest.mark.keeps("ekool-1.4-parent")
def test_a_parent_sees_a_child_once_confirmed_and_until_it_is_of_age(client_of: Enter) -> None:
    world = make.world()
    child = world.pupil.person
    child.birth_on = date(2008, 3, 10)
    child.save()
    parent = people.account().person
    client = client_of(parent)
    asked = {
        "school": world.school.pk,
        "child_name": child.name,
        "child_birth_on": "2008-03-10",
    }

    assert client.post(reverse("school:ask"), asked).status_code == 302
    assert "has not answered" in page_of(client, "diary:children")
    assert status_of(client, "diary:child", child.pk) == 404
    assert status_of(client, "diary:note", child.pk) == 404

    head = people.account().person
    school.name_administrator(world.school, head, by="staff", now=A_DAY)
    told = {"pupil": world.pupil.pk, "proof": "school", "powers": ["see", "marks", "excuse"]}
    address = reverse("school:request", args=[LinkRequest.objects.get().pk])
    assert client_of(head).post(address, told).status_code == 302

    assert child.given_name in page_of(client, "diary:children")
    assert status_of(client, "diary:child", child.pk) == 200
    birthday = datetime(2026, 3, 10, tzinfo=TALLINN)
    with clock.standing_at(birthday - timedelta(seconds=30)):
        assert status_of(client, "diary:child", child.pk) == 200
    with clock.standing_at(birthday):
        for name in ("diary:child", "diary:record", "diary:note", "diary:looks"):
            assert status_of(client, name, child.pk) == 404
        assert child.given_name not in page_of(client, "diary:children")
        link = Guardianship.objects.get()
        allowing = reverse("diary:guardian", args=[link.pk])
        grown_up = client_of(child)
        assert grown_up.post(allowing, {"allowed": "yes"}).status_code == 302
        assert status_of(client, "diary:child", child.pk) == 200
        grown_up.post(allowing, {"allowed": "no"})
        assert status_of(client, "diary:child", child.pk) == 404


def test_a_child_cannot_shut_its_parents_out(client_of: Enter) -> None:
    world = make.world()
    schools.guardian(world.pupil.person)
    link = Guardianship.objects.get()

    answer = client_of(world.pupil.person).post(
        reverse("diary:guardian", args=[link.pk]), {"allowed": "no"}
    )

    assert answer.status_code == 404


def test_what_a_guardian_may_is_said_for_each_child(client_of: Enter) -> None:
    world = make.world()
    given = make.mark(world, world.pupil, "5")
    sees_only = client_of(schools.guardian(world.pupil.person, powers=("see",)))
    nothing = client_of(schools.guardian(world.pupil.person, powers=("consent",)))
    child = world.pupil.person.pk

    for name in ("diary:child", "diary:record", "diary:children"):
        args = () if name == "diary:children" else (child,)
        assert reverse("diary:mark", args=[given.pk]) not in page_of(sees_only, name, *args)
    assert "Report an absence" not in page_of(sees_only, "diary:child", child)
    assert status_of(sees_only, "diary:note", child) == 404
    assert status_of(nothing, "diary:child", child) == 404


def test_a_link_that_ended_opens_nothing(client_of: Enter) -> None:
    world = make.world()
    client = client_of(schools.guardian(world.pupil.person))
    assert status_of(client, "diary:child", world.pupil.person.pk) == 200

    end_guardianship(Guardianship.objects.get(), by="school", now=A_DAY)

    assert status_of(client, "diary:child", world.pupil.person.pk) == 404


def test_an_absence_is_reported_in_three_taps(client_of: Enter) -> None:
    world = make.world()
    child = world.pupil.person.pk
    client = client_of(schools.guardian(world.pupil.person))
    page = page_of(client, "diary:child", child)
    assert f'href="{reverse("diary:note", args=[child])}"' in page  # the first tap
    form = page_of(client, "diary:note", child)
    chosen = dict(re.findall(r'name="(\w+)" value="(\w+)"[^>]*checked', form))
    assert chosen == {"days": "today", "reason": "illness"}  # the second where it is another one

    answer = client.post(reverse("diary:note", args=[child]), chosen)  # the third

    assert answer.status_code == 302
    note = AbsenceNote.objects.get()
    assert (note.first_on, note.last_on, note.reason, note.state) == (
        TODAY,
        TODAY,
        "illness",
        "sent",
    )
    assert "The note is sent" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"days": "other"}, "first_on"),
        ({"days": "other", "first_on": "2026-03-09", "last_on": "2026-03-08"}, "last_on"),
        ({"days": "other", "first_on": "2026-03-09", "last_on": "2026-05-08"}, "last_on"),
        ({"days": "other", "first_on": "2025-12-09"}, "first_on"),
        ({"days": "never"}, "days"),
    ],
)
def test_a_note_for_impossible_days_is_refused(
    client_of: Enter, told: dict[str, str], field: str
) -> None:
    world = make.world()
    client = client_of(schools.guardian(world.pupil.person))

    address = reverse("diary:note", args=[world.pupil.person.pk])
    answer = client.post(address, {"reason": "family", **told})

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not AbsenceNote.objects.exists()


def test_the_form_teacher_answers_and_the_parent_reads_it(client_of: Enter) -> None:
    world = make.world()
    parent = schools.guardian(world.pupil.person)
    first, second = make.note(world.pupil, parent), make.note(world.pupil, parent, reason="other")
    school.name_form_teacher(world.school_class, world.teacher, by="school", now=A_DAY)
    leader = client_of(world.teacher)
    page = page_of(leader, "diary:notes", world.school_class.pk)
    assert "A cold." in page

    confirming = reverse("diary:answers", args=[first.pk])
    assert leader.post(confirming, {"confirmed": "yes"}).status_code == 302
    assert leader.post(confirming, {"confirmed": "yes"}).status_code == 409
    refusing = reverse("diary:answers", args=[second.pk])
    assert leader.post(refusing, {"confirmed": "no"}).status_code == 422
    assert leader.post(refusing, {"confirmed": "no", "answer": "A trip."}).status_code == 302

    page = page_of(client_of(parent), "diary:record", world.pupil.person.pk)
    assert "confirmed" in page
    assert "A trip." in page


def test_all_notes_of_illness_are_confirmed_at_once_and_others_wait(client_of: Enter) -> None:
    world = make.world(pupils=3)
    parent = schools.guardian(world.pupil.person)
    for pupil in world.pupils:
        make.note(pupil, parent)
    make.note(world.pupil, parent, reason="family")
    school.name_form_teacher(world.school_class, world.teacher, by="school", now=A_DAY)

    client_of(world.teacher).post(reverse("diary:confirmations", args=[world.school_class.pk]))

    states = sorted((one.reason, one.state) for one in AbsenceNote.objects.all())
    assert states == [("family", "sent"), *[("illness", "confirmed")] * 3]


def test_other_teachers_see_that_a_pupil_is_away_and_not_what_the_parent_wrote(
    client_of: Enter,
) -> None:
    world = make.world()
    note = make.note(world.pupil, schools.guardian(world.pupil.person))
    teacher = client_of(world.teacher)

    page = page_of(teacher, "diary:lesson", world.slot.pk, TODAY)
    assert "illness" in page
    assert "A cold." not in page
    assert status_of(teacher, "diary:notes", world.school_class.pk) == 404
    assert status_of(teacher, "diary:pupil", world.pupil.pk) == 404
    answer = teacher.post(reverse("diary:answers", args=[note.pk]), {"confirmed": "yes"})
    assert answer.status_code == 404


def test_homework_ticked_off_is_seen_by_the_pupil_alone(client_of: Enter) -> None:
    world = make.world()
    lesson = make.lesson(world, TODAY - timedelta(days=7), homework="Page 12")
    pupil = client_of(world.pupil.person)
    ticking = reverse("diary:ticks", args=[lesson.pk])

    pupil.post(ticking, {"done": "yes"})
    assert 'aria-pressed="true"' in page_of(pupil, "diary:mine")
    assert 'aria-pressed="true"' not in page_of(client_of(world.pupils[1].person), "diary:mine")
    parent = schools.guardian(world.pupil.person)
    assert "aria-pressed" not in page_of(client_of(parent), "diary:child", world.pupil.person.pk)
    assert client_of(parent).post(ticking, {"done": "yes"}).status_code == 404

    answer = pupil.post(ticking, {"done": "no"}, headers={"hx-request": "true"})
    assert 'aria-pressed="false"' in answer.content.decode()
    assert not HomeworkDone.objects.exists()


@pytest.mark.keeps("ekool-2.2-monitor")
def test_who_opened_a_pupils_page_stands_there_and_bulk_reading_is_told_to_the_school(
    client_of: Enter,
) -> None:
    world = make.world(pupils=rules.BULK + 1)
    school.name_form_teacher(world.school_class, world.teacher, by="school", now=A_DAY)
    parent = schools.guardian(world.pupil.person)
    leader = client_of(world.teacher)
    for _ in range(2):
        assert status_of(leader, "diary:pupil", world.pupil.pk) == 200

    look = Look.objects.get()
    assert (look.person_id, look.reader_id, look.times) == (
        world.pupil.person_id,
        world.teacher.pk,
        2,
    )
    for reader in (world.pupil.person, parent):
        page = page_of(client_of(reader), "diary:looks", world.pupil.person.pk)
        assert world.teacher.name in page
        assert "2028" in page  # until when that is kept

    head = people.account().person
    school.name_administrator(world.school, head, by="staff", now=A_DAY)
    office = client_of(head)
    for pupil in world.pupils[1 : rules.BULK]:
        actions.note_look(pupil.person_id, world.teacher, "card", on=TODAY, now=A_DAY)
    assert "unusually many" not in page_of(office, "diary:readings")
    assert "more than usual" not in office.get("/").content.decode()
    assert status_of(leader, "diary:pupil", world.pupils[-1].pk) == 200
    assert "unusually many" in page_of(office, "diary:readings")
    assert "more than usual" in office.get("/").content.decode()
    assert status_of(leader, "diary:readings") == 404


def test_what_changes_today_is_seen_first(client_of: Enter) -> None:
    world = make.world()
    substitute = people.person(given_name="Kalle", family_name="Kask")
    school.change_lesson(
        world.slot,
        on=TODAY,
        is_cancelled=False,
        room="7",
        teacher=substitute,
        by="school",
        now=A_DAY,
    )
    client = client_of(world.pupil.person)

    page = page_of(client, "diary:mine")
    assert "<del>12</del> <strong>7</strong>" in page
    assert "Kalle Kask" in page

    school.change_lesson(
        world.slot, on=TODAY, is_cancelled=True, room="", teacher=None, by="school", now=A_DAY
    )
    assert "falls out" in page_of(client, "diary:mine")


@pytest.mark.parametrize("count", [1, 12])
def test_pages_of_a_family_ask_as_often_for_twelve_children_as_for_one(
    client_of: Enter, count: int
) -> None:
    world = make.world(pupils=count)
    parent = schools.guardian(world.pupil.person)
    one = make.assessment(world)
    make.lesson(world, TODAY - timedelta(days=7), homework="Page 12")
    for number, pupil in enumerate(world.pupils):
        make.mark(world, pupil, of=one)
        make.note(pupil, parent)
        if number:
            Guardianship.objects.create(
                child=pupil.person,
                guardian=parent,
                powers=["see", "marks", "excuse"],
                proof="school",
                verified_at=A_DAY,
                starts_at=A_DAY,
            )
    family, pupil_ = client_of(parent), client_of(world.pupil.person)
    child = world.pupil.person.pk
    found = {}
    for client, name, args in (
        (family, "children", ()),
        (family, "child", (child,)),
        (family, "record", (child,)),
        (family, "note", (child,)),
        (family, "looks", (child,)),
        (family, "calendar", (child,)),
        (pupil_, "mine", ()),
    ):
        address = reverse(f"diary:{name}", args=args)
        client.get(address)  # what is counted once a day
        with CaptureQueriesContext(connection) as frame:
            client.get(reverse("ui:display"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        found[name] = len(asked) - len(frame)
    assert {name: n for name, n in found.items() if n > AT_MOST} == {}
