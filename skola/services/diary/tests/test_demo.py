from datetime import datetime, timedelta
from random import Random

import pytest

from skola.ground.people.models import Person
from skola.ground.people.tests.make import person
from skola.services.diary import demo, queries
from skola.services.diary.models import Absence, AbsenceNote, Lesson, Look, Mark, MarkChange
from skola.services.school import api as school
from skola.services.school import demo as schools
from skola.services.school.models import Change

pytestmark = pytest.mark.usefixtures("tenant")
PERSONAS = (schools.PUPIL, schools.TEACHER, schools.PARENT, schools.HEAD)


@pytest.mark.tenant("ekool")
def test_the_demo_has_a_day_for_everybody_who_enters_it(now: datetime) -> None:
    people = [person(given_name=name, language="et") for name in PERSONAS]
    people += [person(given_name=f"Mari {n:02}") for n in range(26)]
    for one in people:
        one.status = Person.Status.ACTIVE
    schools.populate("ekool", people, Random(1), now)
    demo.populate("ekool", people, Random(1), now)

    pupil, teacher, _parent, head = people[:4]
    today = school.today_here(now)
    assert [one.name for one in school.School.objects.run_by(head, now)] == [schools.NAME]
    assert school.LinkRequest.objects.waiting().count() == 1
    led = school.classes_of_today(school.SchoolClass.objects.led_by(teacher, now), today)
    assert len(led) == 1
    week = [today + timedelta(days=ahead) for ahead in range(7)]
    taught = school.taught_in(teacher, week, now)
    assert any(taught.values())
    assert Change.objects.filter(on__gte=today).count() == 2

    (place,) = [one.pupil for one in queries.places_for(pupil, now) if one.is_own]
    (shown,) = queries.days_ahead([place], today, now, marks_of=frozenset({pupil.pk}), tests=True)
    assert len(shown.days) == 2
    assert shown.marks
    assert shown.tests
    assert Lesson.objects.filter(on__gte=today).count() == 0
    assert Mark.objects.exclude(value="").count() == Mark.objects.count()
    assert MarkChange.objects.filter(mark__isnull=False).count() >= Mark.objects.count()
    assert Absence.objects.exists()
    assert Look.objects.filter(person=pupil).exists()
    later = {"first_on__gt": today, "sent_at__gt": now}
    assert [AbsenceNote.objects.filter(**{key: at}).count() for key, at in later.items()] == [0, 0]


@pytest.mark.tenant("kic")
def test_where_the_policy_has_no_diary_the_demo_makes_no_school(now: datetime) -> None:
    people = [person(given_name=name) for name in PERSONAS]
    schools.populate("kic", people, Random(1), now)
    demo.populate("kic", people, Random(1), now)

    assert not school.School.objects.exists()
    assert not Lesson.objects.exists()
