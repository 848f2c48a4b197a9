"""National codes, and which purpose reads which field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.pupils import rules

CODE = "51205040011"


@pytest.mark.parametrize(
    ("code", "country", "good"),
    [
        (CODE, "EE", True),
        (CODE[:-1] + "8", "EE", False),
        ("512050400", "EE", False),
        ("5120504001A", "LT", False),
        ("200512-1234".replace("-", ""), "SE", True),
        ("123", "SE", False),
    ],
)
def test_a_code_is_right_by_its_country(code: str, country: str, good: bool) -> None:
    assert rules.is_code(code, country) is good


@given(st.text(alphabet="0123456789", min_size=10, max_size=10))
def test_of_ten_last_digits_at_most_one_is_right(ten: str) -> None:
    assert sum(rules.is_code(ten + str(last), "EE") for last in range(10)) == 1


def test_a_reading_gets_the_fields_of_its_purpose_and_no_other() -> None:
    held = {"given_name": "Mari", "code": CODE, "phone": "1", "class": "7.B"}

    assert rules.only_needed(held, "timetable") == {"given_name": "Mari", "class": "7.B"}
    assert set(rules.only_needed(held, "register")) == set(held)
    assert {name for name in rules.FIELDS if rules.needs_stronger(name)} == {"register"}
    assert rules.masked(CODE) == "5••••••••••"
