"""The plan, read: where a person's records are, what of them is shown, and the statements for it.

Statements have the placeholders ``%(tenant)s`` and ``%(person)s``; the person of the audit is a
pseudonym.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.apps import apps
from django.db import models

from skola.promises.inventory.api import Blank, Declaration, Part, Path, declaration_of
from skola.promises.rights.access.rules import Shown, shown
from skola.promises.rights.plan import FILES, Link, Relation, Step, plan, where

AUDIT = "audit_entry"
_NEVER_FROM = "timestamptz '9999-01-01'"


@dataclass(frozen=True, eq=False)
class Source:
    """The records of one table to which a person has one relation."""

    step: Step
    link: Link
    before: tuple[Link, ...] = ()
    """Ways that count first: a record found by one of them is told there."""

    @property
    def declaration(self) -> Declaration:
        return self.step.declaration

    @property
    def record(self) -> str:
        """What the table is called in the archive: ``desk.enquiry``."""
        return self.declaration.model

    @property
    def relation(self) -> Relation:
        return self.link.relation

    @cached_property
    def model(self) -> type[models.Model]:
        """The model behind the table."""
        return apps.get_model(self.declaration.model)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of which the records have parts."""
        return tuple(dict.fromkeys(self.declaration.columns.values()))

    @cached_property
    def fields(self) -> dict[str, "models.Field[Any, Any]"]:
        """The columns that a copy shows or says to be masked, in the order of the model."""
        hidden = {"tenant_id", self.declaration.key}
        hidden |= {column for part in self.declaration.parts for column in part.moments}
        return {
            str(field.column): field
            for field in self.model._meta.concrete_fields
            if field.column not in hidden and not _is_clock(field)
        }

    def columns(self, category: str) -> dict[str, Shown]:
        """Return the columns of a part and of the record around it, and how each appears."""
        one, found = self.declaration, {}
        for column in self.fields:
            if one.columns.get(column, category) == category:
                found[column] = shown(
                    column,
                    relation=self.relation,
                    personal=one.columns,
                    names_a_person=self._people,
                    leads_elsewhere=self._elsewhere,
                    secrets=one.secrets,
                )
        return found

    @cached_property
    def _people(self) -> set[str]:
        return {link.path.column for link in self.step.links if link.path.is_local}

    @cached_property
    def _elsewhere(self) -> set[str]:
        others = [link.path for link in self.step.links if link != self.link]
        return {path.hops[0].column for path in others if not path.is_local}

    # ---- statements ------------------------------------------------------------------------------

    @cached_property
    def found(self) -> str:
        """The table and the condition that find the records."""
        table = _quoted(self.declaration.table)
        tests = [self._leads(self.link)]
        tests += [f"({self._leads(link)}) is not true" for link in self.before]
        if self.declaration.table == FILES:
            tests += _not_held_by_others()
        if self.declaration.withheld:
            until = self._place(self.declaration.withheld)
            tests.append(f"({until} is null or {until} <= (select gate_moment()))")
        return f"{table} where {' and '.join(tests)}"

    def _leads(self, link: Link) -> str:
        return where(self.declaration, link, tenant="%(tenant)s", person="%(person)s")

    def _place(self, column: str) -> str:
        return f"{_quoted(self.declaration.table)}.{_quoted(column)}"

    @property
    def _key(self) -> str:
        return self._place(self.declaration.key)

    def count(self) -> str:
        """The statement that counts the records."""
        return f"select count(*) from {self.found}"

    def lines(self, category: str) -> str:
        """The statement that returns the records as lines of JSON, oldest first."""
        chosen = [f"'{self.record}'::text as record", f"{self._key} as id"]
        chosen.append(f"'{self.relation}'::text as you_are")
        for column, how in self.columns(category).items():
            chosen.append(f"{self._value(column, how)} as {_quoted(column)}")
        found = self.found
        if due := self._due(category):
            chosen.append(f"case when {due} < {_NEVER_FROM} then {due} end as goes_at")
            found += f" and ({due} > (select gate_moment())) is not false"  # its row may stay
        if part := self._sealing(category):
            since, kept = self._place(part.seal), self._place(part.kept)
            chosen.append(
                f"case when {since} <= (select gate_moment()) then {kept} end as kept_for"
            )
        return (
            f"select row_to_json(x)::text from (select {', '.join(chosen)} from {found}"
            f" order by {self._key}) x"
        )

    def _due(self, category: str) -> str:
        for part in self.declaration.parts:
            if part.category == category:
                return self._place(part.due)
        return ""

    def _sealing(self, category: str) -> Part | None:
        """The part of the category, where the policy can seal it."""
        parts = (part for part in self.declaration.parts if not part.expires)
        return next((part for part in parts if part.category == category), None)

    def _value(self, column: str, how: Shown) -> str:
        place = self._place(column)
        if how in (Shown.MASKED, Shown.KEPT_BACK):
            return "null::text"
        if how is Shown.IF_YOU:
            return f"case when {place} = %(person)s then {place} end"
        if isinstance(self.fields[column], models.BinaryField):
            return f"encode({place}, 'base64')"
        return place

    def ends(self, category: str) -> str:
        """The statement for the keys of the records that go first and last, with when they go.

        A date that is not computed yet is empty; the model knows.
        """
        due = self._due(category)
        if not due:
            return f"select {self._key}, null::timestamptz from {self.found} limit 1"
        test = f"coalesce({due} < {_NEVER_FROM}, true)"
        said = f"select {self._key}, {due} from {self.found} and {test}"
        return (
            f"select * from ({said} order by {due} nulls last, {self._key} limit 1) first_one"
            f" union all"
            f" select * from ({said} order by {due} desc nulls last, {self._key} desc limit 1) l"
        )

    def files(self) -> Iterator[str]:
        """Statements for the ids of the original files that the records hold."""
        if self.declaration.table == FILES:
            yield f"select {self._key} from {self.found}"
        for column in self.step.files:
            category = self.declaration.columns.get(column, self.categories[0])
            if self.columns(category)[column] is Shown.WHOLE:
                place = self._place(column)
                yield f"select {place} from {self.found} and {place} is not null"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is_clock(field: "models.Field[Any, Any]") -> bool:
    is_due = field.name == "due_at" or (field.name[:4] == "due_" and field.name[-3:] == "_at")
    return (is_due or field.name.startswith("seal")) and not field.editable


