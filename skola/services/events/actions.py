"""Everything that changes events and registrations, one function each."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, post, register_person
from skola.ground.ui import formats
from skola.promises.origins import api as origins
from skola.promises.retention.api import record_state
from skola.promises.rights.api import zone_of
from skola.services.events import queries
from skola.services.events.models import Event, Registration
from skola.services.events.rules import Standing

CLAUSE = "kic-source-campaigns"
AHEAD = "event.ahead"
"""The state of who is registered for an event that is not over."""
SOURCE = "event"
"""How a person is marked who is known by a registration alone."""

Link = Callable[[Registration], str]
"""Gives the whole address of the page on which somebody sees their registration."""


class ClosedError(Exception):
    """The event takes no registrations, or cannot be changed any more."""


class TwiceError(Exception):
    """This person is registered already."""


@dataclass(frozen=True)
class EventFacts:
    """What takes place, when, where, and for how many."""

    title: str
    about: str
    place: str
    starts_at: datetime
    ends_at: datetime
    seats: int | None = None


@dataclass(frozen=True)
class Guest:
    """Who registers without an account."""

    given_name: str
    family_name: str
    email: str


@dataclass(frozen=True)
class Sent:
    """Beside which notice the form was sent, and in which language."""

    notice_version: str
    language: str = "en"


@transaction.atomic
def plan_event(facts: EventFacts, *, by: str, now: datetime) -> Event:
    """Plan an event that nobody else sees yet."""
    made = Event.objects.create(created_at=now, **asdict(facts))
    audit.record("events.event.planned", target=made, by=by, at=now)
    return made


@transaction.atomic
def change_event(event: Event, facts: EventFacts, *, link: Link, by: str, now: datetime) -> None:
    """Change an event; who is registered is told of another time or place.

    Raises ClosedError for one that is over or cancelled, and for fewer seats than are taken.
    """
    held = _locked(event)
    _still_ahead(held, now)
    if facts.seats is not None and facts.seats < held.registrations.standing().count():
        raise ClosedError(_("More people than that are registered already."))
    moved = (held.starts_at, held.ends_at, held.place) != (
        facts.starts_at,
        facts.ends_at,
        facts.place,
    )
    for name, value in asdict(facts).items():
        setattr(held, name, value)
    held.save()
    audit.record("events.event.changed", target=held, by=by, at=now)
    if moved and held.published_at:
        _tell_all(held, "moved", link=link, now=now)


@transaction.atomic
def publish_event(event: Event, *, by: str, now: datetime) -> None:
    """Let everybody see an event, and register for it. Raises ClosedError when it is over."""
    held = _locked(event)
    _still_ahead(held, now)
    if held.published_at is None:
        Event.objects.filter(pk=held.pk).update(published_at=now)
        audit.record("events.event.published", target=held, by=by, at=now)


@transaction.atomic
def cancel_event(event: Event, *, link: Link, by: str, now: datetime) -> None:
    """Cancel an event: who is registered is told, and no longer kept for it.

    Raises ClosedError when that was done before, or the event is over.
    """
    held = _locked(event)
    _still_ahead(held, now)
    Event.objects.filter(pk=held.pk).update(cancelled_at=now, closed_at=now)
    audit.record("events.event.cancelled", target=held, by=by, at=now)
    _tell_all(held, "cancelled", link=link, now=now)
    _settle(held.registrations.standing().values_list("person_id", flat=True), now=now)


def _locked(event: Event) -> Event:
    return Event.objects.select_for_update().get(pk=event.pk)


def _still_ahead(event: Event, now: datetime) -> None:
    if event.cancelled_at is not None:
        raise ClosedError(_("This event is cancelled already."))
    if event.ends_at <= now:
        raise ClosedError(_("This event is over. Nothing can be changed any more."))


@transaction.atomic
def register(
    event: Event, who: Person | Guest, sent: Sent, *, by: str, now: datetime
) -> Registration:
    """Take a registration, and note with the person that it is the source of their data.

    Who has no account becomes a person without one; who withdrew comes back. Raises ClosedError
    when the event takes none, TwiceError when the person is registered (kic-source-campaigns).
    """
    held = _locked(event)
    stands = queries.standing_of(held, now)
    if stands is Standing.FULL:
        raise ClosedError(_("All seats are taken."))
    if stands is not Standing.OPEN:
        raise ClosedError(_("This event takes no registrations any more."))
    person = who if isinstance(who, Person) else _guest(who, sent, by=by, now=now)
    values = {**asdict(sent), "registered_at": now, "withdrawn_at": None}
    made, is_new = Registration.objects.get_or_create(event=held, person=person, defaults=values)
    if not is_new:
        if made.withdrawn_at is None:
            raise TwiceError(_("You are registered for this event already."))
        Registration.objects.filter(pk=made.pk).update(**values)
        made.refresh_from_db()
    record_state(person.pk, AHEAD, is_open=True, at=now)
    day = held.starts_at.astimezone(zone_of(now)).date()
    origins.note(
        person.pk, origins.Origin.Kind.EVENT, about=held.pk, name=held.title, on=day, now=now
    )
    audit.record(
        "events.registration.received",
        target=made,
        subject=person.pk,
        by=by,
        at=now,
        clause=CLAUSE,
    )
    return made


def _guest(who: Guest, sent: Sent, *, by: str, now: datetime) -> Person:
    return register_person(
        given_name=who.given_name,
        family_name=who.family_name,
        email=who.email,
        language=sent.language,
        source=SOURCE,
        by=by,
        now=now,
    )


@transaction.atomic
def withdraw(registration: Registration, *, by: str, now: datetime) -> None:
    """Somebody does not come; the seat is free. Raises ClosedError once the event has begun."""
    held = Registration.objects.select_for_update().get(pk=registration.pk)
    if held.withdrawn_at is not None:
        return
    if held.event.starts_at <= now or held.event.cancelled_at:
        raise ClosedError(_("This event has begun or is cancelled. Nothing is left to withdraw."))
    Registration.objects.filter(pk=held.pk).update(withdrawn_at=now)
    audit.record(
        "events.registration.withdrawn", target=held, subject=held.person_id, by=by, at=now
    )
    _settle([held.person_id], now=now)


@transaction.atomic
def close_what_is_over(*, now: datetime) -> int:
    """Keep nobody any longer for events that are over, and return how many events that were.

    From the end of the event on, however late this runs. Safe to repeat.
    """
    over = list(Event.objects.select_for_update().filter(ends_at__lte=now, closed_at=None))
    for event in over:
        guests = event.registrations.standing().values_list("person_id", flat=True)
        _settle(guests, now=now, since=event.ends_at)
    Event.objects.filter(pk__in=[one.pk for one in over]).update(closed_at=now)
    return len(over)


def _settle(people: Iterable[UUID], *, now: datetime, since: datetime | None = None) -> None:
    """Whoever is registered for no event ahead is no longer kept for one."""
    for person in people:
        if not Registration.objects.filter(person=person).ahead(now).exists():
            record_state(person, AHEAD, is_open=False, at=since or now)


def _tell_all(event: Event, what: str, *, link: Link, now: datetime) -> None:
    for one in event.registrations.standing().select_related("person"):
        tell(one, event, what, link=link(one), now=now)


def tell(registration: Registration, event: Event, what: str, *, link: str, now: datetime) -> None:
    """Write to somebody that they are registered, or that the event moved or is cancelled."""
    with translation.override(registration.language), timezone.override(zone_of(now)):
        subject, text = {
            "registered": (
                _("You are registered: %(title)s"),
                _("It begins on %(begin)s, at this place: %(place)s. If you cannot come:"),
            ),
            "moved": (
                _("Changed: %(title)s"),
                _("It now begins on %(begin)s, at this place: %(place)s. If you cannot come:"),
            ),
            "cancelled": (
                _("Cancelled: %(title)s"),
                _("It does not take place. What we keep of your registration, and how long:"),
            ),
        }[what]
        told = {
            "title": event.title,
            "begin": formats.moment(event.starts_at),
            "place": event.place,
        }
    post(
        person_id=registration.person_id,
        address=registration.person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject % told,
        text=f"{text % told}\n{link}\n",
        now=now,
    )
