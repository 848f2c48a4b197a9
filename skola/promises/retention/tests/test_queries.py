"""Clocks as people see them, and the facts for the marks."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skola.ground.people.models import Preferences
from skola.promises.retention.actions.facts import record_event, record_state
from skola.promises.retention.actions.holds import place_hold
from skola.promises.retention.actions.sweeps import sweep
from skola.promises.retention.queries import (
    clock_of,
    clocks_of,
    facts_for_marks,
    last_sweep,
    overdue,
    uncovered,
)
from skola.promises.retention.rules import Action
from skola.promises.retention.tests import make
from skola.promises.retention.tests.conftest import SetTerms
from skola.promises.retention.tests.make import at

MONTH = make.rule(
    name={"en": "Settings", "lv": "Iestatījumi"},
    at_most={"period": "1 month", "after": "record.created"},
)
DUE = at("2026-04-03")


def preferences(now: datetime) -> Preferences:
    return Preferences.objects.create(person=make.person(now), created_at=now)


def test_a_clock_says_when_by_which_rule_and_clause(terms: SetTerms, now: datetime) -> None:
    terms(MONTH)
    clock = clock_of(preferences(now), now=now)
    assert clock is not None
    assert (clock.at, clock.rule, clock.clauses) == (DUE, "rule", ("test-1",))
    assert clock.action is Action.ERASE


def test_a_clock_tells_the_reason(terms: SetTerms, now: datetime) -> None:
    terms(MONTH)
    clock = clock_of(preferences(now), now=now)
    assert clock is not None
    assert clock.because("en") == (
        "This goes on 3 April 2026. “Settings”: kept for 1 month, counted from 2 March 2026."
    )
    assert "Iestatījumi" in clock.because("lv")
    assert "Settings" in clock.because("et"), "the policy has no Estonian name for it"


def test_a_clock_tells_what_keeps_it_longer(terms: SetTerms, now: datetime) -> None:
    terms(MONTH)
    row = preferences(now)
    end = at("2026-06-01")
    place_hold(reason="a claim", person_id=row.person_id, ends_at=end, by="system", now=now)
    clock = clock_of(row, now=now)
    assert clock is not None
    assert (clock.at, clock.passed_at) == (end, DUE)
    assert clock.because("en") == (
        "This goes on 1 June 2026. Under “Settings” it would go on 3 April 2026 already, and"
        " a stronger duty keeps it until then."
    )


def test_a_clock_that_ran_out_of_purposes_says_so(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(keep_while=["contract.open"]))
    row = preferences(now)
    record_state(row.person_id, "contract.open", is_open=True, at=now)
    assert clock_of(row, now=now) is None

    record_state(row.person_id, "contract.open", is_open=False, at=now)
    clock = clock_of(row, now=now)
    assert clock is not None
    assert clock.because("en").endswith("“rule”: no purpose needs it any longer.")


def test_a_record_without_terms_has_no_clock(terms: SetTerms, now: datetime) -> None:
    terms(
        make.rule(categories=["learning"], at_most={"period": "1 day", "after": "record.created"})
    )
    assert clock_of(preferences(now), now=now) is None


def test_a_part_of_a_row_has_a_clock_of_its_own(terms: SetTerms, now: datetime) -> None:
    terms(
        make.rule(categories=["contact"], at_most={"period": "1 week", "after": "record.created"})
    )
    person = make.person(now)
    contact = clock_of(person, now=now, category="contact")
    assert contact is not None
    assert contact.at == at("2026-03-10")
    assert clock_of(person, now=now, category="identity") is None


@pytest.mark.parametrize("number", [1, 3])
def test_clocks_of_a_list_cost_one_query(terms: SetTerms, now: datetime, number: int) -> None:
    terms(MONTH)
    rows = [preferences(now) for _ in range(number)]
    with CaptureQueriesContext(connection) as told:
        clocks = clocks_of(rows, now=now)
    assert {key: clock.at for key, clock in clocks.items()} == {row.pk: DUE for row in rows}
    assert len(told) == 1


def test_the_clock_shown_is_the_clock_kept(terms: SetTerms, now: datetime) -> None:
    terms(MONTH, make.rule(id="left", at_most={"period": "1 day", "after": "account.closed"}))
    row = preferences(now)
    record_event(row.person_id, "account.closed", at=now)
    sweep(now=now)
    row.refresh_from_db()
    clock = clock_of(row, now=now)
    assert clock is not None
    assert (clock.at, clock.rule) == (row.due_at, "left")


def test_marks_count_what_is_there(terms: SetTerms, now: datetime) -> None:
    terms(MONTH)
    preferences(now)
    preferences(now + timedelta(days=5))

    before = facts_for_marks(["rule"], now=now)["rule"]
    assert (before.covered, before.oldest, before.overdue) == (2, now, 0)
    assert before.last_sweep is None
    assert not before.kept

    sweep(now=now)
    assert facts_for_marks(["rule"], now=now)["rule"].kept

    late = facts_for_marks(["rule", "none"], now=DUE)
    assert (late["rule"].overdue, late["rule"].overdue_since) == (1, DUE)
    assert not late["rule"].kept
    assert late["none"].covered == 0
    assert overdue(now=DUE) == {"rule": (1, DUE)}

    sweep(now=DUE)
    assert facts_for_marks(["rule"], now=DUE)["rule"].kept
    run = last_sweep()
    assert run is not None
    assert run.erased == 1


def test_marks_count_only_what_a_condition_covers(terms: SetTerms, now: datetime) -> None:
    terms(
        make.rule(
            only_if="minor.unverified", at_most={"period": "1 day", "after": "record.created"}
        )
    )
    row, _other = preferences(now), preferences(now)
    record_state(row.person_id, "minor.unverified", is_open=True, at=now)

    assert facts_for_marks(["rule"], now=now)["rule"].covered == 1


def test_data_for_which_the_policy_says_no_end_are_named(terms: SetTerms, now: datetime) -> None:
    terms(
        make.rule(categories=["identity"], at_most={"period": "1 day", "after": "record.created"})
    )
    assert uncovered(now=now) == []
    preferences(now)
    assert uncovered(now=now) == [
        ("people_preferences", "preferences"),
        ("people_person", "contact"),
    ]
