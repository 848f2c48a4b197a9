"""Questions to the register."""

from skola.promises.inventory.declaration import Declaration
from skola.promises.inventory.registry import declarations

PERSON_EVENTS = frozenset(
    {
        "account.closed",
        "account.created",
        "account.found_inaccurate",
        "account.found_minor",
        "account.last_action",
        "account.login",
        "any_action",
        "client.ended",
        "consent.withdrawn",
        "contract.closed",
        "contract.opened",
        "erasure.granted",
        "fiscal_year.end",
        "ground.ended",
        "minor.reported",
    }
)
"""Events that are known of a person, whatever the row."""


def declaration_of(model: str) -> Declaration:
    """Return the declaration of a model, ``desk.enquiry``, or of a library's table.

    Raises KeyError where there is none.
    """
    for one in declarations():
        if model.lower() in (one.model, one.table):
            return one
    raise KeyError(f"there is no declaration of {model}")


def clocked() -> tuple[Declaration, ...]:
    """Return the tables that have a clock of their own."""
    return tuple(one for one in declarations() if one.parts)


def categories_held() -> dict[str, tuple[str, ...]]:
    """Return the categories that this software can hold, each with its tables."""
    held: dict[str, set[str]] = {}
    for one in declarations():
        for category in one.columns.values():
            held.setdefault(category, set()).add(one.table)
    return {category: tuple(sorted(tables)) for category, tables in sorted(held.items())}


def fields_known() -> dict[str, str]:
    """Return every column about a person as a policy names it, and its category.

    ``people.person.given_name``: the model, then the column. Secrets are not among them.
    """
    return {
        f"{one.model}.{column}": category
        for one in declarations()
        if one.subject is not None and "." in one.model
        for column, category in one.columns.items()
        if column not in one.secrets
    }


def events_emitted() -> frozenset[str]:
    """Return the events that some row or some action of this release makes known."""
    return PERSON_EVENTS | {event for one in declarations() for event in one.anchors}


def states_known() -> frozenset[str]:
    """Return the states that some row of this release tells the end of."""
    return frozenset(state for one in declarations() for state in one.states)
