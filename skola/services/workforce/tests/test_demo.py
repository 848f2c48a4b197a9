from datetime import datetime
from random import Random

import pytest

from skola.ground.people.tests.make import person
from skola.services.workforce import demo, queries
from skola.services.workforce.models import Assignment, Company, Employment
from skola.services.workforce.rules.terms import Standing
from skola.services.workforce.sight import sights_of

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.mark.tenant("ema")
def test_the_demo_has_a_company_with_people_on_time_and_late(now: datetime) -> None:
    names = [demo.EMPLOYEE, demo.MANAGER, demo.INSTRUCTOR]
    people = [person(family_name=name, language="lt") for name in names]
    people += [person(family_name=f"Jonaitis {n}", language="lt") for n in range(40)]
    demo.populate("ema", people, Random(1), now)

    assert Employment.objects.count() == 36
    today = queries.today(now)
    standings = {task.stands(today) for task in Assignment.objects.all()}
    assert standings == {Standing.OVERDUE, Standing.TO_DO, Standing.VALID}
    assert [one.company.name for one in sights_of(people[2], today)] == [demo.COMPANY]


@pytest.mark.tenant("kic")
def test_where_the_policy_covers_no_briefings_the_demo_makes_none(now: datetime) -> None:
    demo.populate("kic", [person()], Random(1), now)

    assert not Company.objects.exists()


@pytest.mark.tenant("ema")
def test_a_large_crowd_is_one_company_in_more_towns(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "LARGE", 70)
    names = [demo.EMPLOYEE, demo.MANAGER, demo.INSTRUCTOR]
    people = [person(family_name=name, language="lt") for name in names]
    people += [person(family_name=f"Jonaitis {n}", language="lt") for n in range(80)]
    demo.populate("ema", people, Random(1), now)

    company = Company.objects.get()
    assert Employment.objects.count() == 76
    assert company.units.filter(name="Klaipėda").exists()
