"""By what a client knows its people: staff number, birth date or personal code (ema-2.1.10)."""

from datetime import date
from enum import StrEnum

MASK = "•" * 11
"""How pages show what is held sealed: nothing of it."""
LONGEST = 40
OLDEST = date(1900, 1, 1)


class Identifier(StrEnum):
    """The kinds from which a client chooses one for all of its people."""

    STAFF = "staff"
    BIRTH = "birth"
    CODE = "code"


def plain(kind: str, said: str) -> str:
    """Return what was written as it is kept, or nothing where it is none of this kind.

    Birth dates are written like 1980-03-02. A personal code may be of any country, so it is looked
    at no further: 6 to 20 letters and digits, with a digit among them.
    """
    if kind == Identifier.BIRTH:
        return _birth_date(said.strip())
    if kind == Identifier.CODE:
        code = "".join(sign for sign in said if sign.isalnum()).upper()
        return code if 6 <= len(code) <= 20 and any(sign.isdecimal() for sign in code) else ""
    return said.strip() if len(said.strip()) <= LONGEST else ""


def _birth_date(said: str) -> str:
    try:
        born = date.fromisoformat(said)
    except ValueError:
        return ""
    return born.isoformat() if born >= OLDEST else ""
