"""Makers of requests for tests."""

from datetime import UTC, datetime

from skola.ground.people.models import Person
from skola.promises.policy.api import in_force
from skola.promises.rights.access.actions import write_export
from skola.promises.rights.claims.actions import About, Filed, file, open_claim
from skola.promises.rights.claims.rules import categories
from skola.promises.rights.models import Claim, Export, Objection, RightsRequest
from skola.promises.rights.requests import actions, carrying

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


def with_copy(
    person: Person, *, guardian: Person | None = None, at: datetime = A_DAY
) -> tuple[RightsRequest, Export]:
    """A request that was answered with a copy, ready to be fetched."""
    made = actions.receive_request(
        actions.Asked("access", "account", "account", "Please."),
        actions.Asker(),
        person=person,
        guardian=guardian,
        received_at=at,
        shown=actions.Shown("login"),
        by="test",
        now=at,
    )
    decision = actions.Decision("granted", "Done.")
    carrying.make_copy(made, decision, decider=None, by="test", now=at)
    copy = Export.objects.get(person=person)
    write_export(copy.pk, now=at)
    made.refresh_from_db()
    copy.refresh_from_db()
    return made, copy


def claim(person: Person, *, reviewer: Person | None = None, at: datetime = A_DAY) -> Claim | None:
    """A claim with something handed in; None where the policy keeps nothing for claims."""
    kept = categories(in_force(at).policy)
    if not kept:
        return None
    about = About("theirs", "They want their money back.", kept[:1], at.date())
    made = open_claim(person, about, reviewer=reviewer, by="test", now=at)
    file(made, Filed("court", "City Court", "The contract", at.date()), by="test", now=at)
    return made


def objection(person: Person, purpose: str = "anything", *, at: datetime = A_DAY) -> Objection:
    """An objection that was upheld."""
    return Objection.objects.create(
        person=person, purpose=purpose, state="upheld", since_at=at, decided_at=at
    )
