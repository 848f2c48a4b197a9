"""Makers of disclosures for tests: plain functions with honest defaults."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

from skola.ground.ids import uuid7
from skola.ground.people.models import Person
from skola.promises.disclosures.models import Demand, Disclosure, Paper, Party, Telling

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_numbers = count(1)


def party(
    entry: str = "processor.partners",
    *,
    name: str = "",
    country: str = "LV",
    email: str = "",
    papers: Sequence[str] = ("agreement",),
    reference: str = "A-1",
    published: bool = True,
    at: datetime = A_DAY,
) -> Party:
    """Somebody in the register who is active, with papers that have no end."""
    made = Party.objects.create(
        entry=entry,
        name=name or f"Partner {next(_numbers)}",
        country=country,
        email=email,
        registered_at=at,
        changed_on=at.date(),
        activated_at=at,
        active_from=at,
        published_at=at if published else None,
    )
    for kind in papers:
        Paper.objects.create(
            party=made, kind=kind, reference=reference, valid_from=at.date(), recorded_at=at
        )
    return made


def disclosure(person: Person, to: Party | None = None, *, at: datetime = A_DAY) -> Disclosure:
    """An entry of the ledger."""
    to = to or party(at=at)
    return Disclosure.objects.create(
        person=person,
        party=to,
        recipient=to.name,
        country=to.country,
        third=False,
        ground="contract",
        purpose="invoicing",
        form="personal",
        fields=["people.person.email"],
        records=1,
        digest="0" * 64,
        at=at,
        once=uuid7(),
    )


def demand(person: Person, by: Party | None = None, *, at: datetime = A_DAY) -> Demand:
    """A demand of which nothing but its person is known yet."""
    by = by or party("recipient.state-bodies", papers=(), at=at)
    return Demand.objects.create(person=person, party=by, received_at=at)


def telling(to: Party | None = None, *, at: datetime = A_DAY) -> Telling:
    """A recipient is to confirm an erasure."""
    return Telling.objects.create(
        party=to or party(at=at),
        what="erasure",
        case=uuid7(),
        opened_at=at,
        due_on=at.date(),
        is_sent=False,
    )
