"""Consents of the invented past: given in the account or by phone, some withdrawn, some expired."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from skola.ground.people.api import Person
from skola.promises.consents import api as consents
from skola.promises.consents.api import Consent
from skola.promises.policy.api import in_force
from skola.promises.retention.api import record_history

AGREES, CHANGES_MIND = 0.12, 0.3
"""How many say yes to one thing that they are asked, and how many of those take it back."""


def populate(people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Add them to the speaking tenant. Nobody is written to."""
    found = in_force(now)
    rows = []
    for purpose, scope in consents.asked_by(found.policy, "account"):
        spared = consents.spared_from(purpose, now=now)
        for person, at in _agreeing(people, spared, chance, now):
            row = consents.unsaved(person, purpose, _shown(chance), scope=scope, now=at)
            _end(row, chance, now)
            rows.append(row)
    Consent.objects.bulk_create(rows)
    record_history(_events(rows), _states(rows))


def _events(rows: Sequence[Consent]) -> Iterator[tuple[UUID, str, datetime, datetime]]:
    """The first and the last time that each person took a consent back."""
    found: dict[UUID, list[datetime]] = {}
    for row in rows:
        if row.end == Consent.End.WITHDRAWN and row.ended_at:
            found.setdefault(row.person_id, []).append(row.ended_at)
    for person, times in found.items():
        yield person, "consent.withdrawn", min(times), max(times)


def _states(rows: Sequence[Consent]) -> Iterator[tuple[UUID, str, datetime, datetime | None]]:
    """One fact for a person and purpose: open while any of their consents to it is."""
    found: dict[tuple[UUID, str], list[Consent]] = {}
    for row in rows:
        found.setdefault((row.person_id, f"consent:{row.purpose}"), []).append(row)
    for (person, state), given in found.items():
        ends = [row.ended_at for row in given]
        ended = None if None in ends else max(end for end in ends if end)
        yield person, state, min(row.given_at for row in given), ended


def _agreeing(
    people: Sequence[Person], spared: set[UUID], chance: Random, now: datetime
) -> Iterator[tuple[Person, datetime]]:
    found = in_force(now)
    first = min(one.written.policy.effective for one in (*found.earlier, found.version))
    for person in people:
        agrees, at = chance.random() < AGREES, max(_when(person, chance, now), first)
        if agrees and person.pk not in spared and not consents.is_too_young(person, found, at):
            yield person, at


def _shown(chance: Random) -> consents.Shown:
    return consents.Shown("account", language=chance.choice(["en", ""]))


def _when(person: Person, chance: Random, now: datetime) -> datetime:
    return person.created_at + (now - person.created_at) * chance.random()


def _end(row: Consent, chance: Random, now: datetime) -> None:
    if row.valid_until <= now:
        row.end, row.ended_at = Consent.End.EXPIRED, row.valid_until
    elif chance.random() < CHANGES_MIND and now - row.given_at > timedelta(days=1):
        row.end, row.ended_by = Consent.End.WITHDRAWN, "account"
        row.ended_at = row.given_at + (now - row.given_at) * chance.random()
