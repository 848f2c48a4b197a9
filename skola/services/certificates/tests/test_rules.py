from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.certificates.rules import Standing, is_due, last_day


@pytest.mark.parametrize(
    ("standing", "due"),
    [
        (Standing(finished=True, exam_asked=False, exam_passed=False, holds_valid=False), True),
        (Standing(finished=True, exam_asked=True, exam_passed=True, holds_valid=False), True),
        (Standing(finished=True, exam_asked=True, exam_passed=False, holds_valid=False), False),
        (Standing(finished=False, exam_asked=True, exam_passed=True, holds_valid=False), False),
        (Standing(finished=True, exam_asked=False, exam_passed=False, holds_valid=True), False),
    ],
)
def test_a_certificate_is_due_when_all_is_done_and_none_is_held(
    standing: Standing, due: bool
) -> None:
    assert is_due(standing) is due


def test_a_validity_ends_on_the_day_of_the_month_or_its_last() -> None:
    assert last_day(date(2026, 3, 2), 12) == date(2027, 3, 2)
    assert last_day(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert last_day(date(2026, 11, 30), 1) == date(2026, 12, 30)
    assert last_day(date(2026, 3, 2), None) is None


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(1, 240))
def test_a_longer_validity_never_ends_sooner(on: date, months: int) -> None:
    shorter, longer = last_day(on, months), last_day(on, months + 1)
    assert shorter is not None
    assert longer is not None
    assert on < shorter < longer
