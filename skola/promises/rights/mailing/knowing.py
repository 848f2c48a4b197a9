"""Who is known under an e-mail address: rooms say where else somebody's address stands."""

from collections.abc import Callable, Iterable
from uuid import UUID

from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.api import Account, Person

Finder = Callable[[str], Iterable[UUID]]
_finders: dict[str, Finder] = {}


def finder(name: str, find: Finder) -> None:
    """Register where people without an account are known by an address, latest first."""
    _finders[name] = find


@reading_for(RIGHTS)
def people_under(address: str) -> tuple[UUID, ...]:
    """Return the people known under an address, whoever has an account first; each once."""
    found = list(Account.objects.filter(email=address).values_list("person_id", flat=True))
    known = Person.objects.filter(email=address).order_by("-created_at")
    found += known.values_list("pk", flat=True)
    for find in _finders.values():
        found += find(address)
    return tuple(dict.fromkeys(found))
