"""Records that rest on a contract, of people of whom no contract is on record (ilearn-10.a)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps

from skola.ground.db.purposes import ENGINE, reading_for
from skola.promises.inventory.api import Declaration, declarations
from skola.promises.policy.api import Policy, Problem, Severity
from skola.promises.retention.api import people_in

CONTRACT = "contract"
RUNS = "contract.open"
"""The state that says that a contract runs."""
REFERENCES = frozenset({CONTRACT, "oral_contract"})
"""Categories whose records are such a reference: contracts, applications, orders, recordings."""


@dataclass(frozen=True)
class Missing:
    """Records of one purpose that rest on a contract which nothing on record refers to."""

    purpose: str
    people: int
    records: dict[str, int]
    """How many of which kind."""


@reading_for(ENGINE)
def missing(policy: Policy) -> Sequence[Missing]:
    """Return, for each purpose on contract, what is held of people without any reference."""
    told = set(people_in(RUNS))
    for one in declarations():
        if told and REFERENCES.intersection(one.columns.values()):
            told -= set(_people(one, told))
    if not told:
        return []
    found = []
    for purpose in policy.purpose:
        if purpose.basis.kind != CONTRACT or RUNS not in purpose.alive_while:
            continue
        records = {
            one.model: count
            for one in declarations()
            if set(purpose.categories).intersection(one.columns.values())
            and (count := sum(1 for _person in _people(one, told)))
        }
        if records:
            found.append(Missing(purpose.id, len(told), records))
    return found


def problems(policy: Policy, file: str) -> Iterator[Problem]:
    """Return what ``missing`` found as findings of the policy check: R001."""
    for one in missing(policy):
        records = ", ".join(f"{count} {model}" for model, count in sorted(one.records.items()))
        yield Problem(
            file,
            f'[[purpose]] "{one.purpose}"',
            "basis",
            f"rests on a contract, and {_counted(one.people)} neither contract, application nor"
            f" order on record: {records}",
            "Enter what was concluded, or end it.",
            Severity.WARN,
            "R001",
        )


def _counted(people: int) -> str:
    return "one person has" if people == 1 else f"{people} people have"


def _people(declaration: Declaration, wanted: set[UUID]) -> Iterator[UUID]:
    """The people among ``wanted`` of each record of a table, once a record."""
    subject = declaration.subject
    if subject is None or "." not in declaration.model:
        return
    path = "__".join(subject.attributes)
    manager: Any = apps.get_model(declaration.model)._default_manager
    yield from manager.filter(**{f"{path}__in": wanted}).values_list(path, flat=True)
