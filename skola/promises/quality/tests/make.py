"""Makers of tasks about the data."""

from datetime import datetime, timedelta

from skola.ground.people.models import Person
from skola.promises.quality.models import Bounce, Flaw, Merge


def flaw(person: Person, other: Person | None = None, *, at: datetime) -> Flaw:
    """Mail to somebody comes back; or two people may be one."""
    check = "person.duplicate" if other else "contact.bouncing"
    return Flaw.objects.create(check_id=check, person=person, other=other, said="…", found_at=at)


def bounce(person: Person, *, at: datetime) -> Bounce:
    """A mail to somebody came back."""
    return Bounce.objects.create(person=person, address=person.email, status="5.1.1", at=at)


def merge(kept: Person, merged: Person, *, at: datetime) -> Merge:
    """Two records were made one, of which nothing had to go over."""
    return Merge.objects.create(
        kept=kept,
        merged=merged,
        was={"filled": [], "given_name": "Anna", "family_name": "B", "status": "lead"}
        | {"birth_on": None, "email": "", "phone": "", "address": ""},
        facts={"before": {}, "came": [], "opened": [], "closed": []},
        merged_at=at,
        undo_until=at + timedelta(days=30),
    )
