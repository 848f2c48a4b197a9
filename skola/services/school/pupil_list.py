"""How a list of pupils differs from who is in a school's classes: plain decisions, line by line."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from skola.ground.lists import ListError, read_list

COLUMNS = ("given_name", "family_name", "birth_on", "email", "class")
REQUIRED = ("given_name", "family_name", "class")
LONGEST = {"given_name": 80, "family_name": 80, "email": 254}
MOST_ROWS = 20_000
OLDEST = 100
"""Years of age beyond which a date of birth is a slip."""
_BROKEN = ("\ufffd", "Ã", "Â", "Ð", "â€", "Å¡", "Å¾")
"""What letters look like that were read in another encoding than they were written in."""


class Kind(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    KNOWN = "known"
    THERE = "there"
    UNCLEAR = "unclear"


class Why(StrEnum):
    """Why a line is unclear, and is left out."""

    MISSING = "missing"
    GARBLED = "garbled"
    TOO_LONG = "too-long"
    BAD_DAY = "bad-day"
    BAD_ADDRESS = "bad-address"
    NO_CLASS = "no-class"
    TWICE = "twice"
    ADDRESS_TWICE = "address-twice"
    ADDRESS_TAKEN = "address-taken"
    OTHER_CLASS = "other-class"


@dataclass(frozen=True)
class Row:
    """One line of a list, as it was written."""

    line: int
    given_name: str
    family_name: str
    birth: str
    email: str
    school_class: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def born(self) -> date | None:
        """The date of birth: 2012-05-04 or 04.05.2012; None where none is told.

        Raises ValueError.
        """
        if not self.birth:
            return None
        if "." in self.birth:
            day, month, year = self.birth.split(".")
            return date(int(year), int(month), int(day))
        return date.fromisoformat(self.birth)

    @property
    def who(self) -> tuple[str, str]:
        """By what a pupil is known again: the name, and the date of birth."""
        born = self.born
        return self.name.casefold(), born.isoformat() if born else ""


@dataclass(frozen=True)
class Line:
    """What becomes of one line, and why where it is left out."""

    kind: Kind
    row: Row
    why: Why | None = None


@dataclass(frozen=True)
class Difference:
    """What a list would change: every line of it, in its order."""

    lines: tuple[Line, ...]

    def of(self, kind: str) -> tuple[Line, ...]:
        """Return the lines of one kind."""
        return tuple(one for one in self.lines if one.kind == kind)

    @property
    def is_empty(self) -> bool:
        """Whether taking it over would change nothing."""
        return all(one.kind in (Kind.THERE, Kind.UNCLEAR) for one in self.lines)

    @property
    def fingerprint(self) -> str:
        """Return a digest by which it is known again: who confirms it, confirms this one."""
        said = "\n".join(f"{one.kind} {one.why} {one.row!r}" for one in self.lines)
        return hashlib.sha256(said.encode()).hexdigest()


def decode(raw: bytes) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a mark. Raises ListError."""
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return raw.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ListError("encoding") from problem


def read(text: str) -> tuple[Row, ...]:
    """Read a list with commas, semicolons or tabs, as spreadsheets paste it. Raises ListError."""
    told = read_list(text.strip(), required=REQUIRED, columns=COLUMNS, most=MOST_ROWS)
    return tuple(
        Row(
            line=number,
            given_name=one["given_name"],
            family_name=one["family_name"],
            birth=one["birth_on"],
            email=one["email"].lower(),
            school_class=one["class"],
        )
        for number, one in told
    )


def difference(
    rows: Sequence[Row],
    *,
    classes: Sequence[str],
    places: Mapping[tuple[str, str], str],
    addresses: Mapping[str, str],
    today: date,
) -> Difference:
    """Say of every line what it would change.

    ``classes`` are those of the running year; ``places`` has the class of each pupil of that year
    by name and date of birth, as ``Row.who``; ``addresses`` the names of who is known under an
    address: whoever is listed under it must bear that name, then it is the same person.
    """
    good = [row for row in rows if _fault(row, classes, today) is None]
    often = Counter(row.who for row in good)
    used = Counter(row.email for row in good if row.email)
    found = []
    for row in rows:
        why = _fault(row, classes, today) or _clash(row, often, used, places, addresses)
        kind = Kind.UNCLEAR if why else Kind.NEW
        if not why and places.get(row.who) == row.school_class:
            kind = Kind.THERE
        elif not why and row.email in addresses:
            kind = Kind.KNOWN
        found.append(Line(kind, row, why))
    return Difference(tuple(found))


def _fault(row: Row, classes: Sequence[str], today: date) -> Why | None:
    """Return what is wrong with a line by itself."""
    told = (row.given_name, row.family_name, row.email, row.school_class)
    if not (row.given_name and row.family_name and row.school_class):
        return Why.MISSING
    if any(sign in text for text in told for sign in _BROKEN) or not all(map(_printable, told)):
        return Why.GARBLED
    if any(len(getattr(row, name)) > most for name, most in LONGEST.items()):
        return Why.TOO_LONG
    if row.email and ("@" not in row.email[1:-1] or " " in row.email):
        return Why.BAD_ADDRESS
    try:
        born = row.born
    except ValueError:
        return Why.BAD_DAY
    if born is not None and not (today.year - OLDEST <= born.year and born <= today):
        return Why.BAD_DAY
    return None if row.school_class in classes else Why.NO_CLASS


def _printable(text: str) -> bool:
    return text.isprintable()


def _clash(
    row: Row,
    often: Mapping[tuple[str, str], int],
    used: Mapping[str, int],
    places: Mapping[tuple[str, str], str],
    addresses: Mapping[str, str],
) -> Why | None:
    """Return what is wrong with a line beside the others, and beside who is known."""
    if often[row.who] > 1:
        return Why.TWICE
    if row.email and used[row.email] > 1:
        return Why.ADDRESS_TWICE
    known = addresses.get(row.email) if row.email else None
    if known is not None and known.casefold() != row.name.casefold():
        return Why.ADDRESS_TAKEN
    place = places.get(row.who)
    return Why.OTHER_CLASS if place not in (None, row.school_class) else None
