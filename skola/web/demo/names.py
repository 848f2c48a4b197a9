"""Names of four countries, from ``names.toml``."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())


@dataclass(frozen=True)
class Names:
    """Given names and family names for women and men; in Latvia and Lithuania these differ."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    women_family: tuple[str, ...]
    men_family: tuple[str, ...]

    def draw(self, chance: Random) -> tuple[str, str]:
        """Return a given and a family name that go together."""
        if chance.random() < 0.52:
            return chance.choice(self.women), chance.choice(self.women_family)
        return chance.choice(self.men), chance.choice(self.men_family)


def of(country: str) -> Names:
    """Return the names of a country: ``EE``, ``LT``, ``LV`` or ``SE``."""
    return Names(**{kind: tuple(words.split()) for kind, words in _WORDS[country].items()})
