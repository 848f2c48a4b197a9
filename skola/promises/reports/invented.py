"""Values that stand where people's data stood: of the same kind and length, about nobody."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

_SYLLABLES = "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu ta te ti"
SYLLABLES = tuple(_SYLLABLES.split())


class Inventor:
    """Makes values. What was one thing stays one thing: a key is replaced by the same key again."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._keys: dict[str, UUID] = {}
        self._number = 0
        self._moved = timedelta(days=chance.randrange(40, 400))

    def key(self, value: Any) -> str:
        """Return the key that stands for this one everywhere in the set."""
        made = self._keys.get(str(value))
        if made is None:
            made = self._keys[str(value)] = UUID(int=self._chance.getrandbits(128), version=4)
        return str(made)

    def moment(self, value: date | datetime) -> date | datetime:
        """Return a day or moment earlier by as many days as all others."""
        return value - self._moved

    def birthday(self, value: date) -> date:
        """Return another day of the year before or after."""
        return date(value.year + self._chance.choice((-1, 1)), 1, 1) + timedelta(
            days=self._chance.randrange(365)
        )

    def words(self, longest: int | None) -> str:
        """Return words that nobody wrote and that stand once in the set, at most so long."""
        self._number += 1
        made = "".join(self._chance.choices(SYLLABLES, k=3)).capitalize()
        told = f"{made} {self._number}"
        if longest is None or len(told) <= longest:
            return told
        return f"{self._number:x}"[-longest:]

    def address(self) -> str:
        """Return an e-mail address of the domain that is kept for tests (RFC 2606)."""
        self._number += 1
        return f"person{self._number}@example.test"
