"""``manage.py check`` for declarations: every column is declared, and every declaration is true.

Each function takes a model and yields what is wrong with it. The identifiers are listed in
``docs/explanation/retention.md``.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q

from skola.promises.inventory.registry import (
    OURS,
    BadPathError,
    UndeclaredError,
    blank,
    concrete_models,
    declarations,
    foreign_key,
    read_model,
    resolve,
)
from skola.promises.policy.vocabulary import CATEGORIES, CONDITIONS, EVENTS, STATES

RELATIONS = frozenset({"author", "counterpart", "mentioned", "owner", "staff"})
_SOUNDS_PERSONAL = re.compile(
    r"(^|_)(name|e?mail|phone|mobile|address|birth|born|person|guardian|ip|iban|passport|"
    r"personal_code|message|note|comment|user_agent|photo|signature)(_|$)"
)
Found = Iterator[checks.CheckMessage]


def declarations_are_whole(app_configs: Any, **_: Any) -> list[checks.CheckMessage]:
    """Check every model of the installed rooms (or of ``app_configs`` where given)."""
    labels = {config.label for config in app_configs} if app_configs else None
    found: list[checks.CheckMessage] = []
    for model in concrete_models():
        if labels is None or model._meta.app_label in labels:
            found += check_model(model)
    if labels is None and not any(message.is_serious() for message in found):
        found += _kept_rows_can_be_emptied()
    return found


def check_model(model: type[models.Model]) -> list[checks.CheckMessage]:
    """Return what is wrong with the declaration of one model."""
    if not model.__module__.startswith(OURS):
        try:
            read_model(model)
        except (UndeclaredError, BadPathError) as problem:
            return [_error("E009", str(problem), model, "Declare it in inventory/libraries.py.")]
        return []
    said: Any = vars(model).get("PersonalData")
    if said is None:
        hint = "Add an inner class PersonalData that names every column."
        return [_error("E009", f"{model._meta.label} declares nothing", model, hint)]
    every: tuple[Callable[[type[models.Model], Any], Found], ...] = (
        _columns,
        _categories,
        _reasons,
        _subject,
        _clock,
        _parent,
        _moments,
        _conditions,
        _relations,
        _people,
        _names,
    )
    return [message for check in every for message in check(model, said)]


def _error(code: str, text: str, model: Any, hint: str) -> checks.Error:
    return checks.Error(text, hint=hint, obj=model, id=f"privacy.{code}")


def _columns(model: type[models.Model], said: Any) -> Found:
    names = {field.name: field.attname for field in model._meta.concrete_fields}
    declared = set(said.fields) | set(said.not_personal)
    for name, attname in names.items():
        if not {name, attname} & declared:
            hint = "Name it in PersonalData: in fields with its category, or in not_personal."
            yield _error("E001", f"the column {name} is not declared", model, hint)
    known = set(names) | set(names.values())
    for name in sorted(declared - known):
        hint = "Remove it from PersonalData, or correct the name."
        yield _error("E010", f"{name} is declared, and there is no such column", model, hint)
    for name in sorted(set(said.fields) & set(said.not_personal)):
        hint = "Leave it in one of the two."
        yield _error("E010", f"{name} is declared as personal and as not personal", model, hint)
    for name in sorted(set(getattr(said, "secrets", ())) - set(said.fields)):
        hint = "A secret is a personal column: name it in fields too."
        yield _error("E010", f"{name} is called a secret and is not in fields", model, hint)


def _categories(model: type[models.Model], said: Any) -> Found:
    for name, category in said.fields.items():
        if category not in CATEGORIES:
            hint = "Use a category of the policy vocabulary (skola policy words)."
            yield _error("E002", f"{name}: {category!r} is no category", model, hint)


def _reasons(model: type[models.Model], said: Any) -> Found:
    reasons = said.not_personal if isinstance(said.not_personal, dict) else {}
    for name in said.not_personal:
        if not str(reasons.get(name, "")).strip():
            hint = "Say in a few words what the column holds."
            yield _error("E006", f"{name} is called not personal without a reason", model, hint)


def _subject(model: type[models.Model], said: Any) -> Found:
    if not said.subject:
        return
    try:
        resolve(model, said.subject)
    except BadPathError as problem:
        hint = "Write the path to the person's id, like enrolment__person_id."
        yield _error("E004", f"the subject path breaks: {problem}", model, hint)
        return
    current: Any = model
    for step in said.subject.split("__"):
        field = next(f for f in current._meta.concrete_fields if step in (f.name, f.attname))
        if not field.primary_key and not _indexed(current, field):
            label = f"{current._meta.label}.{field.name}"
            hint = "Set db_index=True, or begin an index with it (after the tenant)."
            yield _error("E005", f"no index leads through {label} to the person", model, hint)
        current = field.related_model


def _indexed(model: type[models.Model], field: Any) -> bool:
    if field.db_index or field.unique:
        return True
    meta = model._meta
    lists: list[list[str]] = [list(index.fields) for index in meta.indexes]
    lists += [list(c.fields) for c in meta.constraints if isinstance(c, models.UniqueConstraint)]
    for names in lists:
        useful = [name.lstrip("-") for name in names if name not in ("tenant", "tenant_id")]
        if useful and useful[0] in (field.name, field.attname):
            return True
    return False


def _clock(model: type[models.Model], said: Any) -> Found:
    others = ("expires", "goes_with", "goes_with_holder", "until_subject_ends")
    if not said.fields or any(getattr(said, one, None) for one in others):
        return
    present = {field.name for field in model._meta.concrete_fields}
    categories = sorted(set(said.fields.values()))
    wanted = ["due_at"] if len(categories) == 1 else [f"due_{one}_at" for one in categories]
    for due in wanted:
        if due not in present:
            hint = f"Add {due} = DateTimeField(null=True, editable=False), or goes_with a parent."
            yield _error("E003", f"personal data without a clock: {due} is missing", model, hint)
    if "record.created" not in getattr(said, "anchors", {}):
        hint = 'Write anchors = {"record.created": "created_at"}.'
        yield _error("E011", "nothing says when a row was made", model, hint)
    if len(categories) > 1:
        for name in said.fields:
            field = next(f for f in model._meta.concrete_fields if name in (f.name, f.attname))
            if not blank(field).possible:
                hint = "Allow null, or give it a default; or keep the categories in two tables."
                yield _error("E012", f"{name} cannot be emptied by itself", model, hint)


def _parent(model: type[models.Model], said: Any) -> Found:
    name = getattr(said, "goes_with", None)
    if not name:
        return
    try:
        field = foreign_key(model, name)
    except FieldDoesNotExist:
        hint = "Name the foreign key of the parent."
        yield _error("E007", f"goes_with names {name}, which is no foreign key", model, hint)
        return
    if field.remote_field.on_delete is not models.CASCADE:
        hint = "A row that goes with its parent has on_delete=CASCADE."
        yield _error("E007", f"{name} does not take the row with it", model, hint)


def _moments(model: type[models.Model], said: Any) -> Found:
    for kind, words in (("anchors", EVENTS), ("states", STATES)):
        for word, path in getattr(said, kind, {}).items():
            if word.partition(":")[0] not in words and word not in words:
                hint = "Use a word of the policy vocabulary (skola policy words)."
                yield _error("E013", f"{kind}: {word!r} is not in the vocabulary", model, hint)
            yield from _path(model, path, f"{kind} of {word} break")


def _path(model: type[models.Model], path: str, what: str) -> Found:
    try:
        resolve(model, path)
    except BadPathError as problem:
        hint = "Name a column, or a path along foreign keys to one."
        yield _error("E008", f"{what}: {problem}", model, hint)


def _conditions(model: type[models.Model], said: Any) -> Found:
    columns = {name for f in model._meta.concrete_fields for name in (f.name, f.attname)}
    for word, condition in getattr(said, "conditions", {}).items():
        if word not in CONDITIONS:
            hint = "Use a word of the policy vocabulary (skola policy words)."
            yield _error("E013", f"conditions: {word!r} is not in the vocabulary", model, hint)
        if isinstance(condition, str):
            yield from _path(model, condition, f"the condition {word} breaks")
            continue
        for name in _names_in(condition):
            if name.split("__")[0] not in columns:
                hint = "A condition speaks of the row's own columns."
                yield _error("E014", f"the condition {word} names {name}", model, hint)


def _names_in(condition: Any) -> Iterator[str]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from _names_in(child)
        else:
            yield str(child[0])


def _relations(model: type[models.Model], said: Any) -> Found:
    for path, relation in getattr(said, "relations", {}).items():
        if relation not in RELATIONS:
            hint = f"Use one of {', '.join(sorted(RELATIONS))}."
            yield _error("E013", f"{path}: {relation!r} is no relation", model, hint)
        try:
            resolve(model, path)
        except BadPathError as problem:
            hint = "Name the column that holds the other person's id."
            yield _error("E004", f"the relation breaks: {problem}", model, hint)


def _people(model: type[models.Model], said: Any) -> Found:
    """Each foreign key to a person says what the person is to the row, and has an index."""
    related = set(getattr(said, "relations", {}))
    for field in model._meta.concrete_fields:
        if not isinstance(field, models.ForeignKey) or not _is_person(field.related_model):
            continue
        names = {field.name, field.attname}
        mine = said.subject in names or any(
            str(said.subject).startswith(f"{name}__") for name in names
        )
        if not mine and not names & related:
            hint = f"Write relations = {{{field.attname!r}: 'staff'}}, or what they are."
            yield _error("E015", f"who is {field.name} to the row?", model, hint)
        if not _indexed(model, field):
            hint = "Set db_index=True, or begin an index with it (after the tenant)."
            yield _error("E005", f"no index leads through {field.name} to the person", model, hint)
        goes = field.remote_field.on_delete is models.CASCADE
        if not mine and not field.null and not goes:
            hint = "Allow null with SET_NULL, or let the row go with the person by CASCADE."
            yield _error("E016", f"{field.name} can neither be emptied nor go", model, hint)


def _is_person(model: Any) -> bool:
    return model._meta.label_lower in ("people.person", "people.account")


def _names(model: type[models.Model], said: Any) -> Found:
    if not said.subject:
        return
    for name in said.not_personal:
        if _SOUNDS_PERSONAL.search(name):
            yield checks.Warning(
                f"{name} sounds personal, and is called not personal",
                hint="Declare it in PersonalData.fields, or name it after what it holds.",
                obj=model,
                id="privacy.W001",
            )


def _kept_rows_can_be_emptied() -> Found:
    """Rows that others need stay, emptied: then their columns must allow it."""
    for one in declarations():
        if not one.needed_by:
            continue
        stuck = [c.column for part in one.parts for c in part.columns if not c.possible]
        if stuck:
            needed = ", ".join(sorted({need.table for need in one.needed_by}))
            yield checks.Warning(
                f"{one.model}: {', '.join(stuck)} cannot be emptied while rows of {needed} need it",
                hint="Allow null or an empty value, let those rows go with it, or use SET_NULL.",
                id="privacy.W002",
            )
