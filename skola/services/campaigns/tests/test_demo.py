from datetime import datetime, timedelta
from random import Random

import pytest

from skola.ground.people.tests.make import person
from skola.promises.retention.api import sweep
from skola.services.campaigns import demo
from skola.services.campaigns.models import Campaign, Delivery, Refusal
from skola.services.campaigns.tests import make

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.mark.tenant("learnifier")
def test_the_demo_has_a_newsletter_that_was_sent_one_to_be_sent_and_a_refusal(
    now: datetime,
) -> None:
    people = [person(created_at=now - timedelta(days=90)) for _ in range(5)]
    for one in people[:3]:
        make.agree(one, "marketing.own", at=now - timedelta(days=60))

    demo.populate("learnifier", people, Random(1), now)

    assert [one.state for one in Campaign.objects.all()] == ["draft", "ended"]
    sweep(now=now)
    assert Delivery.objects.filter(state="sent").count() == 3
    assert Refusal.objects.standing().count() == 1


@pytest.mark.tenant("ema")
def test_where_the_policy_has_no_offers_the_demo_makes_none(now: datetime) -> None:
    demo.populate("ema", [person()], Random(1), now)

    assert not Campaign.objects.exists()
