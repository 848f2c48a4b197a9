"""What became of mails and text messages that carry notices: asked for, or heard of."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from skola.ground.people.api import Mail, Person, TextMessage
from skola.promises.intake.api import Failure, returned
from skola.services.reaching.actions import settle
from skola.services.reaching.models import Channel, Delivery

State = Delivery.State
BACK_WITHIN = timedelta(days=7)
"""A mail that comes back later than this is about another one."""
_BECAME = {
    TextMessage.State.SENT: State.SENT,
    TextMessage.State.DELIVERED: State.DELIVERED,
    TextMessage.State.FAILED: State.FAILED,
    TextMessage.State.UNKNOWN: State.FAILED,
}


def follow(*, by: str, now: datetime) -> int:
    """Enter what became of open deliveries, and return how many changed. Safe to repeat.

    A mail leaves its table when the mail server took it. A text message of which nobody knows
    whether it arrived counts as not delivered, so that another channel is tried.
    """
    there = list(Delivery.objects.followed().values_list("pk", flat=True))
    return sum(_follow(pk, by=by, now=now) for pk in there)


@transaction.atomic
def _follow(pk: UUID, *, by: str, now: datetime) -> bool:
    held = Delivery.objects.select_for_update(of=("self",)).followed().filter(pk=pk)
    one = held.select_related("notice__person").first()
    if one is None:
        return False
    state = _mail(one) if one.channel == Channel.EMAIL else _text(one)
    if state == one.state:
        return False
    settle(one, state, by=by, now=now)
    return True


def _mail(one: Delivery) -> str:
    waits = one.reference and Mail.objects.filter(pk=one.reference).exists()
    return State.WAITING if waits else State.SENT


def _text(one: Delivery) -> str:
    told = one.reference and TextMessage.objects.filter(pk=one.reference).first()
    return _BECAME.get(TextMessage.State(told.state), State.WAITING) if told else State.FAILED


@returned
@transaction.atomic
def came_back(failure: Failure, now: datetime) -> None:
    """A mail came back: what was told to that address lately goes on by the next channel."""
    person = Person.objects.filter(pk=failure.mail.person).first()
    if person is None or person.email.lower() not in failure.addresses:
        return
    lately = Delivery.objects.select_for_update(of=("self",)).filter(
        notice__person=person,
        channel=Channel.EMAIL,
        queued_at__gt=now - BACK_WITHIN,
    )
    told = lately.exclude(state=State.FAILED).select_related("notice__person")
    last = told.order_by("-queued_at", "-pk").first()
    if last is not None:
        settle(last, State.FAILED, note=failure.said[:200], by="mail", now=now)
