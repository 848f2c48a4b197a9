"""Choosing receivers by what is held of them: every condition names a column of the inventory.

The inventory knows the category of each column and the policy which categories a message may use,
so nothing has to be listed here, and nothing can be reached that is kept for another purpose:
marks, absences, invoices (ekool-4.4, ekool-3.1.5, learnifier-4.d, ilearn-9.g).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Count

from skola.promises.inventory.api import Declaration, declaration_of, declarations
from skola.promises.policy.schema import Message, Policy
from skola.services.campaigns.rules import readable_for

IS, CONTAINS, BEFORE, AFTER, TIMES, NEVER = "is", "contains", "before", "after", "times", "never"
OPERATORS = (IS, CONTAINS, BEFORE, AFTER, TIMES, NEVER)
_LOOKUPS = {IS: "iexact", CONTAINS: "icontains", BEFORE: "lt", AFTER: "gte"}
_PLAIN = (
    models.CharField,
    models.DateField,
    models.IntegerField,
    models.BooleanField,
)


class SegmentError(Exception):
    """A condition that may not be used, or cannot be understood."""

    def __init__(self, field: str, category: str = "") -> None:
        super().__init__(field)
        self.field, self.category = field, category


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a column, how it is compared, with what."""

    field: str
    op: str
    value: str = ""

    @property
    def words(self) -> str:
        """The condition as it is shown to the people whom it chooses."""
        return f"{self.field} {self.op} {self.value}".strip()


def conditions(said: Sequence[dict[str, str]]) -> list[Condition]:
    """Read the conditions of a campaign."""
    return [Condition(one["field"], one["op"], one.get("value", "")) for one in said]


def category_of(field: str) -> str:
    """Return the category of a column, ``people.person.address``. Raises SegmentError."""
    declaration, column = _declared(field)
    return declaration.columns[column]


def _declared(field: str) -> tuple[Declaration, str]:
    model, _, column = field.rpartition(".")
    try:
        declaration = declaration_of(model)
    except KeyError:
        raise SegmentError(field) from None
    if column not in declaration.columns or column in declaration.secrets:
        raise SegmentError(field)
    return declaration, column


def check(policy: Policy, message: Message, wanted: Sequence[Condition]) -> None:
    """Raise SegmentError at the first condition that the message may not use."""
    allowed = readable_for(policy, message)
    for one in wanted:
        category = category_of(one.field)
        if category not in allowed or one.op not in OPERATORS:
            raise SegmentError(one.field, category)
        _filter(one)


def offered(policy: Policy, message: Message) -> list[str]:
    """Return the columns by which receivers of a message may be chosen."""
    allowed = readable_for(policy, message)
    return sorted(
        f"{declaration.model}.{column}"
        for declaration in declarations()
        if declaration.subject is not None and "." in declaration.model
        for column, category in declaration.columns.items()
        if category in allowed and column not in declaration.secrets
        if _is_plain(declaration, column)
    )


def _is_plain(declaration: Declaration, column: str) -> bool:
    field = _field(declaration, column)
    return isinstance(field, _PLAIN) and not field.is_relation


def _field(declaration: Declaration, column: str) -> Any:
    found = [
        one
        for one in apps.get_model(declaration.model)._meta.concrete_fields
        if one.column == column
    ]
    if not found:
        raise FieldDoesNotExist(column)
    return found[0]


def label(field: str) -> str:
    """Return what a column is called on a page."""
    declaration, column = _declared(field)
    model = apps.get_model(declaration.model)
    return f"{model._meta.verbose_name} – {_field(declaration, column).verbose_name}"


def chosen(wanted: Sequence[Condition]) -> Iterator[set[UUID]]:
    """Return, for each condition, the people for whom it holds; for ``never``, those it leaves out.

    ``check`` comes first: this reads whatever it is told to.
    """
    for one in wanted:
        yield set(_filter(one))


def _filter(one: Condition) -> Any:
    declaration, column = _declared(one.field)
    model: Any = apps.get_model(declaration.model)
    subject = model.PersonalData.subject
    rows = model._default_manager.order_by()
    if one.op == NEVER:
        return rows.values_list(subject, flat=True).distinct()
    if one.op == TIMES:
        if not one.value.isdigit():
            raise SegmentError(one.field)
        counted = rows.values(subject).annotate(times=Count("pk"))
        return counted.filter(times__gte=int(one.value)).values_list(subject, flat=True)
    field = _field(declaration, column)
    value = _value(field, one)
    return rows.filter(**{f"{field.name}__{_LOOKUPS[one.op]}": value}).values_list(
        subject, flat=True
    )


def _value(field: Any, one: Condition) -> Any:
    if one.op in (IS, CONTAINS):
        return one.value
    if isinstance(field, models.DateTimeField):
        try:
            return datetime.fromisoformat(one.value).replace(tzinfo=UTC)
        except ValueError:
            raise SegmentError(one.field) from None
    try:
        return field.to_python(one.value)
    except ValidationError:
        raise SegmentError(one.field) from None
