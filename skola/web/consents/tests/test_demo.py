"""The invented past of consents stands as real ones do."""

from datetime import datetime
from random import Random

import pytest

from skola.ground.people.models import Person
from skola.ground.people.tests import make
from skola.promises.consents.models import Consent
from skola.promises.retention.models import StateFact
from skola.web.demo import consents


@pytest.mark.usefixtures("tenant")
def test_a_crowd_has_agreed_and_some_of_it_changed_its_mind(now: datetime) -> None:
    came = now.replace(year=2024)
    people = [make.person(created_at=came) for _ in range(40)]

    consents.populate(people, Random(7), now)

    rows = Consent.objects.all()
    assert {one.end for one in rows} == {"", "withdrawn"}
    assert all(came <= one.given_at <= now and one.wording for one in rows)
    live = {(one.person_id, f"consent:{one.purpose}") for one in rows if not one.is_ended}
    told = StateFact.objects.filter(is_open=True).values_list("person_id", "state")
    assert set(told) == live
    assert Person.objects.count() == 40
