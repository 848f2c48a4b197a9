"""Chats, invented: office hours, some that are over, one that goes on, one that waits."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has
from skola.services.chat import actions
from skola.services.chat.models import Chat
from skola.services.chat.queries import CAPABILITY
from skola.services.chat.rules import Span
from skola.services.desk import api as desk

HOURS = [Span(day, time(7), time(22)) for day in range(7)]
SAID = (
    ("Ar licencija galioja ir vasarą?", "Taip, iki rugpjūčio 31 dienos.", "Ačiū!"),
    ("Kaip pridėti antrą mokytoją?", "Klasės puslapyje spauskite „Pridėti“.", "Pavyko, ačiū."),
    ("Nematau ketvirtos užduoties.", "Ją mokytoja paskirs rytoj.", "Supratau."),
)
"""Said by who asks, by us, and by who asks."""
GOES_ON = ("Ar galima gauti sąskaitą su PVM?", "Taip, kokį PVM kodą įrašyti?")
WAITS = "Neranda mano licencijos kodo, ką daryti?"


def populate(_service: str, people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Fill the chat of the speaking tenant, where its policy has one."""
    held = Role.objects.filter(kind=Role.Kind.SUPPORT).held_at(now).select_related("person")
    agents = [role.person for role in held]
    if not has(CAPABILITY, now=now) or not agents:
        return
    actions.set_hours(HOURS, by="skola demo", now=now)
    asking = [one for one in people if one not in agents and one.email]
    for number, turns in enumerate(SAID, start=1):
        at = (now - timedelta(days=3 * number)).replace(hour=8 + chance.randint(0, 5))
        _talk(chance.choice(asking), agents[0], turns, at, is_over=True)
    _talk(chance.choice(asking), agents[0], GOES_ON, now - timedelta(minutes=6))
    _talk(None, agents[0], (WAITS,), now - timedelta(minutes=2))


def _talk(
    who: Person | None,
    agent: Person,
    turns: Sequence[str],
    at: datetime,
    *,
    is_over: bool = False,
) -> None:
    asked = desk.Asked(
        desk.Enquiry.Topic.SERVICE,
        desk.Enquiry.Channel.CHAT,
        turns[0],
        "lt",
        desk.notice_version(at),
    )
    sender = desk.Sender(who.given_name, who.family_name, who.email) if who else desk.Sender()
    chat = actions.begin(asked, sender, person=who, wants_transcript=False, by="skola demo", now=at)
    for place, words in enumerate(turns[1:], start=1):
        then = at + timedelta(minutes=place)
        if place % 2:
            actions.answer(chat, body=words, agent=agent, by="skola demo", now=then)
        else:
            actions.say(chat, body=words, person=who, by="skola demo", now=then)
    if is_over:
        end = at + timedelta(minutes=len(turns) + 1)
        actions.end(chat, Chat.Ending.AGENT, done=True, by="skola demo", now=end)
