"""Reading the declarations of all models, once per process."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from skola.promises.inventory.declaration import Blank, Declaration, Hop, Need, Part, Path
from skola.promises.inventory.libraries import LIBRARIES, Library

OURS = "skola."


class BadPathError(Exception):
    """A declared path does not lead to a column; the message says where it breaks."""


class UndeclaredError(Exception):
    """A model of ours has no ``PersonalData``, or a library's table no entry."""


def resolve(model: type[models.Model], path: str) -> Path:
    """Return where ``enrolment__person_id`` leads from a row of ``model``. Raises BadPathError."""
    hops: list[Hop] = []
    attributes: list[str] = []
    *steps, last = path.split("__")
    for step in steps:
        field = _field(model, step, path)
        if not isinstance(field, models.ForeignKey):
            raise BadPathError(f"{path}: {model._meta.label}.{step} is no foreign key")
        target: Any = field.related_model
        hops.append(_hop(field))
        attributes.append(field.name)
        model = target
    field = _field(model, last, path)
    column = str(field.column)
    return Path(column, tuple(hops), (*attributes, str(field.attname)))


def _field(model: type[models.Model], name: str, path: str) -> Any:
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise BadPathError(f"{path}: {model._meta.label} has no column {name}")


def foreign_key(model: type[models.Model], name: str) -> models.ForeignKey[Any, Any]:
    """Return the foreign key field of this name. Raises FieldDoesNotExist."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.ForeignKey):
        raise FieldDoesNotExist(f"{model._meta.label}.{name} is no foreign key")
    return field


def blank(field: Any) -> Blank:
    """Return how a column looks when what it said is gone."""
    column = str(field.column)
    if field.null:
        return Blank(column, None)
    if isinstance(field, models.ForeignKey) or field.unique:
        return Blank(column, possible=False)
    if field.has_default() and not field.primary_key:
        return Blank(column, field.get_default())
    if isinstance(field, models.CharField | models.TextField):
        return Blank(column, "")
    return Blank(column, possible=False)


def read_model(model: type[models.Model]) -> Declaration:
    """Read one model's declaration. Raises UndeclaredError or BadPathError."""
    meta = model._meta
    if not model.__module__.startswith(OURS):
        return _read_library(model)
    said: Any = vars(model).get("PersonalData")
    if said is None:
        raise UndeclaredError(f"{meta.label} has no PersonalData")
    columns = {name: str(_field(model, name, name).column) for name in said.fields}
    tenant = any(field.name == "tenant" for field in meta.concrete_fields)
    subject = resolve(model, said.subject) if said.subject else None
    goes_with = getattr(said, "goes_with", None)
    held = bool(getattr(said, "goes_with_holder", False))
    return Declaration(
        model=meta.label_lower,
        table=meta.db_table,
        key=_column(meta.pk),
        has_tenant=tenant,
        subject=subject,
        subject_is_row=said.subject == meta.pk.name,
        columns={columns[name]: category for name, category in said.fields.items()},
        secrets=frozenset(
            columns[name] for name in getattr(said, "secrets", ()) if name in columns
        ),
        not_personal={
            str(_field(model, name, name).column): reason
            for name, reason in _reasons(said.not_personal).items()
        },
        anchors=_paths(model, getattr(said, "anchors", {})),
        states=_paths(model, getattr(said, "states", {})),
        conditions={
            word: resolve(model, one) if isinstance(one, str) else one
            for word, one in getattr(said, "conditions", {}).items()
        },
        relations=dict(getattr(said, "relations", {})),
        goes_with=_parent(model, goes_with) if goes_with else None,
        goes_with_holder=held,
        parts=_own_parts(model, said, has_parent=bool(goes_with) or held),
        until_subject_ends=bool(getattr(said, "until_subject_ends", False)),
        withheld=_withheld(model, getattr(said, "withheld", "")),
        may_delete="delete" in getattr(model, "app_may", "delete"),
        moves=bool(getattr(said, "moves", True)),
    )


def _withheld(model: type[models.Model], name: str) -> str:
    return str(_field(model, name, name).column) if name else ""


def _column(field: Any) -> str:
    return str(field.column)


def _reasons(said: Any) -> dict[str, str]:
    return dict(said) if isinstance(said, dict) else dict.fromkeys(said, "")


def _paths(model: type[models.Model], said: dict[str, str]) -> dict[str, Path]:
    return {word: resolve(model, path) for word, path in said.items()}


def _parent(model: type[models.Model], name: str) -> Hop:
    field = foreign_key(model, name)
    return _hop(field)


