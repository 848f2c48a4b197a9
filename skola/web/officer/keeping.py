"""Why somebody's records are still kept, and until when, for the officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.people.api import Person
from skola.promises.inventory.api import clocked, declaration_of
from skola.promises.policy.api import Policy
from skola.promises.retention.api import Floor, Kept, grounds_of
from skola.promises.retention.rules import NEVER
from skola.promises.retention.terms import HOLD
from skola.promises.rights.api import in_language, record_word

MOST = 50
"""So many records of a kind are shown, by their keys."""


def kinds_of_record() -> list[tuple[str, str]]:
    """Return the kinds of record with a clock of their own that name their person."""
    found = [
        (one.model, record_word(one.model))
        for one in clocked()
        if "." in one.model and one.subject is not None and one.subject.is_local
    ]
    return sorted(found, key=lambda pair: pair[1])


@dataclass(frozen=True)
class Ground:
    """What keeps a record: its name, and until when; None while nobody can say."""

    name: str
    until: datetime | None


@dataclass(frozen=True)
class Shown:
    """One part of a record: its key, what is kept of it, by what, and when it goes."""

    key: str
    category: str
    grounds: tuple[Ground, ...]
    goes_at: datetime | None


@reading_for(ENGINE)
def kept_of(person: Person, kind: str, policy: Policy, *, now: datetime) -> Sequence[Shown]:
    """Return why records of a kind about a person are kept; what is sealed stands here, too."""
    subject = declaration_of(kind).subject
    assert subject is not None, "the form offers no other kinds"
    rows: Any = apps.get_model(kind)._default_manager.filter(**{subject.column: person.pk})
    names = {one.id: in_language(one.name) for one in policy.purpose}
    names |= {one.id: in_language(one.name) for one in policy.retention if one.name}
    categories = {one.id: in_language(one.name) for one in policy.category}
    found = grounds_of(list(rows.order_by("pk")[:MOST]), now=now)
    return [
        Shown(
            str(key),
            categories.get(one.category, one.category),
            tuple(_ground(floor, names) for floor in one.grounds),
            _moment(one),
        )
        for key, parts in found.items()
        for one in parts
    ]


def _ground(floor: Floor, names: dict[str, str]) -> Ground:
    until = floor.until if floor.until < NEVER else None
    if floor.purpose.startswith(HOLD):
        return Ground(_("Legal hold"), until)
    return Ground(names.get(floor.purpose, floor.purpose), until)


def _moment(kept: Kept) -> datetime | None:
    return kept.due.at if kept.due is not None and kept.due.at < NEVER else None
