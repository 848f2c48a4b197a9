from datetime import datetime
from random import Random

import pytest

from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.school import demo
from skola.services.school.models import Group, Pupil, SchoolClass


def test_a_school_has_as_many_classes_as_its_pupils_need() -> None:
    assert demo.classes_for(80) == list(demo.CLASSES)
    whole = demo.classes_for(1_000)
    assert len(whole) == 39
    assert len({name for name, _grade in whole}) == 39
    assert {grade for _name, grade in whole} == set(range(1, 13))
    assert demo.crowd_for(0) == 0
    assert demo.crowd_for(1_000) == 1_088


@pytest.mark.tenant("ekool")
def test_a_crowd_makes_a_whole_school(tenant: object, now: datetime) -> None:
    names = (demo.PUPIL, demo.TEACHER, demo.PARENT, demo.HEAD)
    personas = [people.person(given_name=name) for name in names]
    others = [
        Person(given_name=f"Mari {n:03}", status=Person.Status.ACTIVE, created_at=now)
        for n in range(demo.crowd_for(320))
    ]
    everybody = [*personas, *Person.objects.bulk_create(others)]

    demo.populate("ekool", everybody, Random(1), now)

    classes = SchoolClass.objects.filter(year__school__name=demo.NAME).count()
    assert classes == len(demo.classes_for(320))
    assert abs(Pupil.objects.count() - 320) <= 12
    assert Group.objects.count() == classes * len(demo.SUBJECTS)
