"""For how long somebody is let in, and when an access is open."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from skola.ground import clock
from skola.ground.people.tests import make as people
from skola.services.partners import demo, rules
from skola.services.partners.models import Access
from skola.services.partners.rules import Activity
from skola.services.partners.tests import make

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


def test_from_outside_and_for_support_nobody_is_let_in_for_long() -> None:
    assert rules.longest(Activity.INVOICING, is_outside=False) == rules.LONGEST
    assert rules.longest(Activity.INVOICING, is_outside=True) == rules.LONGEST_ABROAD
    assert rules.longest(Activity.SUPPORT, is_outside=False) == rules.LONGEST_ABROAD


@pytest.mark.usefixtures("tenant")
def test_the_database_says_the_same_as_the_rule() -> None:
    made = make.access(people.person(), at=NOW)
    for ended_at in (None, NOW + timedelta(hours=1)):
        Access.objects.update(ended_at=ended_at)
        end = ended_at or made.ends_at
        for moment in (NOW - A_SECOND, NOW, end - A_SECOND, end):
            there = Access.objects.open_at(moment).exists()
            assert there == rules.is_open(NOW, made.ends_at, ended_at, moment)
            assert there == (NOW <= moment < end)


@pytest.mark.parametrize(("slug", "count"), [("ilearn", 2), ("learnifier", 1), ("kic", 0)])
def test_the_demo_has_somebody_for_each_activity_of_the_policy(
    slug: str, count: int, request: pytest.FixtureRequest
) -> None:
    request.node.add_marker(pytest.mark.tenant(slug))
    request.getfixturevalue("tenant")
    demo.populate(slug, [people.person(email="a@example.org")], Random(1), clock.now())

    assert Access.objects.count() == count
