from datetime import datetime
from random import Random

import pytest

from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.courses.tests import make as courses
from skola.services.messages import demo
from skola.services.messages.models import Message
from skola.services.school import demo as schools
from skola.services.school.tests import make as school

pytestmark = pytest.mark.usefixtures("tenant")
PERSONAS = (schools.PUPIL, schools.TEACHER, schools.PARENT, schools.HEAD)


@pytest.mark.tenant("ekool")
def test_a_parent_of_the_demo_writes_to_a_teacher(now: datetime) -> None:
    crowd = [people.account().person for _ in range(24)]
    for one, name in zip(crowd, PERSONAS, strict=False):
        one.given_name, one.status = name, Person.Status.ACTIVE
        one.save()
    Person.objects.filter(pk__in=[one.pk for one in crowd]).update(status=Person.Status.ACTIVE)
    everybody = [*crowd[:4], *Person.objects.filter(pk__in=[one.pk for one in crowd[4:]])]
    link = school.guardian(crowd[0], powers=("see", "message"))
    everybody.insert(4, link)
    schools.populate("ekool", everybody, Random(1), now)

    demo.populate("ekool", everybody, Random(1), now)

    assert Message.objects.of(link).count() >= 2
    assert not Message.objects.filter(sent_at__gt=now).exists()


@pytest.mark.tenant("ema")
def test_a_learner_of_the_demo_writes_to_who_made_the_course(now: datetime) -> None:
    learner = people.account().person
    taken = courses.enrolment(courses.course(author=people.account().person), learner)

    demo.populate("ema", [learner], Random(1), now)

    assert taken.course is not None
    assert Message.objects.get().recipient_id == taken.course.author_id


@pytest.mark.tenant("kic")
def test_without_the_purpose_nobody_writes(now: datetime) -> None:
    demo.populate("kic", [people.person()], Random(1), now)

    assert not Message.objects.exists()
