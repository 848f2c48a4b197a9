"""Which live lessons are open to somebody, and what was said in one."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from skola.ground.people.api import Person
from skola.services.groups.api import Meeting, Run, is_open, meetings_today, seat_of
from skola.services.live.models import Line

CAPABILITY = "groups.live"
LATEST = 200


def leads(person: Person, meeting: Meeting, *, now: datetime) -> bool:
    """Whether somebody leads the group that meets: its trainer, or who looks after it."""
    own = Run.objects.taught_by(person, now) | Run.objects.led_by(person, now)
    return own.filter(pk=meeting.run_id).exists()


def lesson_of(person: Person, pk: UUID, *, now: datetime) -> tuple[Meeting, bool] | None:
    """Return a meeting that is open to somebody, and whether they lead it; else None."""
    meeting = Meeting.objects.select_related("run__programme").filter(pk=pk).first()
    if meeting is None or meeting.run.cancelled_at is not None:
        return None
    if leads(person, meeting, now=now):
        return meeting, True
    return (meeting, False) if seat_of(person, meeting.run) is not None else None


def now_open(person: Person, *, now: datetime) -> list[Meeting]:
    """Return the live lessons that are on for somebody."""
    found = [one for one in meetings_today(now) if is_open(one, now)]
    return [one for one in found if lesson_of(person, one.pk, now=now)]


def lines(meeting: Meeting) -> QuerySet[Line]:
    """Return what was said, the latest last; as much as a page holds."""
    latest = Line.objects.filter(meeting=meeting).order_by("-said_at", "-pk")[:LATEST]
    found = Line.objects.filter(pk__in=[one.pk for one in latest]).select_related("person")
    return found.order_by("said_at", "pk")
