from datetime import datetime
from random import Random

import pytest

from skola.ground.people.tests.make import person
from skola.services.courses.models import Enrolment
from skola.services.licences import demo
from skola.services.licences.models import Licence, Order
from skola.services.licences.tests import make
from skola.services.workforce import demo as workforce

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("ema")]


def test_the_demo_has_a_licence_that_is_over_one_that_runs_and_an_order(now: datetime) -> None:
    names = [workforce.EMPLOYEE, workforce.MANAGER, workforce.INSTRUCTOR]
    people = [person(family_name=name, language="lt") for name in names]
    people += [person(family_name=f"Jonaitis {n}", language="lt") for n in range(40)]
    workforce.populate("ema", people, Random(1), now)
    course = make.course()

    demo.populate("ema", people, Random(1), now)

    found = Licence.objects.with_balance().order_by("starts_on")
    assert [(one.bought, one.used, one.left) for one in found] == [(6, 5, 0), (24, 20, 4)]
    assert [str(one.state) for one in Order.objects.order_by("ordered_at")] == [
        "fulfilled",
        "fulfilled",
        "ordered",
    ]
    held = Enrolment.objects.filter(course=course)
    assert held.filter(finished_at__isnull=False).exists()
    assert held.filter(finished_at=None).exists()


@pytest.mark.tenant("kic")
def test_without_companies_the_demo_has_none(now: datetime) -> None:
    demo.populate("kic", [person()], Random(1), now)

    assert not Licence.objects.exists()
