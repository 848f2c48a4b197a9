"""A data set for developing and testing: as many records as there are, about nobody (ekool-4.2.4).

Every key, word and moment is another one; what is left is the shape: how many, linked to what, in
which state. Files, secrets and the records of who did what are not in it.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from random import SystemRandom
from typing import IO, Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from skola.ground.audit import api as audit
from skola.promises.inventory.api import Declaration, declarations
from skola.promises.reports.invented import Inventor
from skola.promises.reports.rules import DIRECT

LEFT_OUT = frozenset(
    {"audit", "backup", "files", "gate", "jobs", "journal", "reports", "retention"}
)
"""Rooms whose records tell what the service did, or hold what it keeps under lock."""
TRACES = frozenset({"audit", "security_log", "usage"})


@transaction.atomic
def write(to: IO[str], *, by: str, now: datetime) -> int:
    """Write the speaking tenant's records, every value invented anew; return how many.

    The form is that of Django's fixtures: a JSON list of model, key and fields.
    """
    inventor = Inventor(SystemRandom())
    count = 0
    to.write("[")
    for one in declarations():
        for row in _rows(one, inventor):
            to.write(",\n" if count else "\n")
            to.write(json.dumps(row, ensure_ascii=False, cls=DjangoJSONEncoder))
            count += 1
    to.write("\n]\n")
    audit.record("reports.testdata.made", by=by, at=now, detail={"records": count})
    return count


def _rows(declaration: Declaration, inventor: Inventor) -> Iterator[dict[str, Any]]:
    if "." not in declaration.model or not declaration.has_tenant:
        return
    model = apps.get_model(declaration.model)
    is_ours = model.__module__.startswith("skola.") and model._meta.app_label not in LEFT_OUT
    is_trace = bool(declaration.columns) and TRACES.issuperset(declaration.columns.values())
    if not is_ours or is_trace:
        return
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    for row in model._default_manager.order_by("pk").iterator(chunk_size=2_000):
        told = {one.name: _value(one, row, declaration, inventor) for one in fields}
        yield {"model": declaration.model, "pk": inventor.key(row.pk), "fields": told}


def _value(
    field: "models.Field[Any, Any]", row: Any, declaration: Declaration, inventor: Inventor
) -> Any:
    """Return what stands where a value stood."""
    value = getattr(row, field.attname)
    if value is None or value == "":
        return value
    column = str(field.column)
    if column in declaration.secrets or isinstance(field, models.BinaryField):
        return None if field.null else ""
    if isinstance(field, models.ForeignKey | models.UUIDField):
        return inventor.key(value)
    if isinstance(field, models.JSONField):
        return type(value)() if isinstance(value, dict | list) else None
    if field.choices or isinstance(value, bool):
        return value
    if isinstance(field, models.EmailField):
        return inventor.address()
    if isinstance(value, str):
        return inventor.words(field.max_length)
    if isinstance(value, date):
        is_of_somebody = declaration.columns.get(column) in DIRECT
        is_day = not isinstance(value, datetime)
        return inventor.birthday(value) if is_of_somebody and is_day else inventor.moment(value)
    return value
