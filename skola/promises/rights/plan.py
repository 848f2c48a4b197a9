"""The plan: every way from every table to a person, made from the declarations, once per process.

A row can lead to several people, and each is something else to it: the one it is about, who wrote
it, who is on the other side of it, who is mentioned, who handled it as staff. Each way is one
look-up along indexes; a check refuses a declaration without them (``privacy.E005``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import models

from skola.promises.inventory.api import (
    Blank,
    Declaration,
    Path,
    blank_of,
    declaration_of,
    declarations,
    resolve,
)

FILES = "files_storedfile"
PEOPLE = "people_person"


class Relation(StrEnum):
    """What a person is to a row."""

    OWNER = "owner"
    """The row is about them; it goes with them."""
    AUTHOR = "author"
    """They made what the row holds for others."""
    COUNTERPART = "counterpart"
    """They are on the other side of a row that is about somebody else."""
    MENTIONED = "mentioned"
    """They occur in a row that is about somebody else."""
    STAFF = "staff"
    """They handled it at work; their link follows the row."""


@dataclass(frozen=True)
class Link:
    """One way from a row to a person."""

    path: Path
    relation: Relation
    is_subject: bool
    """Whether it is the way of ``PersonalData.subject``, from which the row's clock counts."""
    blank: Blank
    """How the row's own column looks without the person."""
    goes_along: bool = False
    """Whether the row is deleted with the person, as its foreign key says."""


@dataclass(frozen=True)
class Step:
    """One table of the plan."""

    declaration: Declaration
    links: tuple[Link, ...]
    """Ways to a person, the subject's first. At least one."""
    files: tuple[str, ...] = ()
    """Columns that name a stored file, which goes with the row."""

    @property
    def table(self) -> str:
        return self.declaration.table

    @property
    def subject(self) -> Link | None:
        """The way to the person whom the row is about or who made it."""
        return next((link for link in self.links if link.is_subject), None)

    @property
    def others(self) -> tuple[Link, ...]:
        """The ways to people of whose data the row is not made."""
        return tuple(link for link in self.links if not link.is_subject)


def where(declaration: Declaration, link: Link, *, tenant: str, person: str) -> str:
    """Return the test that a row leads to a person this way, for a statement on the bare table.

    ``tenant`` and ``person`` are placeholders or literals. A look-up along indexes on every step.
    """
    mine = f"tenant_id = {tenant}"
    column, found = link.path.column, f"= {person}"
    for hop in reversed(link.path.hops):
        inner = f'select "{hop.key}" from "{hop.table}" where {mine} and "{column}" {found}'
        column, found = hop.column, f"in ({inner})"
    here = f'"{declaration.table}"."{column}" {found}'
    return f'"{declaration.table}".{mine} and {here}' if declaration.has_tenant else here


@cache
def plan() -> tuple[Step, ...]:
    """Return every table that can lead to a person, in an order safe for deleting.

    A table stands before those that its rows point to; the person's own row is the last.
    """
    found = {step.table: step for step in map(_step, declarations()) if step.links}
    order = TopologicalSorter({table: set[str]() for table in sorted(found)})
    for table, target in _pointing():
        if table in found and target in found and table != target:
            order.add(target, table)
    ordered = [found[table] for table in order.static_order()]
    return tuple(sorted(ordered, key=lambda step: step.table == PEOPLE))


def step_of(table: str) -> Step:
    """Return the step of a table. Raises KeyError where no way leads from it to a person."""
    for step in plan():
        if step.table == table:
            return step
    raise KeyError(f"no way leads from {table} to a person")


@cache
def file_columns() -> tuple[tuple[Declaration, str, tuple[Link, ...]], ...]:
    """Return every column of every table that names a stored file, with the ways of its rows."""
    return tuple(
        (one, column, tuple(_links(one))) for one in declarations() for column in _file_columns(one)
    )


def _step(one: Declaration) -> Step:
    links = sorted(_links(one), key=lambda link: not link.is_subject)
    return Step(one, tuple(links), tuple(_file_columns(one)))


def _links(one: Declaration) -> Iterator[Link]:
    said = {resolve(_model(one), path): word for path, word in one.relations.items()}
    if one.subject is not None:
        said.pop(one.subject, None)
        yield _link(one, one.subject, _subject_is(one), is_subject=True)
    for path, word in said.items():
        yield _link(one, path, Relation(word), is_subject=False)


def _subject_is(one: Declaration) -> Relation:
    """What the subject is to a row: as declared, or as to the parent that the row goes with."""
    model = _model_or_none(one)
    for path, word in one.relations.items():
        if model and resolve(model, path) == one.subject:
            return Relation(word)
    parent = one.goes_with
    if parent and one.subject and one.subject.hops and one.subject.hops[0].column == parent.column:
        return _subject_is(declaration_of(parent.table))
    return Relation.OWNER


def _link(one: Declaration, path: Path, relation: Relation, *, is_subject: bool) -> Link:
    own = path.hops[0].column if path.hops else path.column
    model = _model_or_none(one)
    field = next((f for f in model._meta.concrete_fields if f.column == own), None) if model else 0
    goes = isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    empty = blank_of(field) if field else Blank(own, possible=False)
    return Link(path, relation, is_subject, empty, goes)


def _model(one: Declaration) -> type[models.Model]:
    return apps.get_model(one.model)


def _model_or_none(one: Declaration) -> type[models.Model] | None:
    return _model(one) if "." in one.model else None


def _file_columns(one: Declaration) -> Iterator[str]:
    """The columns that hold a file; what goes with the file (its key, its parts) holds nothing."""
    for field in _foreign_keys(_model_or_none(one)):
        target: Any = field.related_model
        goes = one.goes_with is not None and one.goes_with.column == field.column
        if target._meta.db_table == FILES and not goes:
            yield str(field.column)


def _foreign_keys(model: type[models.Model] | None) -> Iterator[models.ForeignKey[Any, Any]]:
    for field in model._meta.concrete_fields if model else ():
        if isinstance(field, models.ForeignKey) and field.name != "tenant":
            yield field


def _pointing() -> Iterator[tuple[str, str]]:
    """Foreign keys that forbid or follow a deletion; those that are emptied set no order."""
    for one in declarations():
        for field in _foreign_keys(_model_or_none(one)):
            if field.remote_field.on_delete is not models.SET_NULL:
                target: Any = field.related_model
                yield one.table, target._meta.db_table
