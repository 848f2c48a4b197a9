from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.rights.requests.rules import (
    ANYBODY,
    Ground,
    Proof,
    Step,
    accepted,
    after_pause,
    is_whole,
    level,
    step_of,
)

DAY = date(2026, 3, 2)
DAYS = st.integers(0, 400).map(lambda days: DAY + timedelta(days=days))


def test_a_step_follows_from_what_is_on_record() -> None:
    steps = [
        step_of("access", proven=False, decided=False, closed=False),
        step_of("access", proven=True, decided=False, closed=False),
        step_of("access", proven=True, decided=True, closed=False),
        step_of("access", proven=True, decided=True, closed=True),
    ]

    assert steps == list(Step)


@pytest.mark.parametrize("kind", sorted(ANYBODY))
def test_what_opens_no_data_needs_no_proof(kind: str) -> None:
    assert step_of(kind, proven=False, decided=False, closed=False) is Step.DECIDE


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 0), (14, 0), (15, 50), (23, 75), (27, 90), (30, 90), (31, 100)]
)
def test_a_month_is_warned_of_at_half_three_quarters_nine_tenths_and_when_it_is_over(
    days: int, expected: int
) -> None:
    assert level(DAY, DAY + timedelta(days=30), DAY + timedelta(days=days)) == expected


def test_what_is_promised_for_today_is_late_tomorrow() -> None:
    assert [level(DAY, DAY, DAY + timedelta(days=days)) for days in (0, 1)] == [0, 100]


@given(DAYS, DAYS, DAYS)
def test_the_level_never_falls_as_days_pass(promised: date, one: date, other: date) -> None:
    earlier, later = sorted((one, other))

    assert level(DAY, promised, earlier) <= level(DAY, promised, later)


@given(DAYS, DAYS, DAYS)
def test_a_pause_moves_the_promised_day_by_its_days_and_never_back(
    promised: date, one: date, other: date
) -> None:
    begin, end = sorted((one, other))

    assert after_pause(promised, begin, end) - promised == end - begin
    assert after_pause(promised, end, begin) == promised


def test_a_proof_counts_where_the_policy_names_it_and_a_document_everywhere() -> None:
    everywhere = {Proof.DOCUMENT, Proof.LOGIN, Proof.SECOND_FACTOR}
    assert accepted([]) == everywhere
    assert accepted(["email-confirmation"]) == everywhere | {Proof.CODE}
    assert accepted(["qualified-signature", "signature"]) == everywhere | {
        Proof.SIGNED_FILE,
        Proof.SIGNATURE,
    }


@pytest.mark.parametrize(
    ("outcome", "ground", "duty", "expected"),
    [
        ("granted", "", "", True),
        ("granted", "claim", "", False),
        ("refused", "", "", False),
        ("partly", "claim", "", True),
        ("refused", Ground.DUTY, "", False),
        ("refused", Ground.DUTY, "invoices", True),
        ("refused", "claim", "invoices", False),
    ],
)
def test_what_is_withheld_names_its_ground_and_a_duty_its_law(
    outcome: str, ground: str, duty: str, expected: bool
) -> None:
    assert is_whole(outcome=outcome, ground=ground, duty=duty) is expected
