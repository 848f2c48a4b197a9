"""Who is known under an address or a phone number: rooms say where else it stands."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.api import Account, Person

Finder = Callable[[str], Iterable[UUID]]
_finders: dict[str, Finder] = {}


def finder(name: str, find: Finder) -> None:
    """Register where people without an account are known by an address, latest first."""
    _finders[name] = find


Knows = Callable[[str], bool]
Adopts = Callable[[str, str, datetime], Person]
_numbers: dict[str, tuple[Knows, Adopts]] = {}


def numbers(name: str, knows: Knows, adopts: Adopts) -> None:
    """Register where records stand under a phone number alone (ilearn-4.c).

    ``adopts(number, by, now)`` makes them somebody's, and returns whose; it runs in a transaction.
    """
    _numbers[name] = (knows, adopts)


@reading_for(RIGHTS)
def is_known_number(number: str) -> bool:
    """Whether anything stands under a phone number."""
    return any(knows(number) for knows, _ in _numbers.values())


@reading_for(RIGHTS)
def person_of_number(number: str, *, by: str, now: datetime) -> Person | None:
    """Return whose the records under a phone number are; nameless where nobody is known."""
    for knows, adopts in _numbers.values():
        if knows(number):
            return adopts(number, by, now)
    return None


@reading_for(RIGHTS)
def people_under(address: str) -> tuple[UUID, ...]:
    """Return the people known under an address, whoever has an account first; each once."""
    found = list(Account.objects.filter(email=address).values_list("person_id", flat=True))
    known = Person.objects.filter(email=address).order_by("-created_at")
    found += known.values_list("pk", flat=True)
    for find in _finders.values():
        found += find(address)
    return tuple(dict.fromkeys(found))
