"""The expression over tables says of every row what the model says of each: on random worlds.

The rows are roles, declared here in a way that uses everything a declaration can say.
"""

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from conftest import sized
from skola.ground.people.models import Person, Role
from skola.ground.tenants.api import Tenant
from skola.promises.inventory.api import Blank, Declaration, Hop, Part, Path
from skola.promises.policy.schema import Purpose, Retention
from skola.promises.retention.models import Fact, Hold, Release, StateFact
from skola.promises.retention.queries import known_of
from skola.promises.retention.rules import LONG_AGO, NEVER, gone_at, seal_of
from skola.promises.retention.sql import Clockwork
from skola.promises.retention.terms import GRANTED, Promises, may_read, moments, rules_for
from skola.promises.retention.tests import make

ROLES = Declaration(
    model="people.role",
    table="people_role",
    subject=Path("person_id", (), ("person_id",)),
    columns={"kind": "preferences"},
    anchors={
        "record.created": Path("starts_at", (), ("starts_at",)),
        "call.recorded": Path("ends_at", (), ("ends_at",)),
        "enquiry.received": Path(
            "created_at", (Hop("person_id", "people_person"),), ("person", "created_at")
        ),
    },
    states={"enquiry.open": Path("ends_at", (), ("ends_at",))},
    conditions={
        "contract.oral": Q(kind="author"),
        "line.announced": Q(kind__in=["author", "staff"]),
    },
    parts=(Part("preferences", "due_at", (Blank("kind", ""),)),),
)
EVENTS = [
    "record.created",
    "call.recorded",
    "enquiry.received",
    "account.created",
    "account.last_action",
    "contract.closed",
    "fiscal_year.end",
    "claim.closed",
]
STATES = ["enquiry.open", "contract.open", "account.open", "consent:news", "always", "claim.open"]
CONDITIONS = ["", "", "contract.oral", "line.announced", "minor.unverified"]
PERIODS = [
    "1 day",
    "3 days",
    "2 weeks",
    "1 month",
    "2 months",
    "1 year",
    "5 hours",
    "7 working days",
]
CLASSES = ["hard", "contest", "claim", "contract", "purpose"]
BASES = ["contract", "legal-obligation", "consent"]
CHANGES = [make.at("2025-10-01"), make.at("2026-01-15"), make.at("2026-03-20")]


