"""Makers of hand-overs for tests."""

from datetime import UTC, datetime, timedelta

from skola.promises.handover.actions import Event, announce
from skola.promises.handover.amending import NewController
from skola.promises.handover.models import Handover

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BUYER = NewController(
    name="Northern Lessons AS",
    reg_no="16000001",
    address="Kai 3, Tallinn",
    country="EE",
    email="privacy@northern.example",
)


def announced(*, to: NewController = BUYER, days: int = 90, at: datetime = A_DAY) -> Handover:
    """The service goes over so many days later, and nobody was told yet."""
    event = Event(
        kind=Handover.Kind.SALE,
        agreed_on=at.date(),
        document="Sale 14/2026",
        to=to,
        goes_on=at.date() + timedelta(days=days),
    )
    return announce(event, by="officer", now=at)
