"""Dry run equals real run: what a simulation says would go is what goes, month by month."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from conftest import sized
from skola.ground.people.models import Account, Person
from skola.ground.tenants.api import Tenant
from skola.promises.retention.models import Fact
from skola.promises.retention.tests import make
from skola.promises.retention.tests.make import at
from skola.promises.simulation.queries import Stage, Timeline, count
from skola.promises.simulation.rules import Going, Months, months_from
from skola.promises.simulation.tests import real
from skola.promises.simulation.tests.worlds import Town


def said(going: tuple[Going, ...], side: str, months: Months) -> real.Gone:
    """What a simulation says goes within the months."""
    counted: real.Gone = Counter()
    for one in going:
        if one.month is not None:
            counted[one.table, one.category, one.rule, one.month] += getattr(one, side)
    return +counted


def compare(
    before: Timeline, after: Timeline, months: Months, monkeypatch: pytest.MonkeyPatch
) -> int:
    """Compare both sides with real runs; return how many parts went."""
    found = count(before, after, months)
    with real.undone():
        went = real.run(before, months, monkeypatch)
    with real.undone():
        changed = real.run(after, months, monkeypatch)

    assert said(found.going, "before", months) == went
    assert said(found.going, "after", months) == changed
    return went.total() + changed.total()


@pytest.mark.parametrize("seed", sized([3], [0, 3, 5, 7]))
def test_random_towns_go_as_simulated(
    tenant: Tenant, now: datetime, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    town = Town(seed)
    town.settle(5, until=now)
    months = months_from(now, 30, make.RIGA)
    before = (Stage(now, town.promises()),)
    binds = now + timedelta(days=town.chance.randrange(300), hours=town.chance.randrange(24))
    after = (*before, Stage(binds, town.promises()))

    assert compare(before, after, months, monkeypatch) > 5


def test_an_account_that_goes_closes_what_hangs_on_it(
    tenant: Tenant, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make.person(now)
    Account.objects.create(person=person, email="a@example.org", created_at=now)
    Fact.objects.create(person=person, event="account.last_action", first_at=now, last_at=now)

    def policy(years: int) -> Stage:
        inactive = make.rule(
            id="inactive",
            categories=["credentials"],
            at_most={"period": f"{years} years", "after": "account.last_action"},
        )
        general = make.rule(
            id="general",
            categories=["identity", "contact"],
            keep_while=["account.open"],
            then={"within": "1 month"},
        )
        return Stage(now, make.promises(inactive, general))

    months = months_from(now, 60, make.RIGA)
    before, after = (policy(1),), (policy(2),)
    found = count(before, after, months)

    def month(table: str, side: str) -> set[int | None]:
        return {one.month for one in found.going if one.table == table and getattr(one, side)}

    assert month("people_account", "before") == {12}
    assert month("people_person", "before") == {13}
    assert month("people_account", "after") == {24}
    assert month("people_person", "after") == {25}
    assert found.concerned == 1
    assert compare(before, after, months, monkeypatch) == 6


def test_what_is_overdue_now_goes_this_month_and_a_longer_term_does_not_revive_it(
    tenant: Tenant, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.person(at("2025-01-01"))

    def policy(period: str, since: datetime) -> Stage:
        rule = make.rule(
            categories=["identity", "contact"],
            at_most={"period": period, "after": "record.created"},
        )
        return Stage(since, make.promises(rule))

    months = months_from(now, 24, make.RIGA)
    before = (policy("1 year", now),)
    after = (*before, policy("2 years", now + timedelta(days=30)))

    found = count(before, after, months)

    assert [(one.month, one.before, one.after, one.later) for one in found.going] == [
        (0, 1, 1, 0),
        (0, 1, 1, 0),
    ]
    assert compare(before, after, months, monkeypatch) == 4
    assert Person.objects.count() == 1, "the real runs were undone"
