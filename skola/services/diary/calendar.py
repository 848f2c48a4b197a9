"""A child's lessons as a calendar (RFC 5545): timetable and homework, and nothing else."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from skola.ground.people.api import Person
from skola.promises.policy.api import in_force
from skola.services.customers import api as customers
from skola.services.diary.models import CalendarLink, Lesson
from skola.services.diary.queries import days_ahead, places_for
from skola.services.school import api as school

FUNCTION = "diary.calendar"
"""What a catalogue calls it that sells it as an extra."""
AHEAD = 14
"""Days of lessons that a calendar has from today on."""
LONGEST = 80
"""Letters of a homework's first line that are told."""


def place_of(link: CalendarLink, now: datetime) -> school.Place | None:
    """Return the child's place in class if the address still opens it.

    It does not when it was taken back, when the reader's account is closed or suspended, when
    the reader may not see the child's diary any more (the link ended, or the child is of age), or
    when calendars are an extra that nobody has for the child under contract (ekool-1.6).
    """
    account = getattr(link.reader, "account", None)
    if link.revoked_at is not None or account is None or not account.is_active:
        return None
    for one in places_for(link.reader, now):
        if one.pupil.person_id == link.child_id and is_open(link.reader, one, now):
            return one
    return None


def is_open(reader: Person, place: school.Place, now: datetime) -> bool:
    """Whether calendars are there for somebody, for this child: where they are sold, if bought."""
    pupil = place.pupil
    at = pupil.school_class.year.school_id
    return customers.may_use(FUNCTION, reader.pk, pupil.person_id, at, now)


def held(now: datetime) -> frozenset[str]:
    """Return what the policy lets the diary hold: ``timetable``, ``homework``, …"""
    policy = in_force(now).policy
    served = {
        category
        for one in policy.purpose
        if "diary.school" in one.enables
        for category in one.categories
    }
    return frozenset(what for one in policy.category if one.id in served for what in one.holds)


def calendar_of(pupil: school.Pupil, host: str, now: datetime) -> bytes:
    """Return the lessons and homework of a pupil's next two weeks; no name, mark or teacher.

    Moments are in UTC. What the policy does not hold is left out.
    """
    today, told = school.today_here(now), held(now)
    made = Calendar()
    made.add("prodid", "-//Skola//Diary//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", pupil.school_class.name)
    if "timetable" in told:
        days = [today + timedelta(days=ahead) for ahead in range(AHEAD)]
        theirs = school.slots().filter(group__school_class=pupil.school_class_id)
        for event in _lessons(school.lessons_in(theirs, days, now), host, now):
            made.add_component(event)
    if "homework" in told:
        (shown,) = days_ahead([pupil], today, now)
        for entry in shown.homework:
            made.add_component(_homework(entry, host, now))
    return bytes(made.to_ical())


def _lessons(
    days: Mapping[date, Iterable[school.DayLesson]], host: str, now: datetime
) -> Iterable[Event]:
    zone = school.zone(now)
    for on, lessons in days.items():
        for one in lessons:
            event = Event()
            event.add("uid", f"{one.slot.pk}-{on:%Y%m%d}@{host}")
            event.add("dtstamp", now)
            event.add("summary", one.group.subject.name)
            event.add("dtstart", school.moment(on, one.plan.regular.begins, zone))
            event.add("dtend", school.moment(on, one.plan.regular.ends, zone))
            if one.plan.room:
                event.add("location", one.plan.room)
            event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
            yield event


def _homework(entry: Lesson, host: str, now: datetime) -> Event:
    event = Event()
    first = entry.homework.strip().partition("\n")[0]
    short = first if len(first) <= LONGEST else f"{first[: LONGEST - 1]}…"
    event.add("uid", f"{entry.pk}@{host}")
    event.add("dtstamp", now)
    event.add("summary", f"{entry.slot.group.subject.name}: {short}")
    event.add("dtstart", entry.due_on)
    event.add("transp", "TRANSPARENT")
    return event
