"""How far the hand-over of the speaking tenant is, and whom it reached."""

import time
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from skola.ground.audit import api as audit
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.people.api import DELIVERED, Account, Person
from skola.ground.tenants.api import Tenant, current_id
from skola.promises.handover.models import Handover
from skola.promises.handover.rules import Moments, Stage, first_day, stage
from skola.promises.policy.api import due, in_force, parse_period
from skola.promises.policy.schema import BusinessTransfer
from skola.promises.rights.api import HANDOVER, Besides, who_stopped

TOLD = "handover.person.told"
REMEMBER_SECONDS = 10
_remembered: dict[UUID, tuple[float, Handover | None]] = {}


def rule(now: datetime) -> BusinessTransfer | None:
    """Return what the policy in force says of selling the business; None where it says nothing."""
    return in_force(now).policy.business_transfer


def current() -> Handover | None:
    """Return the hand-over of the speaking tenant that was not cancelled."""
    return Handover.objects.standing().first()


def standing(now: datetime) -> Handover | None:
    """Return the same for who shows pages: one look in ten seconds, and none without the rule."""
    if rule(now) is None:
        return None
    tenant = current_id()
    known = _remembered.get(tenant)
    if known is None or known[0] < time.monotonic():
        known = (time.monotonic() + REMEMBER_SECONDS, current())
        _remembered[tenant] = known
    return known[1]


def forget_remembered() -> None:
    """Forget what was remembered, for something changed."""
    _remembered.pop(current_id(), None)


def zone_of(now: datetime) -> ZoneInfo:
    """Return where the service is."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def _may_object(now: datetime) -> bool:
    told = current() if rule(now) is not None else None
    return told is not None and stage_of(told, now) is Stage.ANNOUNCED


OBJECTION = Besides(
    HANDOVER, lambda: gettext("Handing your data over to a new controller"), _may_object
)
"""What people object to, also in a request; it is not weighed."""


def goes_on(told: Handover, now: datetime) -> date:
    """Return the day of a hand-over, where the service is."""
    return told.goes_at.astimezone(zone_of(now)).date()


def window_ends(now: datetime) -> datetime:
    """Return until when people can object at least, if they are told at ``now``.

    Raises OutsideCalendarError. Source: learnifier-15, ema-7.3.2.
    """
    policy = in_force(now).policy
    assert policy.business_transfer is not None
    term = parse_period(policy.business_transfer.object_window)
    head = policy.policy
    return due(now, term, ZoneInfo(head.timezone), head.calendar)


def earliest(now: datetime, notice: datetime) -> date:
    """Return the first day on which the service may go over, if people are told at ``now``.

    ``notice`` is when the notice of the policy's change has run.
    """
    return first_day(max(window_ends(now), notice), zone_of(now))


def stage_of(told: Handover, now: datetime) -> Stage:
    """Return how far a hand-over is."""
    moments = Moments(
        told.goes_at, told.closed_at, told.packed_at, told.confirmed_at, told.erased_at
    )
    return stage(moments, now)


def about(told: Handover) -> str:
    """Return what a mail about a hand-over is called in the audit."""
    return f"handover {told.pk}"


@dataclass(frozen=True)
class Reached:
    """Whom the notice reached, in numbers."""

    people: int
    """Everybody with an account, or with an address known here."""
    told: int
    delivered: int
    without_address: int
    """People of whom no address is known: they read it on the pages."""
    objected: int


@reading_for(ENGINE)
def reached(told: Handover) -> Reached:
    """Return whom the notice of a hand-over reached until now."""
    everybody = Person.objects.count()
    reachable = addressed().count()
    entries = audit.Entry.objects.filter(kind=TOLD, detail__handover=str(told.pk))
    mails = audit.Entry.objects.filter(kind=DELIVERED, detail__about=about(told))
    return Reached(
        people=reachable,
        told=entries.values("subject").distinct().count(),
        delivered=mails.values("subject").distinct().count(),
        without_address=everybody - reachable,
        objected=len(who_objected()),
    )


def addressed() -> "QuerySet[Person]":
    """Return the people to whom a mail can go: by their account, or by what is known of them."""
    has_account = Exists(Account.objects.filter(person=OuterRef("pk")))
    return Person.objects.filter(Q(has_account) | ~Q(email=""))


@reading_for(ENGINE)
def who_objected() -> frozenset[UUID]:
    """Return the people who do not want to go over."""
    return frozenset(who_stopped(HANDOVER))


@reading_for(ENGINE)
def told_at(person_id: UUID, told: Handover) -> datetime | None:
    """Return when somebody was written to; None where they were not."""
    known = audit.pseudonym_of(person_id)
    if known is None:
        return None
    entries = audit.Entry.objects.filter(kind=TOLD, subject=known, detail__handover=str(told.pk))
    return entries.order_by("at").values_list("at", flat=True).first()


def open_academies() -> list[str]:
    """Return the academies that the speaking tenant runs for others, by name."""
    own = Tenant.objects.filter(operator=current_id(), is_active=True, handed_over_at=None)
    return list(own.order_by("name").values_list("name", flat=True))
