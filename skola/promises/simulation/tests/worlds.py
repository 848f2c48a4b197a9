"""People with accounts, roles and traces, and policies that decide about all of them."""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from skola.ground.people.models import Account, Person, Preferences, Role, SecurityEvent
from skola.promises.policy.schema import Purpose, Retention
from skola.promises.retention.models import Fact, Hold, StateFact
from skola.promises.retention.terms import Promises
from skola.promises.retention.tests import make
from skola.promises.retention.tests.test_sql import World

CATEGORIES = ["identity", "contact", "credentials", "preferences", "security_log"]
EVENTS = ["account.created", "account.last_action", "contract.closed", "account.login"]
STATES = ["account.open", "contract.open", "consent:news"]


class Town(World):
    """A world in which rules speak of several categories, and people hold rows of many tables."""

    def retention(self, number: int) -> Retention:
        some = self.chance.sample(CATEGORIES, self.chance.randint(1, 4))
        rule = super().retention(number)
        if number and self.chance.random() < 0.4:  # what an account's end sets going
            rule = make.rule(
                id=rule.id,
                keep_while=["account.open"],
                then={"within": self.chance.choice(["1 day", "1 month", "1 year"])},
            )
        return replace(rule, categories=some)

    def purpose(self, number: int) -> Purpose:
        some = self.chance.sample(CATEGORIES, self.chance.randint(1, 3))
        return replace(super().purpose(number), categories=some)

    def promises(self) -> Promises:
        rules = [self.retention(number) for number in range(self.chance.randint(3, 6))]
        purposes = tuple(self.purpose(number) for number in range(self.chance.randint(0, 3)))
        return make.promises(*rules, purposes=purposes)

    def settle(self, number: int, *, until: datetime, days: int = 400, holds: bool = True) -> None:
        """Let people come within ``days`` before ``until``, each with a past of some kind."""
        for at in range(number):
            self._settle_one(at, until, days)
        if holds:
            self._hold_some(until, days)

    def _settle_one(self, number: int, until: datetime, days: int) -> None:
        chance = self.chance

        def past() -> datetime:
            return until - timedelta(minutes=chance.randrange(1, days * 24 * 60))

        person = make.person(past(), email=f"p{number}@example.org")
        if chance.random() < 0.7:
            email = f"p{number}@example.org"
            Account.objects.create(person=person, email=email, created_at=past())
        for event in chance.sample(EVENTS, 2):
            at = past()
            Fact.objects.update_or_create(
                person=person, event=event, defaults={"first_at": at, "last_at": at}
            )
        for state in chance.sample(STATES[1:], 1):
            begin, end = sorted([past(), past()])
            is_open = chance.random() < 0.3
            StateFact.objects.create(
                person=person,
                state=state,
                is_open=is_open,
                opened_at=begin,
                ended_at=None if is_open else end,
            )
        Role.objects.create(person=person, kind="learner", starts_at=past())
        Preferences.objects.create(person=person, created_at=past())
        SecurityEvent.objects.create(person=person, kind="signed-in", at=past())

    def _hold_some(self, until: datetime, days: int) -> None:
        chance = self.chance
        Hold.objects.create(
            reason="an inspection of all of a kind",
            owner="system",
            category=chance.choice(CATEGORIES),
            starts_at=until - timedelta(days=chance.randrange(days)),
            ends_at=until + timedelta(days=chance.randrange(1, 200)),
        )
        for person in Person.objects.order_by("pk"):
            if chance.random() < 0.25:
                begin = until - timedelta(days=chance.randrange(days))
                length = timedelta(days=chance.randrange(30, 900))
                Hold.objects.create(
                    reason="a claim",
                    owner="system",
                    person=person,
                    category=chance.choice(["", "identity", "preferences"]),
                    starts_at=begin,
                    ends_at=begin + length if chance.random() < 0.8 else None,
                )


def rows_of(work: Any) -> list[Any]:
    """Every row of a table that a clock decides about."""
    from django.apps import apps

    model: Any = apps.get_model(work.declaration.model)
    return list(model._base_manager.all())
