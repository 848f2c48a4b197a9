"""Everything that changes statements and who may read them."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, Role, end_role, grant_role
from skola.promises.statistics.api import publish_table
from skola.services.school import api as school
from skola.services.statements import queries
from skola.services.statements.models import AUTHORITY, Authority, Statement


class TwiceError(Exception):
    """There is one of this name already."""


class NothingToTellError(Exception):
    """The school had no pupils on these days."""


@transaction.atomic
def register_authority(
    *, name: str, level: str, municipality: str, agreement: str, by: str, now: datetime
) -> Authority:
    """Enter a municipality or the ministry with its contract. Raises TwiceError."""
    try:
        with transaction.atomic():
            made = Authority.objects.create(
                name=name,
                level=level,
                municipality=municipality if level == Authority.Level.MUNICIPALITY else "",
                agreement=agreement,
                created_at=now,
            )
    except IntegrityError as problem:
        raise TwiceError(_("There is an authority of this name already.")) from problem
    audit.record(
        "statements.authority.registered",
        target=made,
        clause="ekool-1.4-institution",
        by=by,
        at=now,
    )
    return made


@transaction.atomic
def authorise(authority: Authority, person: Person, *, by: str, now: datetime) -> Role:
    """Let somebody read statements for an authority, and nothing else (ekool-1.4-institution)."""
    held = Role.objects.filter(
        person=person, kind=Role.Kind.AUTHORITY, scope=AUTHORITY, scope_id=authority.pk
    )
    there = held.held_at(now).first()
    if there is not None:
        return there
    return grant_role(
        person, Role.Kind.AUTHORITY, scope=AUTHORITY, scope_id=authority.pk, by=by, now=now
    )


@transaction.atomic
def end_authorisation(authority: Authority, person: Person, *, by: str, now: datetime) -> int:
    """Somebody no longer reads for an authority; return how many roles ended."""
    held = Role.objects.filter(
        person=person, kind=Role.Kind.AUTHORITY, scope=AUTHORITY, scope_id=authority.pk
    )
    ending = list(held.held_at(now))
    for role in ending:
        end_role(role, by=by, now=now)
    return len(ending)


@transaction.atomic
def give_statement(
    where: school.School, *, about: str, from_on: date, until_on: date, by: str, now: datetime
) -> Statement:
    """Give a school's numbers about some days to its authorities (ekool-5.2.5).

    The same days are given once. Raises NothingToTellError, and what ``publish_table`` raises.
    """
    counts = queries.counts_of(where, about, from_on, until_on)
    if counts is None:
        raise NothingToTellError(_("The school had no pupils on these days."))
    table = publish_table(
        counts,
        source=queries.source_of(where, about),
        from_on=from_on,
        until_on=until_on,
        category="study",
        by=by,
        now=now,
    )
    made, _new = Statement.objects.get_or_create(
        table=table, defaults={"school": where, "about": about, "given_at": now}
    )
    return made


@transaction.atomic
def note_fetch(statement: Statement, *, by: str, now: datetime) -> None:
    """Write down that an authority's representative opened a statement."""
    audit.record(
        "statements.statement.fetched",
        target=statement,
        clause="ekool-5.2.5",
        by=by,
        at=now,
    )
