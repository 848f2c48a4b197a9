from datetime import timedelta
from random import Random

import pytest

from skola.ground.people.tests.make import account
from skola.promises.decisions.models import Decision
from skola.services.applications import demo
from skola.services.applications.models import Plan, PlanApplication
from skola.services.applications.tests.make import A_DAY

pytestmark = pytest.mark.usefixtures("tenant")


def test_the_demo_has_applications_that_were_decided_and_some_that_wait() -> None:
    people = [account(created_at=A_DAY - timedelta(days=90)).person for _ in range(5)]

    demo.populate("ilearn", people, Random(1), A_DAY)

    assert Plan.objects.count() == 2
    states = list(PlanApplication.objects.order_by("applied_at").values_list("state", flat=True))
    assert states == ["waiting", "approved", "waiting", "approved"]
    assert Decision.objects.waiting().count() == 2
