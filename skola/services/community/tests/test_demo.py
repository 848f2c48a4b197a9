from datetime import datetime
from random import Random

import pytest

from skola.ground.people.models import Person
from skola.ground.people.tests.make import person
from skola.services.community import demo, queries
from skola.services.community.models import Feed, Post
from skola.services.school import demo as schools

pytestmark = pytest.mark.usefixtures("tenant")
PERSONAS = (schools.PUPIL, schools.TEACHER, schools.PARENT, schools.HEAD)


def fill(slug: str, now: datetime) -> list[Person]:
    people = [person(given_name=name, language="et") for name in PERSONAS]
    people += [person(given_name=f"Mari {n:02}") for n in range(20)]
    for one in people:
        one.status = Person.Status.ACTIVE
    schools.populate(slug, people, Random(1), now)
    demo.populate(slug, people, Random(1), now)
    return people


@pytest.mark.tenant("ekool")
def test_everybody_who_enters_the_demo_has_something_to_read(now: datetime) -> None:
    people = fill("ekool", now)

    for one in (people[0], people[1], people[3]):
        assert queries.posts_for(one, queries.hats_of(one, now)).exists()
    assert not Post.objects.filter(created_at__gt=now).exists()


@pytest.mark.tenant("learnifier")
def test_boards_of_a_service_without_schools_have_no_places(now: datetime) -> None:
    fill("learnifier", now)

    assert not Feed.objects.exists()
