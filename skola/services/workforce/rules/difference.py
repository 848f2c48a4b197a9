"""How a company's list of people differs from what is known: joined, moved, left, unclear."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from skola.ground.lists import ListError, read_list

COLUMNS = ("number", "given_name", "family_name", "email", "phone", "unit", "position", "since")
REQUIRED = ("number", "given_name", "family_name", "unit", "position")
LONGEST = {"number": 40, "given_name": 80, "family_name": 80, "email": 254, "phone": 30}
MOST_ROWS = 20_000
BETWEEN = " / "
"""Stands between a unit and the units in it: ``Vilnius / Warehouse``."""


class Kind(StrEnum):
    """What a list says about somebody."""

    JOINED = "joined"
    MOVED = "moved"
    CHANGED = "changed"
    LEFT = "left"
    UNCLEAR = "unclear"


class Why(StrEnum):
    """Why a line is unclear, and is left out."""

    MISSING = "missing"
    TOO_LONG = "too-long"
    BAD_DAY = "bad-day"
    LATER = "later"
    CYCLE = "cycle"
    """The unit stands within itself: ``A / B / A``."""
    TWICE = "twice"
    ADDRESS_TWICE = "address-twice"
    ADDRESS_TAKEN = "address-taken"
    BAD_ADDRESS = "bad-address"
    SIGN_IN = "sign-in"
    OWN = "own"
    BAD_NUMBER = "bad-number"
    """It is not of the kind by which the company knows its people."""


@dataclass(frozen=True)
class Row:
    """One line of a list, as it was written."""

    line: int
    number: str
    given_name: str
    family_name: str
    email: str
    phone: str
    unit: tuple[str, ...]
    position: str
    since: str
    said: str = ""
    """What stood for the number, where people are known by its digest."""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def place(self) -> str:
        """Where somebody works, in one line."""
        return f"{BETWEEN.join(self.unit)}, {self.position}"


@dataclass(frozen=True)
class Known:
    """Somebody of whom the company has told before."""

    number: str
    given_name: str
    family_name: str
    email: str
    phone: str
    unit: tuple[str, ...]
    position: str
    employed: bool
    signs_in: bool
    """They have an account: only they change the address with which they sign in."""
    ours: bool
    """What is known of them came from this employer alone, who may correct it."""

    @property
    def place(self) -> str:
        return f"{BETWEEN.join(self.unit)}, {self.position}"


@dataclass(frozen=True)
class Change:
    """One line of the difference."""

    kind: Kind
    number: str
    name: str
    before: str = ""
    after: str = ""
    why: Why | None = None
    row: Row | None = None


@dataclass(frozen=True)
class Difference:
    """How a list differs from what is known, and how many people it leaves as they are."""

    changes: tuple[Change, ...]
    unchanged: int

    def of(self, kind: str) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(one for one in self.changes if one.kind == kind)

    @property
    def is_empty(self) -> bool:
        """Whether applying it would change nothing."""
        return all(one.kind is Kind.UNCLEAR for one in self.changes)

    @property
    def fingerprint(self) -> str:
        """Return a digest by which it is known again: who confirms it, confirms this one."""
        said = "\n".join(repr(one) for one in self.changes)
        return hashlib.sha256(said.encode()).hexdigest()


def read(text: str) -> tuple[Row, ...]:
    """Read a list with commas, semicolons or tabs. Raises ListError."""
    if "\0" in text:
        raise ListError("signs")
    lines = read_list(text, required=REQUIRED, columns=COLUMNS, most=MOST_ROWS)
    return tuple(_row(number, told) for number, told in lines)


def read_new(text: str) -> dict[str, str]:
    """Return the new identifiers of a list by the old ones, which come once. Raises ListError."""
    if "\0" in text:
        raise ListError("signs")
    columns = ("number", "new")
    lines = read_list(text, required=columns, columns=columns, most=MOST_ROWS)
    told = {said["number"]: said["new"] for _line, said in lines}
    if len(told) < len(lines):
        raise ListError("number-twice")
    return told


def _row(number: int, told: Mapping[str, str]) -> Row:
    return Row(
        line=number,
        number=told["number"],
        given_name=told["given_name"],
        family_name=told["family_name"],
        email=told["email"].lower(),
        phone=told["phone"],
        unit=tuple(part.strip() for part in told["unit"].split("/") if part.strip()),
        position=told["position"],
        since=told["since"],
    )


def difference(
    rows: Sequence[Row],
    known: Mapping[str, Known],
    taken: Mapping[str, str],
    *,
    complete: bool,
    today: date,
) -> Difference:
    """Compare a list with what is known of the company's people, by their number.

    ``taken`` has the addresses of accounts outside of the company with their owners' names: whoever
    is listed under such an address must bear that name, then it is the same person (ema-2.5).
    Only a ``complete`` list lets those leave who are not on it. An unclear line changes nothing.
    """
    often = Counter(row.number for row in rows)
    addresses = Counter(row.email for row in rows if row.email)
    changes: list[Change] = []
    unchanged = 0
    for row in rows:
        doubt = _doubt(row, often, addresses, today)
        change = Change(Kind.UNCLEAR, row.number, row.name, why=doubt, row=row) if doubt else None
        if change is None:
            change = _compared(row, known.get(row.number), taken)
        if change is None:
            unchanged += 1
        else:
            changes.append(change)
    if complete:
        listed = set(often)
        changes += [
            Change(Kind.LEFT, one.number, f"{one.given_name} {one.family_name}", before=one.place)
            for one in known.values()
            if one.employed and one.number not in listed
        ]
    return Difference(tuple(changes), unchanged)


def _doubt(
    row: Row, often: Mapping[str, int], addresses: Mapping[str, int], today: date
) -> Why | None:
    if row.said and not row.number:
        return Why.BAD_NUMBER
    if not all((row.number, row.given_name, row.family_name, row.unit, row.position)):
        return Why.MISSING
    long = any(len(getattr(row, name)) > most for name, most in LONGEST.items())
    if long or len(row.position) > 120 or any(len(name) > 120 for name in row.unit):
        return Why.TOO_LONG
    if len({name.casefold() for name in row.unit}) < len(row.unit):
        return Why.CYCLE
    if often[row.number] > 1:
        return Why.TWICE
    if row.email and addresses[row.email] > 1:
        return Why.ADDRESS_TWICE
    if row.email and ("@" not in row.email[1:-1] or " " in row.email):
        return Why.BAD_ADDRESS
    try:
        since = begun(row, today)
    except ValueError:
        return Why.BAD_DAY
    return Why.LATER if since > today else None


def begun(row: Row, today: date) -> date:
    """Return the day from which somebody holds the place; today where the list does not say.

    Raises ValueError for what is no day.
    """
    return date.fromisoformat(row.since) if row.since else today


def _compared(row: Row, one: Known | None, taken: Mapping[str, str]) -> Change | None:
    change = Change(Kind.JOINED, row.number, row.name, after=row.place, row=row)
    if one is None:
        owner = taken.get(row.email) if row.email else None
        if owner is not None and owner.casefold() != row.name.casefold():
            return replace(change, kind=Kind.UNCLEAR, why=Why.ADDRESS_TAKEN)
        return change
    told = {name: getattr(row, name) for name in ("given_name", "family_name", "phone")}
    differs = any(getattr(one, name) != value for name, value in told.items())
    if row.email != one.email and row.email:
        if one.signs_in or row.email in taken:
            return replace(change, kind=Kind.UNCLEAR, why=Why.SIGN_IN)
        differs = True
    if differs and not one.ours:
        return replace(change, kind=Kind.UNCLEAR, why=Why.OWN)
    if not one.employed:
        return change
    if (row.unit, row.position) != (one.unit, one.position):
        return replace(change, kind=Kind.MOVED, before=one.place)
    if not differs:
        return None
    return replace(
        change,
        kind=Kind.CHANGED,
        before=_details(one),
        after=_details(row),
    )


def _details(one: Known | Row) -> str:
    said = (f"{one.given_name} {one.family_name}", one.email, one.phone)
    return ", ".join(part for part in said if part)
