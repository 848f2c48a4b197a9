"""Makers of statements for tests."""

from datetime import date, datetime, timedelta

from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.promises.statistics.models import PublishedTable
from skola.services.diary import actions as diary_actions
from skola.services.diary.tests import make as diary
from skola.services.school.models import School
from skola.services.school.tests.make import A_DAY
from skola.services.statements import actions
from skola.services.statements.models import Authority, Statement

FIRST, LAST = date(2026, 1, 5), date(2026, 2, 27)


def authority(
    name: str = "Lepiku vald", municipality: str = "Lepiku", *, at: datetime = A_DAY
) -> Authority:
    """A municipality with a contract; without a place it is the ministry."""
    return actions.register_authority(
        name=name,
        level="municipality" if municipality else "ministry",
        municipality=municipality,
        agreement="2024/118",
        by="staff",
        now=at,
    )


def reader(of: Authority) -> Person:
    """Somebody who reads for an authority."""
    person = people.account().person
    actions.authorise(of, person, by="staff", now=A_DAY - timedelta(days=1))
    return person


def statement(
    where: School,
    about: str = "pupils",
    *,
    from_on: date = FIRST,
    until_on: date = LAST,
    at: datetime = A_DAY,
) -> Statement:
    """A statement about two months of a school."""
    return actions.give_statement(
        where, about=about, from_on=from_on, until_on=until_on, by="school", now=at
    )


def stored(where: School, *, at: datetime = A_DAY) -> Statement:
    """A statement as it lies in the tables, whatever the policy says."""
    table = PublishedTable.objects.create(
        source=f"test:{where.pk}",
        from_on=FIRST,
        until_on=LAST,
        purpose="test",
        rows=["7.B"],
        columns=["there"],
        numbers=[[6, 6], [6, 6]],
        least=5,
        published_at=at,
    )
    return Statement.objects.create(school=where, about="pupils", table=table, given_at=at)


def missing(world: diary.World, many: int) -> None:
    """The first ``many`` pupils of a class miss one lesson each."""
    diary_actions.note_absences(
        world.slot,
        date(2026, 2, 2),
        {pupil.pk: ("absent", 0) for pupil in world.pupils[:many]},
        by="teacher",
        now=A_DAY,
    )
