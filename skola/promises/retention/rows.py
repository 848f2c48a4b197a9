"""The tests by which statements and functions choose rows."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from skola.promises.inventory.api import Declaration, Part
from skola.promises.retention.rules import GONE
from skola.promises.retention.sql import literal, quoted


class Given(StrEnum):
    """What a function of the database is given, by the name it has there."""

    TENANT = "_tenant"
    NOW = "_now"
    UNTIL = "_until"
    PERSONS = "_persons"
    ROWS = "_rows"


def _said(value: Given | UUID | datetime) -> str:
    return str(value) if isinstance(value, Given) else literal(value)


def of_tenant(declaration: Declaration, tenant: UUID | Given) -> str:
    """Return the test that a row belongs to the tenant."""
    if not declaration.has_tenant:
        return "true"
    return f"{quoted(declaration.table)}.tenant_id = {_said(tenant)}"


def is_open(declaration: Declaration, part: Part, now: datetime | Given) -> str:
    """Return the test that a row's date has not passed, or is not known yet."""
    due = f"{quoted(declaration.table)}.{quoted(part.due)}"
    return f"coalesce({due} > {_said(now)} and {due} < {literal(GONE)}, true)"


def is_whole(declaration: Declaration) -> str:
    """Return the test that all parts of a row are gone."""
    table = quoted(declaration.table)
    return " and ".join(
        f"{table}.{quoted(part.due)} = {literal(GONE)}" for part in declaration.parts
    )


def is_theirs(
    declaration: Declaration, tenant: UUID | Given, persons: Sequence[UUID] | Given
) -> str:
    """Return the test that a row is about one of these persons; empty where it is about nobody."""
    if declaration.subject is None:
        return ""
    if isinstance(persons, Given):
        these = str(persons)
    else:
        these = f"array[{', '.join(map(literal, persons))}]::uuid[]"
    column, found = declaration.subject.column, f"= any ({these})"
    for hop in reversed(declaration.subject.hops):
        inner = f"select {quoted(hop.key)} from {quoted(hop.table)}"
        found = f"in ({inner} where tenant_id = {_said(tenant)} and {quoted(column)} {found})"
        column = hop.column
    return f"{quoted(declaration.table)}.{quoted(column)} {found}"
