from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground.lists import ListError
from skola.services.workforce.rules.difference import (
    Difference,
    Kind,
    Known,
    Why,
    difference,
    read,
)
from skola.services.workforce.rules.terms import (
    Cause,
    Need,
    Standing,
    due_on,
    months_later,
    since,
    standing,
    strictest,
)

TODAY = date(2026, 3, 2)
HEAD = "number;given_name;family_name;email;phone;unit;position;since\n"
RASA = Known(
    "1", "Rasa", "Jonaitė", "rasa@example.org", "", ("Vilnius",), "Driver", True, False, True
)


def found(*lines: str, known: tuple[Known, ...] = (), complete: bool = False) -> Difference:
    rows = read(HEAD + "\n".join(lines))
    people = {one.number: one for one in (RASA, *known)}
    return difference(rows, people, {}, complete=complete, today=TODAY)


def test_a_task_is_due_so_many_days_after_the_position_was_taken() -> None:
    assert due_on(Need(30, 12), since_on=date(2026, 4, 3), done_on=None) == date(2026, 5, 3)


def test_what_was_done_is_due_again_when_its_months_are_over() -> None:
    done = date(2024, 2, 29)

    assert due_on(Need(30, 12), since_on=date(2024, 2, 1), done_on=done) == date(2025, 2, 28)
    assert due_on(Need(30, None), since_on=date(2024, 2, 1), done_on=done) is None


def test_what_was_done_before_it_was_asked_for_anew_does_not_count() -> None:
    since_on = date(2026, 3, 2)

    assert due_on(Need(10, None), since_on=since_on, done_on=date(2026, 3, 1)) == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("due", "done_on", "expected"),
    [
        (TODAY - timedelta(days=1), None, Standing.OVERDUE),
        (TODAY, None, Standing.TO_DO),
        (TODAY, TODAY - timedelta(days=365), Standing.SOON),
        (TODAY + timedelta(days=30), TODAY - timedelta(days=1), Standing.SOON),
        (TODAY + timedelta(days=31), TODAY - timedelta(days=1), Standing.VALID),
        (None, TODAY, Standing.VALID),
    ],
)
def test_how_a_task_stands(due: date | None, done_on: date | None, expected: Standing) -> None:
    begun = TODAY - timedelta(days=700)

    assert standing(due=due, since_on=begun, done_on=done_on, today=TODAY) is expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_months_later_is_never_in_another_month(day: date, months: int) -> None:
    later = months_later(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_the_term_begins_with_what_came_last() -> None:
    early, late = date(2026, 1, 1), date(2026, 2, 1)

    assert since(everybody=False, held_since=late, hired_on=early, required_since=early) == (
        Cause.POSITION,
        late,
    )
    assert since(everybody=True, held_since=late, hired_on=early, required_since=early) == (
        Cause.HIRED,
        early,
    )
    assert since(everybody=False, held_since=early, hired_on=early, required_since=late) == (
        Cause.RULE,
        late,
    )


def test_of_two_rules_the_stricter_holds() -> None:
    assert strictest([(Need(5, None), "once"), (Need(60, 12), "yearly"), (Need(9, 24), "x")]) == (
        "yearly"
    )


def test_a_list_tells_who_joined_moved_changed_and_left() -> None:
    told = found(
        "2;Ona;Petraitė;;;Vilnius / Warehouse;Storekeeper;",
        "3;Jonas;Kazlauskas;;;Kaunas;Driver;",
        "4;Asta;Rimkutė;;+370 1;Vilnius;Driver;",
        complete=True,
        known=(
            Known("3", "Jonas", "Kazlauskas", "", "", ("Vilnius",), "Driver", True, False, True),
            Known("4", "Asta", "Rimkutė", "", "", ("Vilnius",), "Driver", True, False, True),
        ),
    )

    assert [(one.kind, one.number) for one in told.changes] == [
        (Kind.JOINED, "2"),
        (Kind.MOVED, "3"),
        (Kind.CHANGED, "4"),
        (Kind.LEFT, "1"),
    ]
    assert [one.after for one in told.of(Kind.JOINED)] == ["Vilnius / Warehouse, Storekeeper"]


def test_nobody_leaves_by_a_list_that_is_not_complete() -> None:
    assert found("2;Ona;Petraitė;;;Vilnius;Driver;").of(Kind.LEFT) == ()


def test_the_same_list_again_changes_nothing() -> None:
    told = found("1;Rasa;Jonaitė;rasa@example.org;;Vilnius;Driver;", complete=True)

    assert (told.is_empty, told.unchanged) == (True, 1)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["2;;Petraitė;;;Vilnius;Driver;"], Why.MISSING),
        ([f"2;{'O' * 81};Petraitė;;;Vilnius;Driver;"], Why.TOO_LONG),
        (["2;Ona;Petraitė;;;Vilnius;Driver;soon"], Why.BAD_DAY),
        (["2;Ona;Petraitė;;;Vilnius;Driver;2026-03-03"], Why.LATER),
        (["2;Ona;Petraitė;;;Vilnius;Driver;"] * 2, Why.TWICE),
        (
            ["2;Ona;Petraitė;o@e.lt;;Vilnius;Driver;", "3;Ana;Petraitė;o@e.lt;;Vilnius;Driver;"],
            Why.ADDRESS_TWICE,
        ),
        (["2;Ona;Petraitė;nobody;;Vilnius;Driver;"], Why.BAD_ADDRESS),
    ],
)
def test_an_unclear_line_changes_nothing(lines: list[str], why: Why) -> None:
    told = found(*lines)

    assert {one.why for one in told.changes} == {why}
    assert told.is_empty


def test_only_the_owner_of_an_address_changes_it() -> None:
    theirs = Known("5", "Ana", "A", "a@e.lt", "", ("Vilnius",), "Driver", True, True, True)
    told = found("5;Ana;A;b@e.lt;;Vilnius;Driver;", known=(theirs,))

    assert [one.why for one in told.changes] == [Why.SIGN_IN]


def test_under_the_address_of_another_person_only_their_own_name_joins() -> None:
    rows = read(HEAD + "2;Ona;Petraitė;ona@example.org;;Vilnius;Driver;")
    kinds = [
        difference(rows, {}, {"ona@example.org": owner}, complete=False, today=TODAY)
        .changes[0]
        .kind
        for owner in ("Ona Petraitė", "Somebody Else")
    ]

    assert kinds == [Kind.JOINED, Kind.UNCLEAR]


@pytest.mark.parametrize(
    ("text", "code"), [("a,b\n1,2", "columns"), (HEAD, "empty"), ("", "columns")]
)
def test_a_list_that_is_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(ListError) as problem:
        read(text)

    assert problem.value.code == code


def test_a_difference_is_known_again_by_its_fingerprint() -> None:
    line = "2;Ona;Petraitė;;;Vilnius;Driver;"

    assert found(line).fingerprint == found(line).fingerprint
    assert found(line).fingerprint != found(line.replace("Driver", "Cook")).fingerprint