@cache
def sources() -> tuple[Source, ...]:
    """Return every place where records of a person can be, by the names of the tables."""
    found: list[Source] = []
    for step in sorted([*plan(), _audit()], key=lambda step: step.table):
        if step.declaration.columns:
            found += [
                Source(step, link, before=step.links[:number])
                for number, link in enumerate(step.links)
            ]
    return tuple(found)


def _audit() -> Step:
    """The audit, which knows people by their pseudonyms only."""
    about = Link(Path("subject"), Relation.OWNER, True, Blank("subject", ""))
    done = Link(Path("by"), Relation.AUTHOR, False, Blank("by", ""))
    return Step(declaration_of(AUDIT), (about, done))


@cache
def _holders() -> tuple[tuple[Step, Link, str], ...]:
    """The tables whose records hold a file of somebody: whose they are, and the column."""
    return tuple(
        (step, step.subject, column) for step in plan() if step.subject for column in step.files
    )


def _not_held_by_others() -> Iterator[str]:
    """Tests that a file which the person uploaded does not belong to a record of somebody else."""
    for step, owner, column in _holders():
        theirs = where(step.declaration, owner, tenant="%(tenant)s", person="%(person)s")
        table = _quoted(step.table)
        yield (
            f"not exists (select 1 from {table} where {table}.tenant_id = {FILES}.tenant_id"
            f" and {table}.{_quoted(column)} = {FILES}.id and ({theirs}) is not true)"
        )
