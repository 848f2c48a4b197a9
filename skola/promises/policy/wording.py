"""The words of generated tables and sentences, in the languages that a policy can have.

They lie in ``wording/LANGUAGE.toml``, one file a language with the same keys, for translators.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from skola.promises.policy.forms import in_words
from skola.promises.policy.periods import Term

FOLDER = Path(__file__).parent / "wording"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A term in a sentence of one language; ``{period:genitive}`` asks for its genitive."""

    term: Term
    language: str

    def __format__(self, case: str) -> str:
        return in_words(self.term, self.language, case or "nominative")


@dataclass(frozen=True)
class Wording:
    """The words of one language."""

    language: str
    lists: Mapping[str, Any]

    def word(self, kind: str, word: str) -> str:
        """A word of a list, ``events`` or ``bases``; a word that is not there stands for itself."""
        found: str = self.lists[kind].get(word, word)
        return found

    def source(self, source: str) -> str:
        """Where data come from; a policy may write ``payment provider`` as two words."""
        return self.word("sources", source.replace(" ", "-"))

    def sentence(self, name: str, **parts: object) -> str:
        """A sentence with its parts filled in; terms are given as Term."""
        spoken = {
            key: Spoken(part, self.language) if isinstance(part, Term) else part
            for key, part in parts.items()
        }
        template: str = self.lists["sentences"][name]
        return template.format(**spoken)

    def day(self, day: date) -> str:
        """A calendar day: ``17 August 2020``."""
        pattern: str = self.lists["date"]
        return pattern.format(day=day.day, month=self.lists["months"][day.month - 1], year=day.year)

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """The day of a moment in a time zone, with the time when it is not midnight."""
        local = moment.astimezone(zone)
        day = self.day(local.date())
        return day if (local.hour, local.minute) == (0, 0) else f"{day}, {local:%H:%M}"


@cache
def wording(language: str) -> Wording:
    """The words of a language. Raises KeyError for one that there is not."""
    path = FOLDER / f"{language}.toml"
    if not path.exists():
        raise KeyError(language)
    return Wording(language, tomllib.loads(path.read_text(encoding="utf-8")))