def _hop(field: models.ForeignKey[Any, Any]) -> Hop:
    target: Any = field.related_model
    return Hop(str(field.column), target._meta.db_table, str(field.target_field.column))


def _own_parts(model: type[models.Model], said: Any, *, has_parent: bool) -> tuple[Part, ...]:
    if ends := getattr(said, "expires", ""):
        category = next(iter(said.fields.values()))
        columns = tuple(blank(_field(model, name, name)) for name in said.fields)
        return (Part(category, str(_field(model, ends, ends).column), columns, expires=True),)
    return () if has_parent else tuple(_parts(model, said))


def _parts(model: type[models.Model], said: Any) -> Iterator[Part]:
    """The parts whose due column exists; a check complains about the others."""
    categories = list(dict.fromkeys(said.fields.values()))
    present = {str(field.column) for field in model._meta.concrete_fields}
    for category in categories:
        due = "due_at" if len(categories) == 1 else f"due_{category}_at"
        if due in present:
            names = [name for name, its in said.fields.items() if its == category]
            columns = [blank(_field(model, name, name)) for name in names]
            telling = _telling(model, said)
            yield Part(
                category,
                due,
                tuple(replace(c, tells=telling is None or c.column in telling) for c in columns),
            )


def _telling(model: type[models.Model], said: Any) -> frozenset[str] | None:
    """The row's own columns that lead to a person; None where the row is the person."""
    if said.subject == model._meta.pk.name:
        return None
    paths = [said.subject] if said.subject else []
    paths += list(getattr(said, "relations", {}))
    found = [resolve(model, path) for path in paths]
    return frozenset(path.column for path in found if path.is_local)


def _read_library(model: type[models.Model]) -> Declaration:
    table = model._meta.db_table
    library = LIBRARIES.get(table)
    if library is None:
        raise UndeclaredError(f"the table {table} of a library is not in inventory/libraries.py")
    found = _library(table, library)
    subject = resolve(model, library.subject) if library.subject else None
    goes_with = _parent(model, library.goes_with) if library.goes_with else None
    return replace(found, model=model._meta.label_lower, subject=subject, goes_with=goes_with)


def _library(table: str, library: Library) -> Declaration:
    from skola.ground.db.walls import THIRD_PARTY_TENANT_TABLES

    parts: tuple[Part, ...] = ()
    if library.expires:
        category = next(iter(library.personal.values()))
        columns = tuple(Blank(column, possible=False) for column in library.personal)
        parts = (Part(category, library.expires, columns, expires=True),)
    return Declaration(
        model=table,
        table=table,
        key=library.key,
        has_tenant=table in THIRD_PARTY_TENANT_TABLES,
        columns=dict(library.personal),
        secrets=library.secrets,
        not_personal=dict(library.not_personal),
        parts=parts,
        moves=library.moves,
    )


def concrete_models() -> list[type[models.Model]]:
    """Return every model that has a table, those made for many-to-many fields included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if not model._meta.proxy and not model._meta.swapped]


@cache
def declarations() -> tuple[Declaration, ...]:
    """Return what every table holds. Raises UndeclaredError or BadPathError."""
    found = {model._meta.db_table: read_model(model) for model in concrete_models()}
    for table, library in LIBRARIES.items():
        if table not in found:
            found[table] = _library(table, library)
    needed = _needed(found)
    needs: dict[str, list[Need]] = {}
    for table, others in needed.items():
        for other in others:
            needs.setdefault(other.table, []).append(Need(table, other.column))
    return tuple(
        replace(one, needed_by=tuple(needed.get(table, ())), needs=tuple(needs.get(table, ())))
        for table, one in sorted(found.items())
    )


def _needed(found: dict[str, Declaration]) -> dict[str, list[Need]]:
    """Who needs whom: a foreign key keeps what it points to, as long as its own row stays.

    Not so a key that is emptied on deletion, the key to the parent that a row goes with, and a key
    of rows without personal data that are deleted along.
    """
    needs: dict[str, list[Need]] = {}
    for model in concrete_models():
        one = found[model._meta.db_table]
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey) or field.name == "tenant":
                continue
            target: Any = field.related_model
            table = target._meta.db_table
            on_delete = field.remote_field.on_delete
            if on_delete is models.SET_NULL or not found[table].parts:
                continue
            if one.goes_with and (one.goes_with.column, one.goes_with.table) == (
                field.column,
                table,
            ):
                continue
            clocked = bool(one.parts) or one.goes_with is not None or one.goes_with_holder
            if clocked or on_delete is not models.CASCADE:
                needs.setdefault(table, []).append(Need(one.table, str(field.column)))
    return needs
