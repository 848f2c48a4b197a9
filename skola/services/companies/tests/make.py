"""Makers of representatives for tests."""

from datetime import UTC, date, datetime

from skola.ground.people.models import Person
from skola.services.companies import actions
from skola.services.companies.models import Company, Representative

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FOUND_ON = date(2026, 3, 1)


def representative(
    email: str = "dace@example.org", *, company: str = "SIA Koks", at: datetime = A_DAY
) -> Representative:
    """Somebody who was found in a register yesterday."""
    found = actions.Found(
        given_name="Dace",
        family_name="Vītola",
        email=email,
        company=company,
        number="40000000001",
        position="Head of staff",
        source="register",
        found_at="Register of Enterprises",
        found_on=FOUND_ON,
    )
    return actions.note(found, language="en", by="office", now=at)


def row(person: Person, *, at: datetime = A_DAY) -> Representative:
    """The record of a representative under whatever policy."""
    return Representative.objects.create(
        person=person,
        company=Company.objects.create(name=f"Works of {person.pk}", noted_at=at),
        source=Representative.Source.WEB,
        found_at="https://works.example",
        found_on=FOUND_ON,
        noted_at=at,
        inform_by=at,
    )
