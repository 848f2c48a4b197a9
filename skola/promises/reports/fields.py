"""What may be read of a table: its columns, and in which forms each can be told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Value

from skola.promises.inventory.api import Declaration, declarations
from skola.promises.reports.rules import DIRECT

SPAN = ".."
"""Between the names of two moments: the time from one to the other."""
MONEY = "_cents"
LOG = "audit"
"""The category of what tells who did what; it has a page of its own."""
CREATED = "record.created"


@dataclass(frozen=True)
class Source:
    """A table about people, and how its records lead to them."""

    declaration: Declaration
    person: str
    """The lookup from a record to its person, ``enrolment__person_id``; empty where nothing leads
    to anybody: each record counts as somebody's then, and none is told."""
    collected: str
    """The lookup of the moment at which it was collected; empty where none is stored."""
    moments: tuple[str, ...]
    words: tuple[str, ...]
    """Columns with a closed list of values, and yes or no."""
    texts: tuple[str, ...]
    """Columns with words that somebody wrote."""
    numbers: tuple[str, ...]

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.declaration.model)

    def field(self, column: str) -> Any:
        """Return the field of a column."""
        return next(one for one in self.model._meta.concrete_fields if one.column == column)

    def category(self, column: str) -> str:
        """Return the category of a column. Raises KeyError where it tells of nobody."""
        return self.declaration.columns[column]

    @property
    def spans(self) -> tuple[str, ...]:
        """From when a record was collected to each of its other moments."""
        if self.collected not in self.moments:
            return ()
        others = [one for one in self.moments if one != self.collected]
        return tuple(f"{self.collected}{SPAN}{one}" for one in others)

    @property
    def countable(self) -> tuple[str, ...]:
        """By what its records can be counted: months, closed lists, shared words, spans."""
        return (*self.words, *self.texts, *self.moments, *self.spans)

    @property
    def addable(self) -> tuple[str, ...]:
        """What can be added up: amounts of money."""
        return tuple(one for one in self.numbers if one.endswith(MONEY))

    @property
    def tellable(self) -> tuple[str, ...]:
        """What a record tells under a pseudonym: closed lists, numbers, months; no free words."""
        return (*self.words, *self.numbers, *self.moments) if self.person else ()


@cache
def sources() -> dict[str, Source]:
    """Return every table that is about people and has something to count or to tell."""
    found = (_source(one) for one in declarations() if one.columns and "." in one.model)
    return {one.declaration.model: one for one in found if one and one.countable}


def filled(models_: Sequence[str]) -> frozenset[str]:
    """Return which of these tables have a record that may be read now. One query."""
    found = [
        sources()[one].model._default_manager.annotate(of=Value(one)).values_list("of")[:1]
        for one in models_
    ]
    if not found:
        return frozenset()
    return frozenset(of for (of,) in found[0].union(*found[1:], all=True))


def categories_of(source: Source, columns: tuple[str, ...]) -> frozenset[str]:
    """Return the categories of columns and spans, and that of who the records are about.

    That a record of somebody exists says as much as its columns do.
    """
    named = {part for column in columns for part in column.split(SPAN)}
    held = source.declaration.columns
    found = {held[one] for one in named if one in held}
    return frozenset(found or set(held.values()))


def _source(declaration: Declaration) -> Source | None:
    model = apps.get_model(declaration.model)
    subject = declaration.subject
    is_log = subject is None and LOG in declaration.columns.values()
    if not model.__module__.startswith("skola.") or is_log:
        return None
    created = declaration.anchors.get(CREATED)
    sorted_: dict[str, list[str]] = {"moments": [], "words": [], "texts": [], "numbers": []}
    for column, kind in _columns(declaration, model):
        sorted_[kind].append(column)
    return Source(
        declaration,
        person="__".join(subject.attributes) if subject else "",
        collected="__".join(created.attributes) if created else "",
        **{kind: tuple(columns) for kind, columns in sorted_.items()},
    )


def _columns(declaration: Declaration, model: type[models.Model]) -> Iterator[tuple[str, str]]:
    for field in model._meta.concrete_fields:
        column = str(field.column)
        category = declaration.columns.get(column)
        if category is None or category in DIRECT or column in declaration.secrets:
            continue
        if field.choices or isinstance(field, models.BooleanField):
            yield column, "words"
        elif isinstance(field, models.DateField):
            yield column, "moments"
        elif isinstance(field, models.IntegerField):
            yield column, "numbers"
        elif isinstance(field, models.CharField):
            yield column, "texts"
