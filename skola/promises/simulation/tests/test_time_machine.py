"""The time machine: twelve years of a made-up service, day by day.

Five policies follow one another, holds run, accounts end and take things with them. Each day on
which anything goes is compared: what the simulation foretold on the first day, what the plain
interpreter finds part by part, and what the real sweep does.

``SKOLA_TIME_MACHINE=500`` makes the service larger and sweeps on every day of the twelve years.
"""

import os
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from skola.ground.tenants.api import Tenant
from skola.promises.inventory.api import declaration_of
from skola.promises.retention.actions.sweeps import sweep
from skola.promises.retention.live import clockworks_of
from skola.promises.retention.rules import NEVER
from skola.promises.retention.sql import Clockwork
from skola.promises.retention.terms import Known
from skola.promises.retention.tests import make
from skola.promises.simulation.queries import Stage, Timeline, count
from skola.promises.simulation.rules import Months, months_from
from skola.promises.simulation.tests import plain, real
from skola.promises.simulation.tests.worlds import CATEGORIES, EVENTS, STATES, Town, rows_of

PEOPLE = int(os.environ.get("SKOLA_TIME_MACHINE", "0"))
EVERY_DAY = PEOPLE > 0
YEARS = 12


class School(Town):
    """A town whose terms are those of real policies: months and years, not days."""

    def retention(self, number: int) -> Any:
        chance, rule = self.chance, super().retention(number)
        keys: dict[str, Any] = {"id": rule.id}
        span = f"{chance.randint(1, 7)} years"
        match number % 3:
            case 0:
                after = {"latest": chance.sample([*EVENTS, "record.created"], 2)}
                keys["at_most"] = {"period": span, "after": after, "yields_to": ["contract"]}
            case 1:
                keys["keep_while"] = chance.sample(STATES, 2)
                keys["then"] = {"within": chance.choice(["1 month", "1 year", "30 days"])}
            case _:
                keys["at_most"] = {"period": span, "after": "record.created"}
                keys["at_least"] = {
                    "class": "hard",
                    "period": f"{chance.randint(2, 9)} years",
                    "after": "record.created",
                }
        categories = CATEGORIES if number == 0 else chance.sample(CATEGORIES, 3)
        return make.rule(**{**keys, "categories": categories})


def versions(school: School, now: datetime) -> Timeline:
    """Five policies in force one after another, each bound to what those before it promised."""
    found: list[Stage] = []
    for number in range(5):
        since = make.at(f"{2026 + number * 2}-0{number + 3}-01") if number else now
        earlier = tuple(stage.promises for stage in found)
        promises = replace(
            school.promises(),
            version=str(number),
            effective=since,
            earlier=earlier,
        )
        found.append(Stage(since, promises))
    return tuple(found)


def foretold_by_the_interpreter(
    timeline: Timeline, months: Months
) -> dict[datetime, Counter[tuple[str, str, str]]]:
    """When each part goes, and by which rule, found part by part in plain Python."""
    found: dict[datetime, Counter[tuple[str, str, str]]] = {}
    accounts = _accounts_end(timeline, months)
    for number, work in enumerate(clockworks_of(timeline[-1].promises)):
        known = _known(timeline, number, rows_of(work))
        for row, one in known.values():
            person = _person(work, row)
            if work.declaration.table != "people_account" and person in accounts:
                one = plain.with_account_closed(one, accounts[person])
            goes, rule = plain.fate(work, timeline, one, months.now)
            if goes < months.until:
                key = (work.declaration.table, work.part.category, rule)
                found.setdefault(goes, Counter())[key] += 1
    return found


def _known(timeline: Timeline, number: int, rows: list[Any]) -> dict[Any, tuple[Any, Known]]:
    """What is known of each row, with every condition that any of the versions asks about."""
    found: dict[Any, tuple[Any, Known]] = {}
    for stage in timeline:
        work = clockworks_of(stage.promises)[number]
        known = plain.everything(work, rows)
        for row in rows:
            one = known[row.pk]
            if row.pk in found:
                both = found[row.pk][1].conditions | one.conditions
                one = replace(one, conditions=both)
            found[row.pk] = (row, one)
    return found


def _accounts_end(timeline: Timeline, months: Months) -> dict[Any, datetime]:
    numbers = [
        number
        for number, work in enumerate(clockworks_of(timeline[0].promises))
        if work.declaration.table == "people_account"
    ]
    work = clockworks_of(timeline[0].promises)[numbers[0]]
    known = _known(timeline, numbers[0], rows_of(work))
    return {
        row.person_id: plain.fate(work, timeline, one, months.now)[0] for row, one in known.values()
    }


def _person(work: Clockwork, row: Any) -> Any:
    subject = declaration_of(work.declaration.table).subject
    if subject is None:
        return None
    for name in subject.attributes:
        row = getattr(row, name) if row is not None else None
    return row


@pytest.mark.parametrize("seed", [1])
def test_twelve_years_go_as_foretold(
    tenant: Tenant, now: datetime, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    school = School(seed)
    school.settle(PEOPLE or 20, until=now, days=1500)
    timeline = versions(school, now)
    months = months_from(now, YEARS * 12, make.RIGA)
    simulated = count(timeline[:1], timeline, months)
    expected = foretold_by_the_interpreter(timeline, months)

    went: dict[datetime, Counter[tuple[str, str, str]]] = {}
    with real.policies(timeline, monkeypatch):
        for moment in _moments(timeline, expected, months):
            gone: Counter[tuple[str, str, str]] = Counter()
            while lines := sweep(now=moment).lines:
                for line in lines:
                    gone[line.table, line.category, line.rule] += line.count
            if gone:
                went[moment] = gone
            assert gone == expected.get(moment, Counter()), moment

    assert went == expected
    totals: Counter[tuple[str, str, str, int | None]] = Counter()
    for moment, gone in went.items():
        for key, number in gone.items():
            totals[*key, months.index(moment)] += number
    told = {
        (one.table, one.category, one.rule, one.month): one.after
        for one in simulated.going
        if one.after and one.month is not None
    }
    assert told == dict(totals)
    assert totals.total() > (PEOPLE or 20) * 2


def _moments(timeline: Timeline, expected: Any, months: Months) -> list[datetime]:
    """Every day on which anything is expected to go, each month's first, each change of policy.

    With ``SKOLA_TIME_MACHINE`` every day.
    """
    moments = {months.now, *expected, *(stage.since for stage in timeline), *months.starts}
    if EVERY_DAY:
        first = months.now.astimezone(make.RIGA).date()
        length = (months.until - months.now).days
        days = (first + timedelta(days=n) for n in range(1, length))
        moments |= {make.at(f"{day:%Y-%m-%d}") for day in days}
    return sorted(at for at in moments if months.now <= at < min(months.until, NEVER))
