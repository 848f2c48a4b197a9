"""Makers of what people brought, for tests."""

import json
from datetime import UTC, datetime
from uuid import UUID

from skola.ground.ids import uuid7
from skola.ground.people.api import Person
from skola.services.records import rules
from skola.services.records.models import Brought, Intake
from skola.services.records.rules import Activity, Owner

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KNOTS = Activity("course", UUID("019cadc4-7d0b-7a3e-9a55-0f6a1d2c3b4e"), "Knots", "en")


def statement(person: UUID, *, verb: str = "completed", at: datetime = A_DAY) -> dict[str, object]:
    """A statement of another service about somebody whom it knows by this id."""
    owner = Owner("https://elsewhere.example", person)
    return rules.statement(verb, KNOTS, row=uuid7(), owner=owner, platform="Elsewhere", at=at)


def intake(person: Person, *, at: datetime = A_DAY) -> Intake:
    """A file with one statement and one badge."""
    made = Intake.objects.create(
        person=person, service="Elsewhere", made_at=at, digest="d" * 64, taken_at=at
    )
    said = statement(uuid7(), at=at)
    rest = {"intake": made, "person": person, "at": at, "title": "Knots"}
    content = json.dumps(rules.without_actor(said))
    Brought.objects.create(kind="statement", key=str(said["id"]), content=content, **rest)
    Brought.objects.create(kind="badge", key=uuid7().urn, content="a.b.c", **rest)
    return made
