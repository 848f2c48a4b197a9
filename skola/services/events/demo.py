"""Events of the demo: one that is over, one that takes registrations, and one nobody sees yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has, in_force
from skola.services.events import actions
from skola.services.events.actions import EventFacts, Sent
from skola.services.events.queries import CAPABILITY

BY = "skola demo"
_PLANS = (
    (
        "Atvērto durvju diena",
        "Klases, pasniedzēji un kafija. Jautājiet visu par mācībām.",
        -40,
        None,
    ),
    ("Lekcija: pirmais gads grāmatvedībā", "Stunda par to, kas jāzina pirmajā gadā.", 24, 40),
    ("Karjeras vakars", "Absolventi stāsta, kā viņiem klājas.", 60, 25),
)


def populate(_service: str, people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Add events to the speaking tenant, where its policy has them."""
    if not has(CAPABILITY, now=now):
        return
    evening = now.replace(hour=15, minute=0, second=0, microsecond=0)
    version = in_force(now).version.name
    for number, (title, about, days, seats) in enumerate(_PLANS):
        begins = evening + timedelta(days=days)
        asked = min(now, begins) - timedelta(days=14)
        facts = EventFacts(
            title, about, "Rīga, 3. stāva zāle", begins, begins + timedelta(hours=2), seats
        )
        made = actions.plan_event(facts, by=BY, now=asked)
        if number == len(_PLANS) - 1:
            continue
        actions.publish_event(made, by=BY, now=asked)
        guests = [one for one in people if one.created_at <= asked]
        for guest in chance.sample(guests, min(len(guests), 8)):
            told = Sent(version, guest.language)
            actions.register(made, guest, told, by=BY, now=asked + timedelta(days=1))
    actions.close_what_is_over(now=now)
