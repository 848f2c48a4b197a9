"""A page of a daily job asks the database at most eight times, at any size of school or company.

The first page after signing in is one of them, on a day on which much waits there.

Everything counts: who is at the door, the frame, and what the page is about. That the database
hears who asks, and what for, travels with the questions and is no trip of its own.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.db.base import DatabaseWrapper
from skola.ground.people.models import Guardianship, Person
from skola.services.briefings.tests import make as briefings
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.diary.doubting import doubt_mark
from skola.services.diary.models import Mark
from skola.services.diary.tests import make as diary
from skola.services.licences.tests import make as licences
from skola.services.messages.tests import make as messages
from skola.services.school import actions as school
from skola.services.school.tests import make as schools
from skola.services.school.tests.conftest import client_of
from skola.services.workforce.models import Assignment
from skola.services.workforce.tests import make as workforce

__all__ = ["client_of"]

AT_MOST = 8
Enter = Callable[[Person], Client]


def asked(
    client: Client, pages: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, int]:
    """How often each page goes to the database, once what is noted once a day is noted."""
    told: list[int] = []
    tell = DatabaseWrapper.tell

    def telling_first(wrapper: DatabaseWrapper) -> None:
        told.append(1)
        tell(wrapper)

    monkeypatch.setattr(DatabaseWrapper, "tell", telling_first)
    found = {}
    for name, address in pages.items():
        assert client.get(address).status_code == 200, address
        told.clear()
        with CaptureQueriesContext(connection) as questions:
            client.get(address)
        found[name] = len(questions) + len(told)
    return found


def wait_for(person: Person, course: Course) -> None:
    """Somebody has a new message, and a course under way."""
    messages.message(schools.guardian(person), person)
    courses.enrolment(course, person)


def a_school(size: int, client_of: Enter, patch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often the pages of a school with classes of ``size`` ask: staff, pupil and parent."""
    world = diary.world(pupils=size, name=f"School of {size}")
    school.name_form_teacher(world.school_class, world.teacher, by="school", now=schools.A_DAY)
    parent = schools.guardian(world.pupil.person)
    for number in range(size // 10):
        schools.school_class(world.school, name=f"8.{number}", pupils=3)
    for week in range(1, 2 + size // 5):
        lesson = diary.lesson(world, diary.TODAY - timedelta(weeks=week), homework="Page 12")
        one = diary.assessment(world, on=lesson.on)
        for pupil in world.pupils:
            diary.mark(world, pupil, of=one)
    diary.lesson(world)
    diary.assessment(world, on=diary.TODAY + timedelta(days=3))
    for number, pupil in enumerate(world.pupils):
        diary.note(pupil, parent)
        if number:
            Guardianship.objects.create(
                child=pupil.person,
                guardian=parent,
                powers=["see", "marks", "excuse"],
                proof="school",
                verified_at=schools.A_DAY,
                starts_at=schools.A_DAY,
            )
    marked = Mark.objects.filter(pupil=world.pupil)[0]
    doubt_mark(marked, sender=parent, words="It was a 5.", by="parent", now=schools.A_DAY)
    course = courses.course(title=f"Course of {size}")
    for person in (world.teacher, world.pupil.person, parent):
        wait_for(person, course)
    child = f"/diary/children/{world.pupil.person_id}"
    teacher_s = {
        "today": "/",
        "day": "/diary/teaching/",
        "lesson": f"/diary/lessons/{world.slot.pk}/{diary.TODAY}/",
        "marks": f"/diary/journals/{world.group.pk}/",
        "class": f"/diary/classes/{world.school_class.pk}/",
        "absence notes": f"/diary/classes/{world.school_class.pk}/notes/",
    }
    pupil_s = {"pupil's today": "/", "pupil's day": "/diary/mine/"}
    parent_s = {
        "parent's today": "/",
        "children": "/diary/children/",
        "child": f"{child}/",
        "record": f"{child}/record/",
        "absence note": f"{child}/notes/",
    }
    with clock.standing_at(schools.A_DAY):
        return {
            **asked(client_of(world.teacher), teacher_s, patch),
            **asked(client_of(world.pupil.person), pupil_s, patch),
            **asked(client_of(parent), parent_s, patch),
        }


@pytest.mark.tenant("ekool")
def test_pages_of_a_school_ask_little_whatever_its_size(
    tenant: object, client_of: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = a_school(2, client_of, monkeypatch)
    large = a_school(30, client_of, monkeypatch)

    assert {name: n for name, n in large.items() if n > AT_MOST} == {}
    assert {name: (n, large[name]) for name, n in small.items() if large[name] > n} == {}


def a_company(size: int, client_of: Enter, patch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often the pages of a company of ``size`` ask: employee, manager and instructor."""
    where = briefings.works()
    lines = [
        workforce.line(f"{size}-{n}", unit=f"Unit {n % 4} / Part {n % 8}", position=f"P{n % 3}")
        for n in range(size)
    ]
    people = workforce.bring(where.company, *lines)
    workforce.requirement(where.company, title="First aid")
    for number in range(size // 3):
        one = people[f"{size}-{number}"]
        briefings.agree(one)
    own, company = where.employee, where.company.pk
    course = courses.course(title=f"Course of {size}")
    for person in (own.person, where.manager):
        wait_for(person, course)
    licences.licence(where.company, where.manager, months=1)
    yesterday = workforce.TODAY - timedelta(days=1)
    Assignment.objects.filter(employment__company=company).update(due_on=yesterday)
    employee_s = {
        "employee's today": "/",
        "tasks": "/workforce/",
        "briefing": f"/briefings/tasks/{where.task.pk}/",
        "evidence": f"/briefings/people/{own.pk}/",
    }
    manager_s = {
        "manager's today": "/",
        "status": f"/workforce/{company}/",
        "overdue": f"/workforce/{company}/?stands=overdue",
        "unit": f"/workforce/{company}/?unit={where.company.units.get(name='Vilnius').pk}",
        "employee": f"/workforce/people/{own.pk}/",
        "list": f"/workforce/{company}/list/",
        "journal": f"/briefings/{company}/journal/",
    }
    with clock.standing_at(workforce.A_DAY):
        return {
            **asked(client_of(own.person), employee_s, patch),
            **asked(client_of(where.manager), manager_s, patch),
        }


@pytest.mark.tenant("ema")
def test_pages_of_a_company_ask_little_whatever_its_size(
    tenant: object, client_of: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = a_company(3, client_of, monkeypatch)
    large = a_company(40, client_of, monkeypatch)

    assert {name: n for name, n in large.items() if n > AT_MOST} == {}
    assert {name: (n, large[name]) for name, n in small.items() if large[name] > n} == {}
