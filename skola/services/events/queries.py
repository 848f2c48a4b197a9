"""Reads of events."""

from datetime import datetime

from skola.services.events.models import Event
from skola.services.events.rules import Standing, standing

CAPABILITY = "events.hold"


def standing_of(event: Event, now: datetime) -> Standing:
    """Return how an event stands; ``taken`` is counted where it was not annotated."""
    taken = getattr(event, "taken", None)
    if taken is None:
        taken = event.registrations.standing().count()
    return standing(
        published_at=event.published_at,
        cancelled_at=event.cancelled_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        seats=event.seats,
        taken=taken,
        now=now,
    )
