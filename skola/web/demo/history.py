"""When the people of the demo last did something, and whether they are still clients or pupils.

One in eight has been away for so long that a policy with a term for inactivity lets them go.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import in_force
from skola.promises.retention.api import record_history

RELATIONS = {
    "client.active": "client.ended",
    "enrolment.active": "pupil.left",
    "employment.active": "",
}
"""States in which a person stands to the service, and the event that ends each."""
STILL = 0.85


def make_history(people: Sequence[Person], chance: Random, now: datetime, *, personas: int) -> None:
    """Record what happened to ``people``; the first ``personas`` of them are active today."""
    wanted = [state for state in RELATIONS if state in _words(now)]
    events, states = [], []
    for number, person in enumerate(people):
        came = person.created_at
        last = now - timedelta(hours=3) if number < personas else _last_seen(came, chance, now)
        for event in ("account.last_action", "account.login"):
            events.append((person.pk, event, came, last))
        events.append((person.pk, "account.created", came, came))
        for state in wanted:
            gone = number >= personas and chance.random() > STILL
            ended = came + (now - came) * chance.random() if gone else None
            states.append((person.pk, state, came, ended))
            if ended and RELATIONS[state]:
                events.append((person.pk, RELATIONS[state], ended, ended))
    record_history(events, states)


def _last_seen(came: datetime, chance: Random, now: datetime) -> datetime:
    away = chance.random()
    if away < 0.125:
        return came + timedelta(days=chance.randint(0, 20)) * min(1, (now - came).days / 30)
    return now - (now - came) * (chance.random() ** 3)


def _words(now: datetime) -> set[str]:
    policy = in_force(now).policy
    words = {state for purpose in policy.purpose for state in purpose.alive_while}
    for rule in policy.retention:
        words.update([rule.keep_while] if isinstance(rule.keep_while, str) else rule.keep_while)
        if rule.at_least:
            words.add(rule.at_least.while_)
    return words
