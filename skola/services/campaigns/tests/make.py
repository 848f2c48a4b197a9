"""Makers of campaigns for tests: plain functions with honest defaults."""

from datetime import UTC, datetime
from typing import Any

from django.core import mail
from django.core.mail import EmailMessage

from skola.ground.people.api import Person
from skola.ground.people.tests import make as people
from skola.promises.consents.api import Shown, give
from skola.services.campaigns import actions, sending
from skola.services.campaigns.models import Campaign, Delivery, Partner

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def agree(
    who: Person, purpose: str, *, scope: str = "email", way: str = "account", at: datetime = A_DAY
) -> None:
    """Somebody consents to a purpose, for one channel."""
    give(who, purpose, Shown(channel=way), scope=scope, by="person", now=at)


def person(name: str = "Ilze", *, agreed: str = "", at: datetime = A_DAY, **more: Any) -> Person:
    """Somebody with an address, who agreed to a purpose by e-mail where one is named."""
    made = people.person(given_name=name, email=f"{name.lower()}@example.org", **more)
    if agreed:
        agree(made, agreed, at=at)
    return made


def partner(*, approved: bool = True, at: datetime = A_DAY) -> Partner:
    """A partner, reviewed unless said otherwise."""
    made = actions.add_partner("SIA Grāmata", "https://books.example/", by="office", now=at)
    if approved:
        actions.judge_partner(made, approved=True, findings="Fine.", by="office", now=at)
    return made


def campaign(kind: str, *, at: datetime = A_DAY, **said: Any) -> Campaign:
    """A campaign that waits to be sent."""
    values: dict[str, Any] = {
        "kind": kind,
        "channel": "email",
        "subject": "In spring",
        "text": "Something begins in spring.",
    }
    return actions.write(actions.Draft(**{**values, **said}), by="office", now=at)


def start(made: Campaign, *, at: datetime = A_DAY) -> int:
    """Let a campaign run; its messages wait in the queue."""
    return actions.start(made, by="office", now=at)


def run_queue(*, at: datetime = A_DAY) -> list[EmailMessage]:
    """Send what waits, and return the mails in the order of their addresses."""
    mail.outbox.clear()
    for one in Delivery.objects.waiting().filter(channel="email"):
        sending.deliver(one.pk, now=at)
    return sorted(mail.outbox, key=lambda one: one.to)


def send(kind: str, *, at: datetime = A_DAY, **said: Any) -> list[str]:
    """Write, start and send a campaign; return the addresses that got it."""
    start(campaign(kind, at=at, **said), at=at)
    return [one.to[0] for one in run_queue(at=at)]
