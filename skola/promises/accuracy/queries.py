"""Who is to be invited, and what waits for an answer."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from skola.ground.people.api import Person, ProfileChange
from skola.promises.accuracy.models import Invitation
from skola.promises.policy.api import due as end_of
from skola.promises.policy.api import in_force, parse_period
from skola.promises.retention.api import open_states
from skola.promises.rights.api import who_stopped

RELATION = "client.active"
"""Who is a client is asked, also without an account."""


def is_promised(now: datetime) -> bool:
    """Whether the policy in force says that people are asked."""
    return in_force(now).policy.accuracy_review is not None


def due(now: datetime, *, limit: int) -> list[Person]:
    """Return who is to be invited: the period of the policy has passed since the last time.

    It counts from the day on which somebody became known here, was asked, or answered. Asked are
    those with an open account or a running relation, and an address. Where the policy promises no
    review, nobody is; who objected to its purpose is not.
    """
    policy = in_force(now).policy
    if policy.accuracy_review is None:
        return []
    period = parse_period(policy.accuracy_review.ask_subject)
    zone = ZoneInfo(policy.policy.timezone)
    for_certain = end_of(now, period, zone, policy.policy.calendar) - now - timedelta(days=3)
    found = _last_times().filter(last_time__lt=now - for_certain).order_by("last_time")
    if purpose := policy.accuracy_review.purpose:
        found = found.exclude(pk__in=who_stopped(purpose))
    return [
        person
        for person in found.filter(_asked(now))[:limit]
        if end_of(_last(person), period, zone, policy.policy.calendar) <= now
    ]


def _last_times() -> Any:
    asked = Invitation.objects.filter(person=OuterRef("pk")).order_by().values("person")
    last: Any = asked.values(last=Max(Greatest(F("asked_at"), Coalesce("answered_at", "asked_at"))))
    known = Greatest(F("created_at"), Coalesce(Subquery(last.values("last")), "created_at"))
    return Person.objects.annotate(last_time=known)


def _last(person: Person) -> datetime:
    last: datetime = vars(person)["last_time"]
    return last


def _asked(now: datetime) -> Q:
    clients = open_states(RELATION, before=now)
    return (Q(account__is_active=True) | Q(pk__in=clients)) & ~Q(email="")


def last_signs(now: datetime, *, before: datetime) -> list[tuple[UUID, datetime]]:
    """Return who has a contact of which the last sign that it is right came before a moment.

    Signs are: they became known here, answered an invitation, changed a contact, or signed in.
    """
    answered = Invitation.objects.filter(person=OuterRef("pk")).order_by().values("person")
    changed = ProfileChange.objects.filter(person=OuterRef("pk")).order_by().values("person")
    signs: Any = (
        Subquery(answered.values(last=Max("answered_at"))),
        Subquery(changed.values(last=Max("changed_at"))),
        F("account__last_login"),
    )
    known = Greatest(F("created_at"), *(Coalesce(one, F("created_at")) for one in signs))
    clients = Q(account__is_active=True) | Q(pk__in=open_states(RELATION, before=now))
    reachable = ~Q(email="") | ~Q(phone="") | ~Q(address="")
    found = Person.objects.annotate(last_sign=known).filter(clients, reachable)
    return list(found.filter(last_sign__lt=before).values_list("pk", "last_sign"))


def unanswered(person: Person) -> Invitation | None:
    """Return the newest invitation of a person, while it waits for an answer."""
    newest = Invitation.objects.filter(person=person).order_by("-asked_at").first()
    return newest if newest is not None and newest.answered_at is None else None
