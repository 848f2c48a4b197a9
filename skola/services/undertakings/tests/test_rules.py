"""What counts as a signature."""

import pytest

from skola.services.undertakings.rules import is_signature


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        ("Kadri Põld", True),
        ("  kadri   PÕLD ", True),
        ("Kadri", False),
        ("Kadri Põldmaa", False),
        ("", False),
    ],
)
def test_a_signature_is_ones_own_full_name(typed: str, is_one: bool) -> None:
    assert is_signature(typed, "Kadri Põld") is is_one


def test_who_has_no_name_cannot_sign() -> None:
    assert not is_signature("", "")
