from datetime import datetime
from random import Random

import pytest

from skola.ground.people.tests.make import person, role
from skola.promises.retention.api import sweep
from skola.services.hiring import demo, queries
from skola.services.hiring.models import Application, Document, Vacancy

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.mark.tenant("ema")
def test_the_demo_has_a_selection_to_make_and_candidates_to_let_go(now: datetime) -> None:
    people = [person(given_name=f"Rasa {n}", language="lt") for n in range(20)]
    role(people[0], "recruiter")
    demo.populate("ema", people, Random(1), now)

    assert Application.objects.count() == 2 * demo.CANDIDATES
    assert Document.objects.count() == 2 * demo.DOCUMENTS

    sweep(now=now)

    assert Application.objects.count() == demo.CANDIDATES
    assert Document.objects.count() == demo.DOCUMENTS
    assert [one.title for one in queries.wanted(queries.today(now))] == ["Biologijos mokytojas"]


@pytest.mark.tenant("kic")
def test_where_the_policy_covers_no_hiring_the_demo_makes_none(now: datetime) -> None:
    demo.populate("kic", [person()], Random(1), now)

    assert not Vacancy.objects.exists()
