from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.documents.rules import (
    Answer,
    answer,
    grouped,
    label,
    read_code,
    read_label,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)


@given(st.integers(2000, 2999).map(str), st.integers(1, 999_999_999))
def test_a_number_is_read_as_it_is_printed(series: str, number: int) -> None:
    assert read_label(f" {label(series, number)} ") == (series, number)


@pytest.mark.parametrize("told", ["", "17", "-17", "2026-", "2026-x", "2026-٣", "2026-1234567890"])
def test_what_is_no_number_is_none(told: str) -> None:
    assert read_label(told) is None


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=12, max_size=12))
def test_a_code_is_read_however_it_is_written(code: str) -> None:
    assert read_code(grouped(code).lower().replace("-", " - ")) == code


def test_the_page_says_one_of_three_things() -> None:
    assert answer(found=True, annulled_at=None) is Answer.VALID
    assert answer(found=True, annulled_at=AT) is Answer.ANNULLED
    assert answer(found=False, annulled_at=AT) is Answer.UNKNOWN
