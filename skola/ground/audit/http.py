"""Who acts in a request, as the audit knows them."""

from typing import Any

from skola.ground.audit.actions import pseudonym


def by(request: Any) -> str:
    """Return the pseudonym of who is signed in, or ``visitor``."""
    person = request.person
    return pseudonym(person.pk) if person else "visitor"
