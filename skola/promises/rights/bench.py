"""What an erasure costs, each figure beside its limit in the same run (``python3 run.py bench``).

A person has 240 rows in all tables of the plan that the application may delete from and that take
rows made from nothing but their model; so a new room is measured without a word here. The limit
is plain SQL: the same rows, deleted by the person's id, one statement a table. Both run in the role
of the application, behind the walls, and take turns.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from skola.ground.db.walls import APP_ROLE
from skola.ground.ids import uuid7
from skola.ground.journal import api as journal
from skola.ground.measure import Measure
from skola.ground.people.api import Person
from skola.ground.tenants.api import Tenant, inside
from skola.promises.retention.api import literal
from skola.promises.rights.erasing.actions import erase_person
from skola.promises.rights.erasing.probe import probe
from skola.promises.rights.plan import PEOPLE, Step, plan, where

ROWS = 240
ROUNDS = 9
OTHERS = 40
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = Path(__file__).parents[3] / "policies" / "ilearn"
MADE_BY_TRIGGERS = {"retention_fact", "retention_statefact", "audit_subjectkey"}
KEPT = {"diary_look", "rights_claim", "rights_objection"}
"""What the policy keeps of somebody who is erased."""


def measures(only: str = "") -> list[Measure]:
    """Take every measure whose name contains ``only``. Everything made for it is removed again."""
    found = []
    for name, take in MEASURES.items():
        if only in name:
            with _workshop():
                found.append(take(name))
    return found


@contextmanager
def _workshop() -> Iterator[None]:
    """A folder of policies, and a tenant of our own with one of them, in which the block runs."""
    before = settings.POLICIES
    with tempfile.TemporaryDirectory() as folder:
        settings.POLICIES = Path(folder)
        try:
            with journal.silent(), _tenant() as tenant, inside(tenant.pk):
                yield
        finally:
            settings.POLICIES = before


@contextmanager
def _tenant() -> Iterator[Tenant]:
    """A tenant with a policy, removed afterwards with all its rows."""
    tenant = Tenant.objects.create(id=uuid7(), slug=f"bench-{uuid7().hex[-8:]}", created_at=NOW)
    folder = Path(settings.POLICIES) / tenant.slug
    folder.mkdir()
    for file in POLICY.glob("*.toml"):
        text = file.read_text().replace('tenant = "ilearn"', f'tenant = "{tenant.slug}"')
        (folder / file.name).write_text(text)
    try:
        yield tenant
    finally:
        _run("reset role")
        with inside(tenant.pk):
            _clear()
        tenant.delete()


def _clear() -> None:
    """Delete every row of the speaking tenant; what points to others goes first."""
    names = [step.table for step in plan()]
    names += [m._meta.db_table for m in apps.get_models() if _has_tenant(m)]
    for table in [*dict.fromkeys([*names, PEOPLE]), "audit_entry"]:
        if table != "tenants_host":
            _run(f'delete from "{table}" where tenant_id = {_setting()}')


def _has_tenant(model: type[models.Model]) -> bool:
    return any(field.name == "tenant" for field in model._meta.concrete_fields)


def _setting() -> str:
    return "current_setting('skola.tenant')::uuid"


def _run(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


@contextmanager
def _as_application() -> Iterator[None]:
    _run(f"set role {APP_ROLE}")
    try:
        yield
    finally:
        _run("reset role")


# ---- rows ----------------------------------------------------------------------------------------


def _fillable() -> list[Step]:
    """The tables to fill, what others point to first."""
    return [
        step
        for step in reversed(plan())
        if step.subject is not None
        and step.declaration.may_delete
        and "." in step.declaration.model
        and step.table not in MADE_BY_TRIGGERS | KEPT | {PEOPLE}
    ]


def _person(rows: int = ROWS) -> Person:
    """Somebody with ``rows`` rows or a few less, in all tables that take rows made like this."""
    person = Person.objects.create(given_name="Ilze", family_name="Bērziņa", created_at=NOW)
    made: dict[str, list[Any]] = {PEOPLE: [person]}
    open_ones, number = _fillable(), 0
    while open_ones and sum(map(len, made.values())) + len(open_ones) <= rows:
        open_ones = [step for step in open_ones if _add(step, made, number)]
        number += 1
    return person


def _others(number: int) -> None:
    """So many other people, with as many rows each as the tables with keys of ours take at once."""
    first = _person(40)
    taken = {found.step.table: found.count for found in probe(first.pk) if found.link.is_subject}
    every: dict[str, list[Any]] = {}
    for _ in range(number - 1):
        person = Person(given_name="Anna", family_name="Ozola", created_at=NOW)
        made: dict[str, list[Any]] = {PEOPLE: [person]}
        for step in _fillable():
            model: Any = apps.get_model(step.declaration.model)
            if isinstance(model._meta.pk, models.UUIDField):
                rows = range(taken.get(step.table, 0))
                made[step.table] = [model(**_values(model, made, row)) for row in rows]
        for table, rows_of_it in made.items():
            every.setdefault(table, []).extend(rows_of_it)
    for rows_of_table in every.values():
        if rows_of_table:
            type(rows_of_table[0])._base_manager.bulk_create(rows_of_table, batch_size=500)


def _add(step: Step, made: dict[str, list[Any]], number: int) -> bool:
    """Add one row; False where the table takes no (further) one."""
    model: Any = apps.get_model(step.declaration.model)
    try:
        with transaction.atomic():
            row = model._base_manager.create(**_values(model, made, number))
    except (IntegrityError, LookupError):
        return False
    made.setdefault(step.table, []).append(row)
    return True


def _values(model: Any, made: dict[str, list[Any]], number: int) -> dict[str, Any]:
    found = {}
    for field in model._meta.concrete_fields:
        if field.name in ("tenant",) or (field.name.startswith("due_") and field.null):
            continue
        if isinstance(field, models.ForeignKey):
            target: Any = field.related_model
            rows = made.get(target._meta.db_table, [])
            if rows:
                found[field.name] = rows[number % len(rows)]
            elif not field.null:
                raise LookupError(field.name)
        elif field.has_default() or field.null:
            continue
        else:
            found[field.name] = _value(field)
    return found


def _value(field: Any) -> Any:
    if field.choices:
        return field.choices[0][0]
    match field:
        case models.UUIDField():
            return uuid7()
        case models.EmailField():
            return f"{uuid7().hex}@example.org"
        case models.CharField() | models.TextField():
            return uuid7().hex[-(field.max_length or 32) :]
        case models.DateTimeField():
            return NOW
        case models.DateField():
            return date(2026, 3, 2)
        case models.BooleanField():
            return False
        case models.BinaryField():
            return b"\0" * 32
        case models.JSONField():
            return {}
        case models.GenericIPAddressField():
            return "192.0.2.1"
        case models.DecimalField():
            return Decimal(1)
    return 1


# ---- the measures --------------------------------------------------------------------------------


def _plain(person: UUID) -> list[str]:
    """One statement a table, as somebody would write it who knows where everything is."""
    return [
        f'delete from "{found.step.table}" where '
        + where(found.step.declaration, found.link, tenant=_setting(), person=literal(person))
        for found in probe(person)
        if found.link.is_subject
    ]


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _delete(statements: list[str]) -> None:
    with transaction.atomic():
        for text in statements:
            _run(text)


def _erase(person: UUID) -> None:
    erase_person(person, reason="asked", by="bench", now=NOW + timedelta(hours=1))


def _rounds(rounds: int) -> tuple[list[float], list[float]]:
    """Erase and delete in turn; each time somebody new. Returns both lists of seconds."""
    erased: list[float] = []
    deleted: list[float] = []
    for _ in range(rounds + 2):
        one, other = _person().pk, _person().pk
        with _as_application():
            statements = _plain(other)
            deleted.append(_timed(lambda: _delete(statements)))  # noqa: B023
            erased.append(_timed(lambda: _erase(one)))  # noqa: B023
            if probe(one) or probe(other):
                raise AssertionError("not every row went")
    return erased[2:], deleted[2:]


def _settle() -> None:
    for step in plan():
        _run(f'vacuum analyze "{step.table}"')


def erase_against_sql(name: str) -> Measure:
    """Erasing a person of 240 rows, and deleting the same rows by plain SQL."""
    _others(OTHERS)
    _settle()
    erased, deleted = _rounds(ROUNDS)
    ratio = median(mine / plain for mine, plain in zip(erased, deleted, strict=True))
    return Measure(name, median(erased), median(deleted), ratio, 5.0, ratio <= 5.0)


def erase_at_worst(name: str) -> Measure:
    """Nineteen of twenty erasures of 240 rows take no longer; the limit is a tenth of a second."""
    _settle()
    erased, _ = _rounds(ROUNDS * 2)
    worst = quantiles(erased, n=20)[-1]
    return Measure(name, worst, 0.1, worst / 0.1, 1.0, worst <= 0.1)


def erase_among_many(name: str) -> Measure:
    """Erasing somebody of a tenant with ten times as many others, and of one with fewer, in turn.

    Both tenants' rows are in the same tables; the limit is the smaller tenant's time.
    """
    small: list[float] = []
    large: list[float] = []
    with _tenant() as few, _tenant() as many:
        for tenant, others in ((few, OTHERS), (many, OTHERS * 10)):
            with inside(tenant.pk):
                _others(others)
        _settle()
        for _ in range(ROUNDS * 2):
            for tenant, taken in ((few, small), (many, large)):
                with inside(tenant.pk):
                    one = _person().pk
                    with _as_application():
                        taken.append(_timed(lambda: _erase(one)))  # noqa: B023
    del small[:2], large[:2]
    ratio = median(more / fewer for more, fewer in zip(large, small, strict=True))
    return Measure(name, median(large), median(small), ratio, 1.1, ratio <= 1.1)


MEASURES: dict[str, Callable[[str], Measure]] = {
    "erase 240 rows against DELETE (s)": erase_against_sql,
    "erase 240 rows, p95 (s)": erase_at_worst,
    "erase at 10x other people (s)": erase_among_many,
}
