"""Notices in the demo: one read, one by letter, one by phone; who carries them to devices."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.disclosures.api import activate, entries, file_paper, register
from skola.promises.policy.api import has, in_force
from skola.services.reaching.actions import reach
from skola.services.reaching.models import Channel, Delivery, Notice
from skola.services.reaching.pushing import TASK
from skola.services.reaching.queries import CAPABILITY

BY = "skola demo"
TITLE = "Room 3 on Friday"
TEXT = "The examination on Friday is in room 3 instead of room 5. The time stays the same."


def populate(_service: str, people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Tell some people of the speaking tenant something, where its policy has notices."""
    if not has(CAPABILITY, now=now):
        return
    for number, (rule, entry) in enumerate(sorted(entries(in_force(now).policy).items()), 1):
        if entry.task == TASK:
            _carrier(rule, entry.name["en"].partition(" (")[0], f"P-{now:%Y}-{number}", now)
    for person in people[:1]:
        _told(person, Channel.ACCOUNT, now - timedelta(days=2))
    by_hand = {Channel.POST: "address", Channel.PHONE: "phone"}
    for channel, address in by_hand.items():
        there = [one for one in people[1:] if getattr(one, address)]
        for person in chance.sample(there, min(1, len(there))):
            about = f"demo {channel}"
            reach(person, TITLE, TEXT, about=about, channel=channel, by=BY, now=now)


def _carrier(rule: str, name: str, reference: str, now: datetime) -> None:
    day = now.date()
    made = register(rule, name, country="US", changed_on=day, by=BY, now=now)
    for kind in ("agreement", "scc"):
        file_paper(made, kind, reference, valid_from=day, valid_until=None, by=BY, now=now)
    activate(made, by=BY, now=now)


def _told(person: Person, channel: str, at: datetime) -> None:
    """Somebody was told something two days ago; no mail of it leaves now."""
    made = Notice.objects.create(person=person, about="demo", title=TITLE, text=TEXT, written_at=at)
    Delivery.objects.create(
        notice=made, step=1, channel=channel, state="delivered", queued_at=at, settled_at=at
    )
