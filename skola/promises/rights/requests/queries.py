"""Requests as the desk and their people see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, When
from django.db.models.functions import TruncDate

from skola.ground.db.purposes import RIGHTS, reading_for
from skola.promises.rights.models import RequestMessage, RightsRequest
from skola.promises.rights.requests import terms
from skola.promises.rights.requests.rules import OVERDUE, level


@dataclass(frozen=True)
class Row:
    """A request of the queue, and how far its time has run."""

    asked: RightsRequest
    days_left: int
    """Below zero where it is late."""
    level: int

    @property
    def late(self) -> bool:
        return self.level == OVERDUE


def row_of(asked: RightsRequest, now: datetime) -> Row:
    """Return how far the time of an open request has run; while it stands still, as of then."""
    until = asked.paused_at or now
    today, received = terms.local(until, now), terms.local(asked.received_at, now)
    left = (asked.promised_on - today).days
    return Row(asked, left, level(received, asked.promised_on, today))


def queue() -> "QuerySet[RightsRequest]":
    """Return the open requests: at once first, then by the promised day; what stands still last."""
    still = Case(When(paused_at__isnull=False, then=1), default=0)
    found = RightsRequest.objects.open().select_related("assignee")
    return found.order_by(still, "-at_once", "promised_on", "number")


def closed() -> "QuerySet[RightsRequest]":
    """Return the answered requests, latest first."""
    found = RightsRequest.objects.exclude(closed_at=None).select_related("assignee")
    return found.order_by("-closed_at")


def to_hand_over() -> "QuerySet[RequestMessage]":
    """Return what waits for somebody to come for it, oldest first."""
    waiting = RequestMessage.objects.filter(sent_at=None, route=RightsRequest.Reply.IN_PERSON)
    return waiting.select_related("request").order_by("said_at")


def thread(*, with_notes: bool) -> "Prefetch[str, QuerySet[RequestMessage], str]":
    """Return the messages of a request in their order, to prefetch; notes are for staff."""
    found = RequestMessage.objects.select_related("author").order_by("said_at", "pk")
    return Prefetch("messages", found if with_notes else found.exclude(kind="note"))


@reading_for(RIGHTS)
def of_enquiry(enquiry: UUID) -> RightsRequest | None:
    """Return the request that was made out of an enquiry; None while there is none."""
    return RightsRequest.objects.filter(enquiry=enquiry).first()


@reading_for(RIGHTS)
def stand(keys: Sequence[UUID], *, now: datetime) -> dict[UUID, tuple[bool, bool]]:
    """Return of each of these requests that is there whether it is closed, and whether it is late.

    No more: who hands a request over to its controller sees that and nothing else.
    """
    found = RightsRequest.objects.filter(pk__in=keys)
    rows = {one.pk: row_of(one, now) for one in found}
    return {
        key: (row.asked.closed_at is not None, row.asked.closed_at is None and row.late)
        for key, row in rows.items()
    }


def of(person: Any, *, now: datetime) -> Sequence[Row]:
    """Return a person's requests, and those they asked for a child of theirs, newest first."""
    found = RightsRequest.objects.open_to(person, now=now).select_related("person")
    found = found.order_by("-received_at", "-number")
    return [row_of(asked, now) for asked in found]


@dataclass(frozen=True)
class Overview:
    """How many open requests have how much time left, and how many were answered in time."""

    late: int
    today: int
    week: int
    """Due within seven days from tomorrow."""
    later: int
    paused: int
    closed: int
    answered: int
    """Answered in this calendar year of the tenant, without those withdrawn."""
    in_time: int
    """Of these, on or before the promised day (learnifier-10.e)."""

    @property
    def open(self) -> int:
        """All that wait."""
        return self.late + self.today + self.week + self.later + self.paused


@reading_for(RIGHTS)
def overview(now: datetime) -> Overview:
    """Return it for the speaking tenant, with one look."""
    zone = terms.zone(now)
    today = now.astimezone(zone).date()
    begin = datetime(today.year, 1, 1, tzinfo=zone)
    week = today + timedelta(days=7)
    runs = Q(closed_at=None, paused_at=None)
    answered = Q(closed_at__gte=begin) & ~Q(outcome="withdrawn")
    bands = {
        "late": runs & Q(promised_on__lt=today),
        "today": runs & Q(promised_on=today),
        "week": runs & Q(promised_on__gt=today, promised_on__lte=week),
        "later": runs & Q(promised_on__gt=week),
        "paused": Q(closed_at=None, paused_at__isnull=False),
        "closed": Q(closed_at__isnull=False),
        "answered": answered,
        "in_time": answered & Q(day__lte=F("promised_on")),
    }
    found = RightsRequest.objects.annotate(day=TruncDate("closed_at", tzinfo=zone))
    return Overview(
        **found.aggregate(**{name: Count("pk", filter=band) for name, band in bands.items()})
    )
