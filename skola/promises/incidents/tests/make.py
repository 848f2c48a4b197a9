"""Makers of risks and incidents for tests."""

from datetime import UTC, datetime, timedelta

from skola.ground.people.models import Person
from skola.promises.incidents import actions
from skola.promises.incidents.models import Affected, Incident, Risk

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def risk(*, at: datetime = A_DAY) -> Risk:
    """A risk that is looked at again in half a year."""
    about = actions.About(
        "A laptop is lost", 2, 3, "Disks are enciphered.", at.date() + HALF_A_YEAR
    )
    return actions.note_risk(about, by="test", now=at)


HALF_A_YEAR = timedelta(days=182)


def incident(*people: Person, is_breach: bool = True, at: datetime = A_DAY) -> Incident:
    """An incident that touched some people."""
    happened = actions.Happened("A list was sent to a stranger", "Names.", at, is_breach)
    made = actions.open_incident(happened, by="test", now=at)
    actions.add_affected(made, [one.pk for one in people], Affected.How.NAMED, by="test", now=at)
    return made
