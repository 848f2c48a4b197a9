"""What happens to the rows of one table, by what the person is to them."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from skola.ground.tenants.api import current_id
from skola.promises.retention.api import Clockwork, Ended, end_part, literal
from skola.promises.rights.erasing.probe import Found, theirs
from skola.promises.rights.plan import FILES, Link, Relation, Step, file_columns, step_of, where


def end(
    work: Clockwork,
    step: Step,
    person_id: UUID,
    *,
    holds: bool,
    opened: frozenset[str],
    now: datetime,
) -> Ended:
    """End the parts of one category in rows that are about the person, or that they made."""
    assert step.subject is not None
    test = _is_theirs(step, step.subject, person_id)
    return end_part(work, test, holds=holds, opened=opened, now=now)


def unlink(found: Found, person_id: UUID) -> int:
    """Take the person out of rows that are about somebody else; return how many rows changed.

    The row stays its owner's. Where it is nothing without the person (a guardian's link to a child)
    it goes, as its foreign key says. A link of staff follows the row and is left alone: nothing but
    a number without a name remains of it.
    """
    step, link = found.step, found.link
    if link.relation is Relation.STAFF or link.path.hops:
        return 0
    test = _is_theirs(step, link, person_id)
    if link.blank.possible:
        return _run(f'update "{step.table}" set "{link.path.column}" = null where {test}')
    return _run(f'delete from "{step.table}" where {test}')


def remove(found: Found, person_id: UUID) -> int:
    """Delete rows of the person that end by themselves, before their end; return how many.

    Nothing keeps such a row longer: a copy of somebody's data, made for them.
    """
    test = _is_theirs(found.step, found.link, person_id)
    return _run(f'delete from "{found.step.table}" where {test}')


def rows_of(step: Step, person_id: UUID) -> list[UUID]:
    """Return the keys of the rows of a table that are about the person."""
    assert step.subject is not None
    one, test = step.declaration, _is_theirs(step, step.subject, person_id)
    with connection.cursor() as cursor:
        cursor.execute(f'select "{step.table}"."{one.key}" from "{step.table}" where {test}')
        return [key for (key,) in cursor.fetchall()]


def category_of(found: Found) -> str:
    """Return the category of the column that leads to the person."""
    return found.step.declaration.columns.get(found.link.path.column, "")


def release_files(person_id: UUID) -> int:
    """Take the person out of files that rows of others hold, and let go of those nobody holds.

    The files of their own rows went with these, or stay with one that a law keeps.
    """
    step = step_of(FILES)
    assert step.subject is not None
    mine = _is_theirs(step, step.subject, person_id)
    tenant, person = literal(current_id()), literal(person_id)
    held, theirs = [], []
    for declaration, column, links in file_columns():
        holder = f'exists (select 1 from "{declaration.table}" where "{column}" = "{FILES}".id'
        held.append(f"{holder})")
        theirs += [
            f"{holder} and {where(declaration, link, tenant=tenant, person=person)})"
            for link in links
            if link.is_subject
        ]
    loose = _run(f'delete from "{FILES}" where {mine} and not ({" or ".join(held)})')
    kept = " or ".join(theirs) or "false"
    return loose + _run(f'update "{FILES}" set person_id = null where {mine} and not ({kept})')


def _is_theirs(step: Step, link: Link, person_id: UUID) -> str:
    return theirs(step, link, tenant=literal(current_id()), person=literal(person_id))


def _run(text: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return int(cursor.rowcount)
