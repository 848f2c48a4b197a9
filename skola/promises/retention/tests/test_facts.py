"""Facts about people, and what they do to due dates."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skola.ground.people.models import Account, Person, Preferences
from skola.promises.retention.actions.clocks import clock_missing, reclock_all, stale
from skola.promises.retention.actions.facts import (
    UnknownWordError,
    record_event,
    record_history,
    record_state,
    withdraw_event,
)
from skola.promises.retention.actions.sweeps import sweep
from skola.promises.retention.models import Fact, StateFact
from skola.promises.retention.rules import NEVER
from skola.promises.retention.tests import make
from skola.promises.retention.tests.conftest import SetTerms
from skola.promises.retention.tests.make import at

INACTIVE = {
    "period": "1 month",
    "after": {"latest": ["account.last_action", "account.created"]},
}


def preferences(now: datetime) -> Preferences:
    return Preferences.objects.create(person=make.person(now), created_at=now)


def due(row: Preferences) -> datetime | None:
    row.refresh_from_db()
    return row.due_at


def test_activity_is_written_once_a_day(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most=INACTIVE))
    person = make.person(now)

    record_event(person.pk, "account.last_action", at=now)
    record_event(person.pk, "account.last_action", at=now + timedelta(hours=3))
    assert Fact.objects.get().last_at == now

    record_event(person.pk, "account.last_action", at=now + timedelta(days=1))
    assert Fact.objects.get().last_at == now + timedelta(days=1)
    assert Fact.objects.get().first_at == now


def test_activity_costs_two_statements_on_an_ordinary_day(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most=INACTIVE))
    row = preferences(now)
    record_event(row.person_id, "account.last_action", at=now)

    with CaptureQueriesContext(connection) as told:
        record_event(row.person_id, "account.last_action", at=now + timedelta(days=1))
    statements = [one["sql"] for one in told if "SAVEPOINT" not in one["sql"]]
    assert len(statements) == 2  # the fact, and whether anything of the person is about to go


def test_the_first_time_an_event_happens_dates_are_computed_anew(
    terms: SetTerms, now: datetime
) -> None:
    terms(make.rule(at_most={"period": "1 week", "after": "account.closed"}))
    row, other = preferences(now), preferences(now)
    clock_missing(now=now)
    assert due(row) == due(other) == NEVER

    record_event(row.person_id, "account.closed", at=now)
    assert due(row) == at("2026-03-10")
    assert due(other) == NEVER


def test_activity_puts_off_what_was_about_to_go(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most=INACTIVE))
    row = preferences(now)
    sweep(now=now)
    record_event(row.person_id, "account.last_action", at=now + timedelta(days=20))

    assert sweep(now=at("2026-04-03")).erased == 0
    assert due(row) == at("2026-04-23")
    assert sweep(now=at("2026-04-23")).erased == 1


def test_an_event_that_no_rule_mentions_disturbs_nothing(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most={"period": "1 week", "after": "record.created"}))
    row = preferences(now)
    clock_missing(now=now)

    record_event(row.person_id, "account.closed", at=now)

    assert due(row) == at("2026-03-10")


def test_what_was_taken_back_is_not_counted_from(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most={"period": "1 week", "after": "account.found_inaccurate"}))
    row = preferences(now)
    record_event(row.person_id, "account.found_inaccurate", at=now)
    sweep(now=now)
    assert due(row) == at("2026-03-10")

    assert withdraw_event(row.person_id, "account.found_inaccurate", at=now) is True
    assert withdraw_event(row.person_id, "account.found_inaccurate", at=now) is False

    assert sweep(now=at("2026-03-10")).erased == 0
    assert due(row) == NEVER


def test_a_contract_keeps_while_it_runs(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(keep_while=["contract.open"]))
    row = preferences(now)
    record_state(row.person_id, "contract.open", is_open=True, at=now)
    sweep(now=now + timedelta(days=900))
    assert due(row) == NEVER

    ended = at("2029-01-10 12:00")
    record_state(row.person_id, "contract.open", is_open=False, at=ended)
    record_state(row.person_id, "contract.open", is_open=False, at=ended + timedelta(days=5))
    sweep(now=ended)
    assert due(row) == at("2029-01-12")

    record_state(row.person_id, "contract.open", is_open=True, at=ended)
    sweep(now=ended)
    assert due(row) == NEVER
    assert StateFact.objects.get().ended_at == ended


def test_a_condition_can_be_told_of_a_person(terms: SetTerms, now: datetime) -> None:
    terms(
        make.rule(
            only_if="minor.unverified", at_most={"period": "1 week", "after": "record.created"}
        )
    )
    row = preferences(now)
    clock_missing(now=now)
    assert due(row) == NEVER

    record_state(row.person_id, "minor.unverified", is_open=True, at=now)
    clock_missing(now=now)

    assert due(row) == at("2026-03-10")


def test_what_is_gone_is_not_revived_by_what_happens_later(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most={"period": "1 day", "after": "consent.withdrawn"}))
    row = preferences(now)
    record_event(row.person_id, "consent.withdrawn", at=now)
    clock_missing(now=now)
    late = at("2026-03-04")

    withdraw_event(row.person_id, "consent.withdrawn", at=late)

    assert due(row) == late


@pytest.mark.parametrize("word", ["account.lost_action", "consent.withdrawn2", ""])
def test_an_unknown_event_is_refused(terms: SetTerms, now: datetime, word: str) -> None:
    person = make.person(now)
    with pytest.raises(UnknownWordError):
        record_event(person.pk, word, at=now)
    with pytest.raises(UnknownWordError):
        record_state(person.pk, word, is_open=True, at=now)


def test_an_account_is_a_fact_however_it_is_made(terms: SetTerms, now: datetime) -> None:
    person = make.person(now)
    Account.objects.bulk_create([Account(person=person, email="i@example.org", created_at=now)])

    assert list(Fact.objects.values_list("event", "first_at")) == [("account.created", now)]
    assert list(StateFact.objects.values_list("state", "is_open")) == [("account.open", True)]

    Account.objects.all().delete()

    assert list(StateFact.objects.values_list("state", "is_open")) == [("account.open", False)]


def test_history_is_recorded_in_bulk_and_replaces(terms: SetTerms, now: datetime) -> None:
    person = make.person(now)
    later = now + timedelta(days=3)
    record_history(
        [(person.pk, "account.login", now, now)], [(person.pk, "contract.open", now, None)]
    )
    record_history(
        [(person.pk, "account.login", now, later)], [(person.pk, "contract.open", now, later)]
    )
    assert Fact.objects.get().last_at == later
    assert (StateFact.objects.get().is_open, StateFact.objects.get().ended_at) == (False, later)


def test_facts_go_with_their_person(terms: SetTerms, now: datetime) -> None:
    terms(
        make.rule(
            categories=["identity", "contact"],
            at_most={"period": "1 day", "after": "record.created"},
        )
    )
    person = make.person(now)
    record_event(person.pk, "account.login", at=now)

    sweep(now=at("2026-03-04"))

    assert Person.objects.count() == Fact.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"), [("created_at", at("2026-01-01")), ("person_id", "another")]
)
def test_a_change_of_what_a_date_depends_on_empties_it(
    terms: SetTerms, now: datetime, field: str, value: object
) -> None:
    terms(make.rule(at_most={"period": "1 week", "after": "record.created"}))
    row = preferences(now)
    clock_missing(now=now)
    if value == "another":
        value = make.person(now).pk

    Preferences.objects.filter(pk=row.pk).update(**{field: value})

    assert due(row) is None


def test_a_change_of_anything_else_leaves_the_date(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most={"period": "1 week", "after": "record.created"}))
    row = preferences(now)
    clock_missing(now=now)

    Preferences.objects.filter(pk=row.pk).update(language="lv")

    assert due(row) == at("2026-03-10")


def test_nobody_but_the_engine_can_set_a_due_date(terms: SetTerms, now: datetime) -> None:
    row = preferences(now)
    Preferences.objects.filter(pk=row.pk).update(due_at=now)
    assert due(row) is None

    made = Preferences.objects.create(person=make.person(now), created_at=now, due_at=now)
    assert due(made) is None


def test_new_terms_set_new_dates_and_only_where_they_differ(terms: SetTerms, now: datetime) -> None:
    identity = make.rule(
        id="who", categories=["identity"], at_most={"period": "9 weeks", "after": "record.created"}
    )
    terms(make.rule(at_most={"period": "1 week", "after": "record.created"}), identity)
    row = preferences(now)
    sweep(now=now)

    terms(make.rule(at_most={"period": "2 weeks", "after": "record.created"}), identity)
    with CaptureQueriesContext(connection) as told:
        sweep(now=now)

    assert due(row) == at("2026-03-17")
    moves = [one["sql"].partition("moved as (update ")[2] for one in told]
    computed = {sql.split('"')[1] for sql in moves if sql}
    assert computed == {row._meta.db_table}  # no other table with such rows has any
    assert stale(now) == []


def test_dates_of_a_rule_can_be_computed_anew(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most={"period": "1 week", "after": "record.created"}))
    preferences(now)

    assert reclock_all({"rule"}, now=now) == 1
    assert reclock_all({"other"}, now=now) == 0
