"""Decisions about pupils' data: national codes, and which purpose reads which field."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

OFFICIAL = ("given_name", "family_name", "birth_on", "code", "class")
"""What the school alone changes (ekool-8.5-edit)."""
CONTACTS = ("email", "phone", "address")
"""What pupils and guardians change."""

COMPARED = ("given_name", "family_name", "birth_on", *CONTACTS)
"""What a register may say of a pupil (ekool-4.2.5)."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "timetable": ("given_name", "family_name", "class"),
    "support": ("given_name", "family_name", "class"),
    "attendance": ("given_name", "family_name", "class"),
    "reaching-families": ("given_name", "family_name", "class", *CONTACTS),
    "register": ("given_name", "family_name", "birth_on", "code", "class", *CONTACTS),
}
"""Purpose of a reading: the fields it needs; whatever else there is stays out (ekool-2.7)."""
DELICATE = frozenset({"code"})
"""Fields for which a sign-in by e-mail alone is too weak (ekool-4.2.1)."""


def needs_stronger(purpose: str) -> bool:
    """Whether who reads for this purpose has to have signed in with a second factor."""
    return bool(DELICATE.intersection(FIELDS[purpose]))


def only_needed(values: Mapping[str, str], purpose: str) -> dict[str, str]:
    """Return the values that a purpose needs, in the order of its fields."""
    return {name: values[name] for name in FIELDS[purpose] if name in values}


class Audience(StrEnum):
    """Who sees a contact detail of somebody."""

    LEADER = "leader"
    CLASS = "class"


def says_the_same(held: str, told: str) -> bool:
    """Whether a register says what is held; blanks and capitals make no difference."""
    return " ".join(held.split()).casefold() == " ".join(told.split()).casefold()


def masked(code: str) -> str:
    """Return a national code as pages show it before it is asked for: its first digit only."""
    return code[:1] + "•" * (len(code) - 1)


def plain(code: str) -> str:
    """Return a national code without blanks and dashes."""
    return "".join(sign for sign in code if sign.isalnum()).upper()


def is_code(code: str, country: str) -> bool:
    """Whether a plain code can be a national code of the country; length and sign elsewhere.

    Estonia and Lithuania share their check digit: weights 1-9, 1, then 3-9, 1-3, modulo 11.
    Source: EVS 585:2007; Lithuanian law on the population register, Art. 8.
    """
    if country not in ("EE", "LT"):
        return 6 <= len(code) <= 20
    if len(code) != 11 or not code.isdecimal():
        return False
    return int(code[10]) == _check_digit([int(sign) for sign in code[:10]])


def _check_digit(digits: list[int]) -> int:
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)):
        rest = sum(a * b for a, b in zip(weights, digits, strict=True)) % 11
        if rest < 10:
            return rest
    return 0


def official_in(sent: Iterable[str]) -> list[str]:
    """Return the official fields that somebody tried to send."""
    there = set(sent)
    return [name for name in OFFICIAL if name in there]
