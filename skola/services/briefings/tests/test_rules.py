from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.briefings.rules.signing import (
    Refusal,
    Side,
    digest,
    is_missing_a_half,
    refusal,
)
from skola.services.briefings.rules.texts import compared
from skola.services.courses.api import QuestionsError, questions_in, written, wrong

DAY = date(2026, 3, 2)
TWO = "Where to?\n* Outside\nUp\n\nWho calls?\nNobody\n* Anybody"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Refusal.NONE),
        ({"has_agreement": False}, Refusal.NO_AGREEMENT),
        ({"signed": ["instructed"]}, Refusal.SIGNED),
        ({"is_instructed": False}, Refusal.SAME_PERSON),
        ({"is_newest": False}, Refusal.OTHER_VERSION),
    ],
)
def test_why_the_briefed_side_cannot_sign(facts: dict[str, object], expected: Refusal) -> None:
    plain: dict[str, object] = {
        "signed": [],
        "has_agreement": True,
        "is_instructed": True,
        "is_newest": True,
    }

    assert refusal(Side.INSTRUCTED, **{**plain, **facts}) is expected  # type: ignore[arg-type]  # a mixture


def test_nobody_instructs_themselves() -> None:
    refused = refusal(
        Side.INSTRUCTOR, signed=[], has_agreement=True, is_instructed=True, is_newest=True
    )

    assert refused is Refusal.SAME_PERSON


def test_a_half_is_missing_when_its_day_is_over() -> None:
    later = date(2026, 3, 3)

    assert is_missing_a_half(["instructed"], day=DAY, today=later)
    assert not is_missing_a_half(["instructed"], day=DAY, today=DAY)
    assert not is_missing_a_half(["instructed", "instructor"], day=DAY, today=later)


def test_questions_are_read_as_they_are_written() -> None:
    found = questions_in(TWO, fewest=2, most=5)

    assert [(one.text, one.options, one.right) for one in found] == [
        ("Where to?", ("Outside", "Up"), 0),
        ("Who calls?", ("Nobody", "Anybody"), 1),
    ]
    assert questions_in(written(found), fewest=2, most=5) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Where to?\n* Outside\nUp", "number"),
        ("\n\n".join([TWO] * 3), "number"),
        (f"{TWO}\n\nWhy?\n* Because", "answers"),
        (f"{TWO}\n\nWhy?\nBecause\nSo", "right"),
        (f"{TWO}\n\nWhy?\n* Because\n* So", "right"),
    ],
)
def test_questions_that_are_none_are_refused(text: str, code: str) -> None:
    with pytest.raises(QuestionsError) as problem:
        questions_in(text, fewest=2, most=5)

    assert problem.value.code == code


def test_what_is_not_answered_right_is_named() -> None:
    assert wrong(questions_in(TWO, fewest=2, most=5), {0: 0, 1: 0}) == (1,)
    assert wrong(questions_in(TWO, fewest=2, most=5), {0: 0, 1: 1}) == ()
    assert wrong(questions_in(TWO, fewest=2, most=5), {}) == (0, 1)


def test_changed_lines_are_marked() -> None:
    found = [(one.kind, one.text) for one in compared("a\nb\nc", "a\nB\nc")]

    assert found == [("same", "a"), ("gone", "b"), ("new", "B"), ("same", "c")]


@given(st.lists(st.text("ab\n", max_size=5), max_size=6), st.lists(st.text("ab", max_size=5)))
def test_the_newer_text_is_what_is_not_gone(before: list[str], after: list[str]) -> None:
    found = compared("\n".join(before), "\n".join(after))

    kept = [one.text for one in found if one.kind != "gone"]
    assert kept == "\n".join(after).splitlines()


def test_a_digest_does_not_depend_on_the_order_of_facts() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
