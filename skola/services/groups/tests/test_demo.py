from datetime import datetime, timedelta
from random import Random

import pytest

from skola.ground.people.tests.make import person
from skola.promises.retention.api import sweep
from skola.services.billing.api import Contract
from skola.services.groups import demo, queries
from skola.services.groups.models import Application, Booking, Participant, Programme, Run

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.mark.tenant("kic")
def test_the_demo_has_a_year_of_groups_and_something_to_decide(now: datetime) -> None:
    long_ago = now - timedelta(days=600)
    people = [
        person(given_name=f"Anna {n}" if n else demo.LEARNER, created_at=long_ago)
        for n in range(20)
    ]
    demo.populate("kic", people, Random(1), now)

    assert Run.objects.count() == demo.OVER + 4
    assert Participant.objects.filter(person=people[0], result="").exists()
    waiting = dict.fromkeys(("waiting", "received"), 0)
    for one in Application.objects.filter(stage__in=waiting):
        waiting[one.stage] += 1
    assert waiting == {"waiting": 3, "received": 4}
    running = Contract.objects.running().count()
    under_way = Participant.objects.filter(result="")
    assert running == under_way.filter(contract__accepted_at__isnull=False).count()
    assert Booking.objects.get().contract not in Contract.objects.running()
    full = queries.to_apply(queries.today(now))[0]
    assert full.free == 0

    sweep(now=now)

    assert Participant.objects.filter(result="passed").count() > 50


@pytest.mark.tenant("ema")
def test_where_the_policy_has_no_groups_the_demo_makes_none(now: datetime) -> None:
    demo.populate("ema", [person()], Random(1), now)

    assert not Programme.objects.exists()
