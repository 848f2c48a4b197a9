"""Makers of events for tests: plain functions with honest defaults."""

from datetime import UTC, datetime, timedelta

from skola.ground.people.models import Person
from skola.ground.people.tests.make import person
from skola.services.events import actions
from skola.services.events.models import Event, Registration

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def facts(
    title: str = "Open day", *, days: int = 20, seats: int | None = None, at: datetime = A_DAY
) -> actions.EventFacts:
    """An evening some days after ``at``."""
    begins = at + timedelta(days=days)
    ends = begins + timedelta(hours=3)
    return actions.EventFacts(title, "Look at the rooms.", "Riga, hall", begins, ends, seats)


def event(
    title: str = "Open day",
    *,
    days: int = 20,
    seats: int | None = None,
    published: bool = True,
    at: datetime = A_DAY,
) -> Event:
    """An event that everybody sees, unless it is said otherwise."""
    made = actions.plan_event(facts(title, days=days, seats=seats, at=at), by="office", now=at)
    if published:
        actions.publish_event(made, by="office", now=at)
        made.refresh_from_db()
    return made


def registration(
    to: Event | None = None, who: Person | None = None, *, at: datetime = A_DAY
) -> Registration:
    """Somebody is registered."""
    told = actions.Sent("2018-05-25")
    return actions.register(to or event(at=at), who or person(), told, by="guest", now=at)