class World:
    """A seeded source of policies, people and rows."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def moment(self) -> datetime:
        minutes = self.chance.randrange(0, 400 * 24 * 60)
        return make.at("2025-06-01") + timedelta(minutes=minutes)

    def after(self) -> Any:
        some = self.chance.sample(EVENTS, self.chance.randint(1, 3))
        return some[0] if len(some) == 1 else {"latest": some}

    def retention(self, number: int) -> Retention:
        chance, period = self.chance, self.chance.choice(PERIODS)
        keys: dict[str, Any] = {"id": f"rule{number}", "only_if": chance.choice(CONDITIONS)}
        if chance.random() < 0.6:
            yields = chance.sample(CLASSES, chance.randint(0, 3))
            action = chance.choice(["erase", "anonymise", "erase", "restrict"])
            keys["at_most"] = {
                "period": period,
                "after": self.after(),
                "yields_to": yields,
                "action": action,
            }
        if chance.random() < 0.4:
            keys["at_least"] = {"class": chance.choice(CLASSES), "while": chance.choice(STATES)}
            if chance.random() < 0.7:
                keys["at_least"] = {
                    "class": chance.choice(CLASSES),
                    "period": chance.choice(PERIODS),
                    "after": self.after(),
                    "pending": chance.random() < 0.5,
                }
        if chance.random() < 0.4:
            some = chance.sample(STATES, chance.randint(1, 2))
            keys["keep_while"] = chance.choice(["any purpose alive", some])
        if chance.random() < 0.2:
            keys["backstop"] = {"period": chance.choice(PERIODS), "after": self.after()}
        if number and chance.random() < 0.2:
            keys["except"] = {"linked_to": "contract.oral", "use": "rule0"}
        return make.rule(**keys)

    def purpose(self, number: int) -> Purpose:
        return make.purpose(
            id=f"purpose{number}",
            basis={"kind": self.chance.choice(BASES), "art": "6"},
            alive_while=self.chance.sample(STATES, self.chance.randint(1, 2)),
        )

    def promises(self) -> Promises:
        rules = [self.retention(number) for number in range(self.chance.randint(1, 4))]
        purposes = tuple(self.purpose(number) for number in range(self.chance.randint(0, 3)))
        return make.promises(*rules, purposes=purposes)

    def versions(self, number: int) -> Promises:
        """Several versions: each keeps some rules and purposes of the one before, or all."""
        found = [self.promises()]
        for effective in sorted(CHANGES[: number - 1]):
            before, new = found[-1], self.promises()
            if self.chance.random() < 0.2:
                new = before
            elif self.chance.random() < 0.5:
                rules = {one.id: one for one in (*new.retention, *before.retention[1:])}
                new = replace(new, retention=tuple(rules.values()), purposes=before.purposes)
            found.append(
                replace(
                    new,
                    effective=effective,
                    lengthens_all=self.chance.random() < 0.2,
                    shortens_new_only=self.chance.random() < 0.2,
                )
            )
        return replace(found[-1], earlier=tuple(found[:-1]))

    def people(self, number: int) -> None:
        chance = self.chance
        for _ in range(number):
            person = make.person(self.moment())
            for event in chance.sample(EVENTS, 3):
                at = self.moment()
                Fact.objects.create(person=person, event=event, first_at=at, last_at=at)
            if chance.random() < 0.4:
                at = self.moment()
                Fact.objects.create(person=person, event=GRANTED, first_at=at, last_at=at)
            for state in chance.sample([*STATES, "minor.unverified"], 3):
                begin, end = sorted([self.moment(), self.moment()])
                is_open = chance.random() < 0.5
                StateFact.objects.create(
                    person=person,
                    state=state,
                    is_open=is_open,
                    opened_at=begin,
                    ended_at=end if not is_open or chance.random() < 0.5 else None,
                )
            for _ in range(2):
                self._role(person)
            if chance.random() < 0.4:
                self._hold(person)
            for change in chance.sample(CHANGES, chance.choice([0, 0, 1, 2])):
                is_free = chance.random() < 0.8
                Release.objects.create(
                    person=person,
                    version=f"{change:%Y-%m-%d}",
                    through=change,
                    how="accepted" if is_free else "objected",
                    is_free=is_free,
                    at=self.moment(),
                )

    def _role(self, person: Person) -> None:
        begin, end = sorted([self.moment(), self.moment()])
        role = Role.objects.create(
            person=person,
            kind=self.chance.choice(["author", "staff", "learner"]),
            starts_at=begin,
            ends_at=end if self.chance.random() < 0.6 else None,
        )
        if self.chance.random() < 0.3:
            self._hold(role)

    def _hold(self, target: Person | Role) -> None:
        begin, end = sorted([self.moment(), self.moment()])
        keys: dict[str, Any] = {"object_table": "people_role", "object_id": target.pk}
        if isinstance(target, Person):
            category = self.chance.choice(["", "preferences", "identity"])
            keys = {"person": target, "category": category}
        Hold.objects.create(
            reason="a claim",
            owner="system",
            starts_at=begin,
            ends_at=end if self.chance.random() < 0.7 else None,
            released_at=self.moment() if self.chance.random() < 0.3 else None,
            **keys,
        )


def judged(work: Clockwork, *, holds: bool) -> dict[Any, tuple[datetime, str]]:
    """What the expression says of every row: due date and rule."""
    columns, joins = work.told()
    told = f"(select {columns} from people_role{joins})"
    with connection.cursor() as cursor:
        cursor.execute(f"select key, due, rule from ({work.judged(told, holds=holds)}) judged")
        return {key: (due, rule) for key, due, rule in cursor.fetchall()}


def sealed(work: Clockwork, *, holds: bool) -> dict[Any, Any]:
    """What the expression says of every row that is sealed: from when, for what until when."""
    columns, joins = work.told()
    told = f"(select {columns} from people_role{joins})"
    text = work.judged(told, holds=holds, seals=True)
    with connection.cursor() as cursor:
        cursor.execute(f"select key, due, seal, kept::text from ({text}) j where seal is not null")
        return {
            key: (seal, _ends(json.loads(kept), due)) for key, due, seal, kept in cursor.fetchall()
        }


def _ends(kept: dict[str, str], due: datetime) -> dict[str, datetime]:
    return {word: min(datetime.fromisoformat(end), due) for word, end in kept.items()}


def modelled_seals(work: Clockwork, rows: list[Role]) -> dict[Any, Any]:
    """The same by the model, from all rules of the policy."""
    every = rules_for(work.promises, work.part.category)
    found = {}
    for key, known in known_of(work, rows).items():
        floors, ceilings = moments(every, known, work.promises)
        floors = [replace(floor, since=LONG_AGO) for floor in floors]
        due = gone_at(*moments(every, known, work.promises))
        seal = seal_of(floors, ceilings)
        if seal is None or (due is not None and due.at <= seal.at):
            continue
        last = due.at if due else NEVER
        words: dict[str, datetime] = {}
        for (cls, name), end in seal.until.items():
            for word in may_read(work.promises, work.part.category, cls, name):
                words[word] = max(words.get(word, end), end)
        found[key] = (seal.at, {word: min(end, last) for word, end in words.items()})
    return found


def modelled(work: Clockwork, rows: list[Role]) -> dict[Any, tuple[datetime, str]]:
    """What the model says of every row, from all rules of the policy, none left out."""
    every = rules_for(work.promises, work.part.category)
    found = {}
    for key, known in known_of(work, rows).items():
        due = gone_at(*moments(every, known, work.promises))
        found[key] = (due.at, due.rule) if due else (NEVER, "")
    return found


@pytest.mark.parametrize("seed", range(2))
def test_expression_and_model_agree_on_random_worlds(tenant: Tenant, seed: int) -> None:
    world = World(seed)
    world.people(12)
    rows = list(Role.objects.select_related("person"))
    ends = kept = 0
    for _ in range(sized(25, 120)):
        work = Clockwork(ROLES, ROLES.parts[0], world.promises())
        expected = modelled(work, rows)
        assert judged(work, holds=True) == expected
        seals = modelled_seals(work, rows)
        assert sealed(work, holds=True) == seals
        kept += len(seals)
        ends += sum(due < NEVER for due, _ in expected.values())
    assert kept > 50
    assert ends > 300, "most worlds must have ends, or this compares nothing with nothing"


@pytest.mark.parametrize("seed", range(2))
def test_they_agree_on_several_versions_with_releases(tenant: Tenant, seed: int) -> None:
    world = World(100 + seed)
    world.people(12)
    rows = list(Role.objects.select_related("person"))
    ends = differ = 0
    for _ in range(sized(6, 40)):
        promises = world.versions(world.chance.randint(2, 4))
        work = Clockwork(ROLES, ROLES.parts[0], promises)
        expected = modelled(work, rows)
        assert judged(work, holds=True) == expected
        assert sealed(work, holds=True) == modelled_seals(work, rows)
        ends += sum(due < NEVER for due, _ in expected.values())
        alone = Clockwork(ROLES, ROLES.parts[0], replace(promises, earlier=()))
        differ += sum(modelled(alone, rows)[key] != found for key, found in expected.items())
    assert ends > 100, "most worlds must have ends, or this compares nothing with nothing"
    assert differ > 50, "earlier versions must have a say, or this is the test above"


def test_rows_without_a_person_have_terms_too(tenant: Tenant, now: datetime) -> None:
    from skola.ground.audit.models import Entry
    from skola.promises.inventory.api import declaration_of

    entry = Entry.objects.create(at=now, kind="k", by="system")
    declaration = declaration_of("audit.entry")
    rule = make.rule(categories=["audit"], at_most={"period": "1 day", "after": "audit.performed"})
    work = Clockwork(declaration, declaration.parts[0], make.promises(rule))
    columns, joins = work.told()
    told = f"(select {columns} from audit_entry{joins})"
    with connection.cursor() as cursor:
        cursor.execute(f"select key, due from ({work.judged(told, holds=True)}) judged")
        assert cursor.fetchall() == [(entry.pk, make.at("2026-03-04"))]
