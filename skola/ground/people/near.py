"""Who may write to whom, as the rooms know it: each says whom a person has to do with, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from skola.ground.people.models import Person

MOST = 100
"""People that a room tells at most; who is not among them is searched by name."""


@dataclass(frozen=True)
class Near:
    """Somebody whom a person has to do with, and why, in the reader's language."""

    person: Person
    why: str


@dataclass(frozen=True)
class Sought:
    """Whom one looks for: one person, or all whose names have these words."""

    only: UUID | None = None
    words: str = ""

    def among(self, field: str) -> Q:
        """Return the condition that ``field`` leads to one of them who can sign in."""
        found = Q(**{f"{field}__account__is_active": True})
        if self.only is not None:
            found &= Q(**{f"{field}_id": self.only})
        for word in self.words.split()[:4]:
            found &= Q(**{f"{field}__given_name__icontains": word}) | Q(
                **{f"{field}__family_name__icontains": word}
            )
        return found


def one_each(found: Iterable[Near]) -> list[Near]:
    """Return each person once, with all reasons, in the order of family names."""
    people: dict[UUID, Person] = {}
    reasons: dict[UUID, list[str]] = {}
    for one in found:
        people.setdefault(one.person.pk, one.person)
        there = reasons.setdefault(one.person.pk, [])
        if one.why not in there:
            there.append(one.why)
    ordered = sorted(people.values(), key=lambda who: (who.family_name, who.given_name, who.pk))
    return [Near(one, ", ".join(reasons[one.pk])) for one in ordered]
