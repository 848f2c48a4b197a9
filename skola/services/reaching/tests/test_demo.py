"""The demo shows each channel, and lets nothing leave."""

from random import Random

import pytest
from django.core import mail

from skola.ground.people.models import Mail
from skola.ground.people.tests import make as people
from skola.promises.policy.api import in_force
from skola.services.reaching import demo, pushing
from skola.services.reaching.models import Delivery
from skola.services.reaching.tests.make import AT


@pytest.mark.tenant("ilearn")
@pytest.mark.usefixtures("tenant")
def test_the_demo_has_calls_letters_and_who_carries_notices() -> None:
    reader, caller, writer = people.account().person, people.person(), people.person(email="")
    caller.phone, writer.address = "+371 20000001", "Brīvības iela 1, Rīga"
    caller.save()
    writer.save()

    demo.populate("ilearn", [reader, caller, writer], Random(1), AT)

    found = Delivery.objects.values_list("channel", "state")
    assert sorted(found) == [("account", "delivered"), ("phone", "waiting"), ("post", "waiting")]
    hosts = [one.hosts for one in in_force(AT).policy.processor if one.hosts]
    assert len(hosts) == 4
    assert all(
        pushing.carrier(f"https://{one[0].replace('*', 'a')}/x", AT) is not None for one in hosts
    )
    assert not Mail.objects.exists()
    assert mail.outbox == []
