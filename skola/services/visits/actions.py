"""Keeping a visit, a page read, a look; and forgetting what was looked at, one function each."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.connectors.api import place_of
from skola.promises.consents.api import when_none_is_left
from skola.promises.policy.api import in_force
from skola.services.visits import queries
from skola.services.visits.models import DeviceInterest, Fault, Interest, PageRead, Tally, Visit
from skola.services.visits.rules import Looked


def note_visit(seen: Mapping[str, object], *, fields: Collection[str], now: datetime) -> None:
    """Keep a visit: of what was seen the fields that the policy lists, and the day."""
    kept = {name: value for name, value in seen.items() if name in fields and value}
    day = queries.start_of_day(now, in_force(now).policy)
    Visit.objects.create(day_at=day, **kept)


def note_fault(page: str, error: BaseException, *, now: datetime) -> None:
    """Keep that something broke: the page, the class of the error, where in our code, and the day.

    The words of the error are left out: they may repeat what somebody entered (ilearn-8.m).
    """
    day = queries.start_of_day(now, in_force(now).policy)
    place = place_of(error)
    Fault.objects.create(day_at=day, page=page, error=type(error).__name__[:60], place=place)


@transaction.atomic
def tally(kind: str, topic: str, answer: str = "", *, times: int = 1, now: datetime) -> None:
    """Count a use of a tag, or what somebody thinks of a course, and nothing of who (5.n)."""
    month = queries.start_of_day(now, in_force(now).policy).replace(day=1)
    made, new = Tally.objects.get_or_create(
        month_at=month, kind=kind, topic=topic[:120], answer=answer, defaults={"times": times}
    )
    if not new:
        Tally.objects.filter(pk=made.pk).update(times=F("times") + times)


def note_page(person: Person, page: str, *, now: datetime) -> None:
    """Keep a page in the record of who opened it, and agreed to that."""
    PageRead.objects.create(person=person, page=page, opened_at=now)


@transaction.atomic
def note_interest(person: Person, one: Looked, *, now: datetime) -> None:
    """Count a look of somebody who is signed in, and agreed to it."""
    _made, new = Interest.objects.get_or_create(
        person=person, topic=one.topic, defaults={"label": one.label, "first_at": now}
    )
    if not new:
        Interest.objects.filter(pk=_made.pk).update(times=F("times") + 1, label=one.label)


@transaction.atomic
def note_look(device: UUID, one: Looked, *, ends_at: datetime) -> None:
    """Count a look of a browser at which nobody is signed in; all of it ends at the later date."""
    made, new = DeviceInterest.objects.get_or_create(
        device=device, topic=one.topic, defaults={"label": one.label, "ends_at": ends_at}
    )
    if not new:
        DeviceInterest.objects.filter(pk=made.pk).update(times=F("times") + 1, label=one.label)
    DeviceInterest.objects.filter(device=device).update(ends_at=ends_at)


@transaction.atomic
def forget_device(device: UUID, *, by: str, now: datetime) -> int:
    """Delete what a browser looked at, at once; return how many rows (ilearn-cookie-marketing)."""
    count, _ = DeviceInterest.objects.filter(device=device).delete()
    if count:
        detail = {"rows": count}
        audit.record("visits.device.forgotten", by=by, at=now, detail=detail)
    return count


@transaction.atomic
def forget_interests(person: UUID, *, by: str, now: datetime) -> int:
    """Delete what somebody looked at signed in; return how many rows (kic-rights-targeted)."""
    count, _ = Interest.objects.filter(person_id=person).delete()
    if count:
        detail = {"rows": count}
        audit.record("visits.interests.forgotten", subject=person, by=by, at=now, detail=detail)
    return count


@transaction.atomic
def forget_pages(person: UUID, *, by: str, now: datetime) -> int:
    """Delete the pages in somebody's own record; return how many."""
    count, _ = PageRead.objects.filter(person_id=person).delete()
    if count:
        detail = {"rows": count}
        audit.record("visits.pages.forgotten", subject=person, by=by, at=now, detail=detail)
    return count


@when_none_is_left
def forget_with_consent(person: UUID, purpose: str, at: datetime) -> None:
    """What rested on a consent goes with it, by whatever way it ended (kic-rights-targeted)."""
    policy = in_force(at).policy
    followed, counted = queries.interests_purpose(policy), queries.measured(policy)
    if followed is not None and followed.id == purpose:
        forget_interests(person, by="consents.end", now=at)
    if counted is not None and counted.purpose.id == purpose:
        forget_pages(person, by="consents.end", now=at)
