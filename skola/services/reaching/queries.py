"""Reads of reaching: which channels somebody has, and what was tried."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from skola.ground.people.api import Account, Person, international
from skola.promises.disclosures.api import can_text
from skola.promises.policy.api import in_force
from skola.services.reaching import pushing
from skola.services.reaching.models import Channel, Delivery, Notice, NoticeQuerySet
from skola.services.reaching.rules import CHANNELS

CAPABILITY = "notices.reach"
FOUND = 50
"""Most people that a search lists."""


def permitted(now: datetime) -> list[str]:
    """Return the channels of the policy in its order (ilearn-29)."""
    said = in_force(now).policy.communication
    return [one for one in said.channels if one in CHANNELS] if said else []


def addresses(person: Person, now: datetime) -> dict[str, str]:
    """Return by which channels somebody can be reached today, each with where that is."""
    devices = pushing.devices_for([person.pk]) if pushing.can_push(now) else []
    account = Account.objects.filter(person=person, is_active=True).first()
    found = {
        Channel.EMAIL: person.email,
        Channel.PUSH: ", ".join(one.name for one in devices),
        Channel.SMS: person.phone if international(person.phone) and can_text(now) else "",
        Channel.ACCOUNT: account.email if account else "",
        Channel.POST: person.address,
        Channel.PHONE: person.phone,
    }
    return {str(channel): where for channel, where in found.items() if where}


def with_deliveries(found: QuerySet[Notice]) -> QuerySet[Notice]:
    """Add what was tried, in its order, in one query."""
    tried = Delivery.objects.order_by("step")
    return found.prefetch_related(Prefetch("deliveries", queryset=tried))


def to_do() -> QuerySet[Delivery]:
    """Return the calls to make and the letters to send, the oldest first."""
    found = Delivery.objects.by_hand().select_related("notice__person")
    return found.order_by("queued_at", "pk")


def inbox(person: Person) -> NoticeQuerySet:
    """Return what somebody was told, the latest first."""
    return Notice.objects.filter(person=person).order_by("-written_at", "-pk")


def people(words: str) -> list[Person]:
    """Return people by part of a name, or by the whole of an e-mail address or phone number."""
    found = Person.objects.filter(
        Q(given_name__icontains=words)
        | Q(family_name__icontains=words)
        | Q(email__iexact=words)
        | Q(phone=words)
    )
    return list(found.order_by("family_name", "given_name", "pk")[:FOUND])
