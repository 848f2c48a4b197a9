"""Makers of people of partners for tests."""

from datetime import datetime, timedelta

from skola.ground.people.models import Person
from skola.promises.disclosures.models import Party
from skola.promises.disclosures.tests import make as disclosures
from skola.services.partners.models import Access


def access(
    person: Person, party: Party | None = None, *, activity: str = "invoicing", at: datetime
) -> Access:
    """Somebody who is let in for a month."""
    return Access.objects.create(
        person=person,
        party=party or disclosures.party(at=at),
        activity=activity,
        country="LV",
        systems="ledger",
        reason="the books of the month",
        starts_at=at,
        ends_at=at + timedelta(days=30),
    )
