from datetime import UTC, datetime
from random import Random

import pytest

from skola.ground.people.models import Person
from skola.ground.people.tests.make import person
from skola.services.school import demo as schools
from skola.services.statements import demo, queries
from skola.services.statements.models import Statement

pytestmark = pytest.mark.usefixtures("tenant")
PERSONAS = (schools.PUPIL, schools.TEACHER, schools.PARENT, schools.HEAD, demo.READER)


def fill(slug: str, now: datetime) -> list[Person]:
    people = [person(given_name=name, language="et") for name in PERSONAS]
    people += [person(given_name=f"Mari {n:02}") for n in range(30)]
    for one in people:
        one.status = Person.Status.ACTIVE
    schools.populate(slug, people, Random(1), now)
    demo.populate(slug, people, Random(1), now)
    return people


@pytest.mark.tenant("ekool")
def test_the_municipality_of_the_demo_has_statements_to_read(now: datetime) -> None:
    people = fill("ekool", now)

    assert queries.given_to(people[4], now).count() == 3


@pytest.mark.tenant("ekool")
def test_in_the_first_days_of_a_school_year_nothing_is_given() -> None:
    fill("ekool", datetime(2026, 9, 2, 9, 0, tzinfo=UTC))

    assert not Statement.objects.exists()


@pytest.mark.tenant("learnifier")
def test_a_service_without_schools_has_no_statements(now: datetime) -> None:
    fill("learnifier", now)

    assert not Statement.objects.exists()
