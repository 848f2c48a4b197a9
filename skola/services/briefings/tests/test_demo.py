from collections import Counter
from datetime import datetime
from random import Random

import pytest

from skola.ground.people.tests.make import person
from skola.promises.retention.models import Fact
from skola.services.briefings import demo, queries
from skola.services.briefings.models import Record
from skola.services.workforce import demo as workforce
from skola.services.workforce.models import Company

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.mark.tenant("ema")
def test_the_demo_has_whole_records_and_missing_halves_and_every_seal_fits(now: datetime) -> None:
    names = [workforce.EMPLOYEE, workforce.MANAGER, workforce.INSTRUCTOR]
    people = [person(family_name=name, language="lt") for name in names]
    people += [person(family_name=f"Jonaitis {n}", language="lt") for n in range(20)]
    workforce.populate("ema", people, Random(1), now)
    demo.populate("ema", people, Random(1), now)

    company = Company.objects.get()
    today = now.date()
    states = Counter(queries.shown(one, today).state for one in queries.journal(company))
    signed = Fact.objects.filter(event="task.completed").count()
    assert signed == Record.objects.count(), "to sign is an act of one's own"
    assert states == {"whole": 8, "missing": demo.HALVES, "waiting": demo.WAITING}


@pytest.mark.tenant("kic")
def test_without_a_company_there_are_no_briefings(now: datetime) -> None:
    demo.populate("kic", [person()], Random(1), now)

    assert not Record.objects.exists()
