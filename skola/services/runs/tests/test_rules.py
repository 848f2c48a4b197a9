"""Decisions about runs, at their edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground.lists import ListError
from skola.services.runs.rules import (
    Standing,
    Verdict,
    expected,
    open_link,
    preview,
    read,
    reminder_due,
    standing,
)

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 31)
A_DAY = timedelta(days=1)
HEAD = "given_name,family_name,email\n"


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (FIRST - A_DAY, 0),
        (FIRST, 0),
        (FIRST + 2 * A_DAY, 0),
        (FIRST + 3 * A_DAY, 1),
        (LAST, 9),
        (LAST + A_DAY, 10),
        (LAST + 100 * A_DAY, 10),
    ],
)
def test_ten_lessons_in_thirty_days_are_one_in_three(day: date, due: int) -> None:
    assert expected(10, FIRST, LAST, day) == due


@given(st.integers(0, 500), st.integers(0, 400), st.integers(-50, 500))
def test_what_is_expected_never_falls_and_never_exceeds_all(
    total: int, length: int, passed: int
) -> None:
    ends_on = FIRST + timedelta(days=length)
    today = FIRST + timedelta(days=passed)
    due = expected(total, FIRST, ends_on, today)
    assert 0 <= due <= expected(total, FIRST, ends_on, today + A_DAY) <= total


@pytest.mark.parametrize(
    ("done", "begun", "finished", "day", "stands"),
    [
        (10, True, True, LAST + A_DAY, Standing.DONE),
        (9, True, False, LAST + A_DAY, Standing.LATE),
        (9, True, False, LAST, Standing.ON_THE_WAY),
        (8, True, False, LAST, Standing.BEHIND),
        (0, False, False, LAST, Standing.NOT_BEGUN),
        (0, True, False, FIRST, Standing.ON_THE_WAY),
    ],
)
def test_how_somebody_stands(
    done: int, begun: bool, finished: bool, day: date, stands: Standing
) -> None:
    due = expected(10, FIRST, LAST, day)
    assert stands == standing(
        done=done, begun=begun, finished=finished, due=due, ends_on=LAST, today=day
    )


def test_a_reminder_is_due_from_its_day_to_the_last_one() -> None:
    due = LAST - timedelta(days=7)
    assert [reminder_due(LAST, 7, day) for day in (due - A_DAY, due, LAST, LAST + A_DAY)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_link_lets_in_up_to_its_limit_and_on_its_last_day() -> None:
    def lets(came: int = 2, is_open: bool = True, today: date = LAST) -> bool:
        return open_link(is_open=is_open, limit=3, came=came, ends_on=LAST, today=today)

    assert lets()
    assert not lets(came=3)
    assert not lets(is_open=False)
    assert not lets(today=LAST + A_DAY)


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_list_is_read_with_its_own_signs_between(between: str) -> None:
    text = (HEAD + "Ola,Berg,OLA@x.example\n,,\n").replace(",", between)
    (row,) = read(text)
    assert (row.line, row.name, row.email) == (2, "Ola Berg", "ola@x.example")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "columns"),
        ("name,email\n", "columns"),
        (HEAD, "empty"),
        (HEAD + "a,b,c@d.e\n" * 5_001, "long"),
        (HEAD + '"' + "x" * 140_000, "csv"),
    ],
)
def test_what_is_no_list_is_refused(text: str, code: str) -> None:
    with pytest.raises(ListError) as problem:
        read(text)
    assert problem.value.code == code


def test_every_line_is_judged_by_itself() -> None:
    text = HEAD + "\n".join(
        [
            "New,One,new@x.example",
            "Known,One,known@x.example",
            "There,One,there@x.example",
            ",One,nameless@x.example",
            "No,Address,",
            "Bad,Address,here",
            "Bad,Address,a b@x.example",
            "Twice,One,twice@x.example",
            "Twice,Two,TWICE@x.example",
            f"{'x' * 81},One,long@x.example",
        ]
    )
    shown = preview(
        read(text), known={"known@x.example", "there@x.example"}, there={"there@x.example"}
    )

    assert [one.verdict for one in shown.lines] == [
        Verdict.NEW,
        Verdict.KNOWN,
        Verdict.THERE,
        Verdict.MISSING,
        Verdict.MISSING,
        Verdict.BAD_ADDRESS,
        Verdict.BAD_ADDRESS,
        Verdict.TWICE,
        Verdict.TWICE,
        Verdict.TOO_LONG,
    ]
    assert [row.name for row in shown.adds] == ["New One", "Known One"]
    assert len(shown.faults) == 7
