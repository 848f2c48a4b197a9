"""Makers of requests for tests."""

from datetime import UTC, datetime

from skola.ground.people.models import Person
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.requests import actions

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def request(
    person: Person | None = None,
    *,
    kind: str = "rectification",
    proven: bool = True,
    reply_by: str = "account",
    address: str = "",
    at: datetime = A_DAY,
) -> RightsRequest:
    """A request that came by the account."""
    return actions.receive_request(
        actions.Asked(kind, "account", reply_by, "Please."),
        actions.Asker(address=address),
        person=person,
        received_at=at,
        shown=actions.Shown("login") if proven else None,
        by="test",
        now=at,
    )


def answered(person: Person | None = None, *, at: datetime = A_DAY) -> RightsRequest:
    """A request that was answered."""
    made = request(person, at=at)
    actions.decide(made, actions.Decision("granted", "Done."), decider=None, by="test", now=at)
    return made
