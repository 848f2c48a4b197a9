from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.exams import rules
from skola.services.exams.rules import Filmed, Gap

BEGUN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("kind", "key", "answer", "points"),
    [
        ("single", ["1"], ["1"], 4),
        ("single", ["1"], ["0"], 0),
        ("single", ["1"], [], 0),
        ("multiple", ["0", "2"], ["0", "2"], 4),
        ("multiple", ["0", "2"], ["0"], 2),
        ("multiple", ["0", "2"], ["0", "1", "2"], 2),
        ("multiple", ["0", "2"], ["0", "1"], 0),
        ("multiple", ["0", "1", "2"], ["0"], Decimal("1.33")),
        ("number", ["3.14", "0.01"], ["3,15"], 4),
        ("number", ["3.14", "0.01"], ["3.16"], 0),
        ("number", ["3"], ["3.0"], 4),
        ("number", ["3"], ["three"], 0),
        ("number", ["3"], ["nan"], 0),
        ("short", ["Rīga", "Riga"], ["  rīga "], 4),
        ("short", ["Rīga"], ["Riga"], 0),
        ("short", ["Rīga"], [""], 0),
        ("long", [], ["A text."], None),
    ],
)
def test_points_by_the_key(
    kind: str, key: list[str], answer: list[str], points: int | Decimal | None
) -> None:
    assert rules.points_for(kind, key=key, worth=4, answer=answer) == points


@given(
    st.sets(st.sampled_from("01234"), min_size=1),
    st.sets(st.sampled_from("01234")),
    st.integers(1, 100),
)
def test_several_choices_never_give_less_than_nothing_or_more_than_all(
    key: set[str], answer: set[str], worth: int
) -> None:
    points = rules.points_for("multiple", key=sorted(key), worth=worth, answer=sorted(answer))

    assert points is not None
    assert 0 <= points <= worth
    assert (points == worth) == (answer == key)


@pytest.mark.parametrize(
    ("kind", "options", "key", "fault"),
    [
        ("single", ["a", "b"], ["0"], ""),
        ("single", ["a"], ["0"], "options"),
        ("single", ["a", "a"], ["0"], "options"),
        ("single", ["a", "b"], [], "key"),
        ("single", ["a", "b"], ["0", "1"], "key"),
        ("multiple", ["a", "b"], ["0", "1"], ""),
        ("multiple", ["a", "b"], ["2"], "key"),
        ("number", [], ["1", "0.5"], ""),
        ("number", [], [], "key"),
        ("number", [], ["one"], "key"),
        ("short", [], [" "], "key"),
        ("long", [], [], ""),
    ],
)
def test_what_is_wrong_with_a_question(
    kind: str, options: list[str], key: list[str], fault: str
) -> None:
    assert rules.key_fault(kind, options=options, key=key) == fault


def test_half_of_the_points_pass_at_fifty_percent() -> None:
    assert rules.passed(Decimal("5"), of=10, percent=50)
    assert not rules.passed(Decimal("4.99"), of=10, percent=50)


def test_the_end_counts_by_the_servers_clock() -> None:
    ends = BEGUN + 60 * timedelta(minutes=1)

    assert not rules.is_late(ends, ends + rules.LATE)
    assert rules.is_late(ends, ends + rules.LATE + SECOND)
    assert not rules.time_is_up(ends, ends + rules.OFFLINE)
    assert rules.time_is_up(ends, ends + rules.OFFLINE + SECOND)
    assert rules.finished_at(ends, ends + rules.OFFLINE) == ends
    assert rules.finished_at(ends, BEGUN) == BEGUN


@pytest.mark.parametrize(("seconds", "days"), [(0, 0), (1, 1), (86_400, 1), (86_401, 2), (-5, 0)])
def test_days_left_count_a_begun_day(seconds: int, days: int) -> None:
    assert rules.days_left(BEGUN + seconds * SECOND, BEGUN) == days


def test_who_marked_first_and_whose_it_is_cannot_decide() -> None:
    assert not rules.may_decide("marker", marker="marker", candidate="c")
    assert not rules.may_decide("c", marker="marker", candidate="c")
    assert rules.may_decide("other", marker="marker", candidate="c")


def gaps(*runs: Filmed, minutes: int = 1) -> list[Gap]:
    return rules.gaps(runs, begun_at=BEGUN, ended_at=BEGUN + minutes * timedelta(minutes=1))


def test_a_film_of_the_whole_attempt_has_no_gap() -> None:
    assert gaps(Filmed(BEGUN + SECOND, 58_500)) == []


def test_what_was_not_filmed_is_a_gap_before_between_inside_and_after() -> None:
    found = gaps(
        Filmed(BEGUN + 5 * SECOND, 20_000, pauses=((4_000, 9_000),)),
        Filmed(BEGUN + 30 * SECOND, 20_000),
    )

    assert [
        ((one.begun_at - BEGUN).seconds, (one.ended_at - BEGUN).seconds, one.seconds)
        for one in found
    ] == [(0, 5, 5), (9, 14, 5), (25, 30, 5), (50, 60, 10)]


def test_nothing_filmed_is_one_gap() -> None:
    assert [one.seconds for one in gaps()] == [60]


@given(st.lists(st.tuples(st.integers(0, 70_000), st.integers(0, 70_000)), max_size=6))
def test_gaps_and_film_together_cover_the_attempt(spans: list[tuple[int, int]]) -> None:
    runs = [Filmed(BEGUN + timedelta(milliseconds=at), length) for at, length in spans]
    found = gaps(*runs)

    covered = [False] * 60
    for second in range(60):
        middle = BEGUN + second * SECOND + timedelta(milliseconds=500)
        filmed = any(one.begun_at <= middle <= one.ended_at for one in runs)
        missing = any(one.begun_at <= middle <= one.ended_at for one in found)
        near = any(
            abs((edge - middle).total_seconds()) < 2
            for one in runs
            for edge in (one.begun_at, one.ended_at)
        )
        covered[second] = filmed or missing or near or not runs
        assert not (filmed and missing) or near
    assert all(covered)
    assert all(one.begun_at < two.begun_at for one, two in pairwise(found))


def test_a_short_pause_is_no_gap() -> None:
    assert rules.pause_before(10_000, begins_ms=11_999) is None
    assert rules.pause_before(10_000, begins_ms=12_000) == (10_000, 12_000)
