from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skola.ground.people.api import Person
from skola.ground.people.tests.make import person, role
from skola.services.courses.demo import populate
from skola.services.courses.demo.texts import CONTENT, courses_of
from skola.services.courses.models import Course, Enrolment, Progress
from skola.services.courses.queries import made_course
from skola.services.courses.tests.make import NOW

TENANTS = ("ilearn", "kic", "learnifier", "ema", "ekool")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Objects and keys of one test lie in a folder of their own."""
    settings.DATA = tmp_path
    vars(storages)["_storages"]["objects"] = storages.create_storage(
        {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "objects"},
        }
    )
    yield
    del vars(storages)["_storages"]["objects"]


def _people(count: int) -> list[Person]:
    return [
        person(family_name=f"Nr {number}", created_at=NOW - timedelta(days=700 - number % 700))
        for number in range(count)
    ]


def _history() -> list[tuple[str, str, object, int]]:
    return [
        (one.person.family_name, one.course_title, one.finished_at, one.progress.count())
        for one in Enrolment.objects.select_related("person").order_by(
            "person__family_name", "course_title"
        )
    ]


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.tenant(one)) for one in TENANTS]
)
def test_every_tenant_has_courses_that_lack_nothing(tenant: Any, name: str) -> None:
    people = _people(4)
    role(people[1], "author", starts_at=NOW - timedelta(days=900))
    populate(name, people, Random(1), NOW)
    courses = Course.objects.select_related("author")
    found = [made_course(one.slug, one.author) for one in courses if one.author]
    assert len(found) >= 3
    assert [one.missing for one in found if one is not None] == [[]] * len(found)
    assert all(page.lesson.minutes < 10 for one in found if one for page in one.pages)


def test_the_history_is_the_same_each_time(tenant: Any) -> None:
    people = _people(30)
    populate("ilearn", people, Random(7), NOW)
    first = _history()
    Course.objects.all().delete()
    Enrolment.objects.all().delete()
    populate("ilearn", people, Random(7), NOW)
    assert _history() == first
    assert len(first) > 20


def test_nothing_happens_before_somebody_came_or_after_today(tenant: Any) -> None:
    populate("ilearn", _people(40), Random(3), NOW)
    for one in Enrolment.objects.select_related("person"):
        assert one.person.created_at <= one.started_at <= (one.finished_at or NOW) <= NOW
    last = Progress.objects.order_by("-last_at").values_list("last_at", flat=True)[0]
    assert last < NOW


def test_the_first_persona_is_in_the_middle_of_one_course(tenant: Any) -> None:
    people = _people(3)
    populate("ilearn", people, Random(3), NOW)
    mine = Enrolment.objects.filter(person=people[0])
    assert [one.finished_at is None for one in mine.order_by("-started_at")] == [True, False]


def test_a_thousand_people_are_written_in_few_statements(tenant: Any) -> None:
    people = _people(1)
    crowd = [
        Person(family_name=f"Nr {n}", created_at=NOW - timedelta(days=n % 700)) for n in range(1000)
    ]
    Person.objects.bulk_create(crowd)
    with CaptureQueriesContext(connection) as asked:
        populate("ilearn", [*people, *crowd], Random(3), NOW)
    assert len(asked) < 200
    assert Enrolment.objects.count() > 800


def test_every_file_of_the_content_is_used() -> None:
    texts = [one for tenant in TENANTS for one in courses_of(tenant)]
    named = {lesson.name for text in texts for _, lessons in text.parts for lesson in lessons}
    for file in CONTENT.iterdir():
        if file.suffix != ".md":
            assert file.name in named or file.name.split(".")[0] in named
