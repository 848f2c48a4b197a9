"""Everything that changes the register of papers, one function each."""

from base64 import b32encode
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_bytes

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.papers import queries
from skola.services.papers.models import Paper, Sheet

CLAUSE = "ilearn-6.a"


class NotDueError(Exception):
    """The record of this paper is there still: it is not to be destroyed."""


@dataclass(frozen=True)
class Filed:
    """A paper as somebody files it."""

    what: str
    channel: str
    received_on: date
    place: str


def fresh_mark() -> str:
    """Return what is written on a paper: 40 random bits in letters and digits, nobody's name."""
    return b32encode(token_bytes(5)).decode()


@transaction.atomic
def file_paper(person: Person, told: Filed, *, by: str, now: datetime) -> Paper:
    """Enter a paper about a person, and return it with the mark to be written on it."""
    mark = fresh_mark()
    made = Paper.objects.create(
        person=person,
        what=told.what,
        channel=told.channel,
        received_on=told.received_on,
        place=told.place,
        mark=mark,
        filed_at=now,
    )
    Sheet.objects.create(paper=made.pk, mark=mark, place=told.place, filed_at=now)
    audit.record("papers.paper.filed", target=made, subject=person.pk, by=by, at=now, clause=CLAUSE)
    return made


@transaction.atomic
def move_paper(paper: Paper, place: str, *, by: str, now: datetime) -> None:
    """Say where a paper stands now."""
    Paper.objects.filter(pk=paper.pk).update(place=place)
    Sheet.objects.filter(paper=paper.pk).update(place=place)
    audit.record("papers.paper.moved", target=paper, subject=paper.person_id, by=by, at=now)


@transaction.atomic
def destroy(sheet: Sheet, *, by: str, now: datetime) -> None:
    """Record that a paper was destroyed; twice changes nothing. Raises NotDueError."""
    held = Sheet.objects.select_for_update().get(pk=sheet.pk)
    if held.destroyed_at is not None:
        return
    if held.pk not in {one.pk for one in queries.to_destroy(now=now)}:
        raise NotDueError(_("This paper is kept still. Nothing was changed."))
    Sheet.objects.filter(pk=held.pk).update(destroyed_at=now)
    audit.record("papers.sheet.destroyed", target=held, by=by, at=now, clause=CLAUSE)
