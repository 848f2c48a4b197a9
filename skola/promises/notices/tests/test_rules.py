from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.notices import words
from skola.promises.notices.rules import (
    Mark,
    State,
    anchor,
    marks_of,
    state_of,
    tally,
    youngest_birthday,
)

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def mark(state: State, rule: str = "retention.calls", *clauses: str) -> Mark:
    return Mark(state, rule, clauses, "said")


@pytest.mark.parametrize(
    ("states", "amount"),
    [
        ([], State.STATEMENT),
        ([State.STATEMENT], State.STATEMENT),
        ([State.UNCHECKED, State.STATEMENT], State.UNCHECKED),
        ([State.KEPT, State.UNCHECKED], State.KEPT),
        ([State.KEPT, State.BROKEN], State.BROKEN),
    ],
)
def test_one_broken_promise_breaks_the_paragraph(states: list[State], amount: State) -> None:
    assert state_of([mark(state) for state in states]) is amount


def test_marks_of_a_paragraph_share_a_clause_or_are_referred_to_worst_first() -> None:
    by_clause = mark(State.KEPT, "purpose.learn", "x-1")
    by_words = mark(State.BROKEN, "retention.calls", "x-9")
    other = mark(State.KEPT, "retention.callsigns", "x-8")
    found = marks_of(["x-1"], ["retention.calls.at_most.period"], [by_clause, other, by_words])
    assert found == (by_words, by_clause)


def test_a_rule_is_found_under_each_of_its_names() -> None:
    right = Mark(State.KEPT, "right.access", (), "said", also=("right.portability",))
    assert marks_of([], ["right.portability.deadline"], [right]) == (right,)


@given(st.lists(st.sampled_from(list(State))))
def test_every_mark_is_counted_once(states: list[State]) -> None:
    counted = tally([mark(state) for state in states], at=AT)
    numbers = (counted.kept, counted.broken, counted.unchecked, counted.statements, counted.stale)
    assert sum(numbers) == len(states)
    assert counted.checked == counted.kept + counted.broken


def test_anchors_are_numbers_with_a_letter_or_words() -> None:
    assert (anchor("20"), anchor("1.1.2"), anchor("change")) == ("p20", "p1.1.2", "p-change")


@pytest.mark.parametrize(
    ("today", "latest"),
    [
        (date(2026, 3, 2), date(2013, 3, 2)),
        (date(2028, 2, 29), date(2015, 2, 28)),
    ],
)
def test_who_has_a_birthday_today_is_old_enough(today: date, latest: date) -> None:
    assert youngest_birthday(today, 13) == latest


def test_a_translation_that_asks_for_another_fact_does_not_break_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "gettext", lambda _: "%(title)s är borta")
    found = Mark(State.BROKEN, "retention.calls", (), "Late: %(overdue)s.", {"overdue": 3})
    assert words.finding(found) == "Late: 3."
