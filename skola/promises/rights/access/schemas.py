"""The JSON Schema beside each file of records: what a line holds, in words, types and units."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from skola.promises.rights.access import words
from skola.promises.rights.access.rules import Shown
from skola.promises.rights.access.sources import Source

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema_of(category: str, name: str, holds: str, found: list[Source]) -> Schema:
    """Return the schema of the lines of one category; ``name`` and ``holds`` tell what it is."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:skola:access:1:{category}",
        "title": name,
        "description": holds,
        "oneOf": [_record(source, category) for source in found],
    }


def _record(source: Source, category: str) -> Schema:
    columns = source.columns(category)
    properties: dict[str, Schema] = {
        "record": {"const": source.record, "description": _("What kind of record this is.")},
        "id": {"type": ["string", "integer"], "description": _("The key of the record.")},
        "you_are": {
            "const": str(source.relation),
            "description": words.relation(source.relation),
        },
    }
    for column, how in columns.items():
        properties[column] = _column(source, column, how)
    if any(part.category == category for part in source.declaration.parts):
        properties["goes_at"] = {
            "type": ["string", "null"],
            "format": "date-time",
            "description": _(
                "When this goes, as far as it is known: RFC 3339, UTC. Empty while nothing ends it."
            ),
        }
    if any(part.category == category and not part.expires for part in source.declaration.parts):
        properties["kept_for"] = {
            "type": ["object", "null"],
            "additionalProperties": {"type": "string", "format": "date-time"},
            "description": _(
                "Where this is sealed: the purposes for which alone it is used, each until when."
            ),
        }
    return {
        "title": words.record(source.record),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _column(source: Source, column: str, how: Shown) -> Schema:
    field = source.fields[column]
    said: Schema = {"title": words.column(column)}
    if how in (Shown.MASKED, Shown.KEPT_BACK):
        return {**said, "type": "null", "description": words.withheld(how)}
    said |= _type(field)
    reasons = [why for why in (words.unit(field), words.withheld(how)) if why]
    if choices := words.choices(field):
        reasons.append("; ".join(f"{value}: {word}" for value, word in choices.items()))
    if reasons:
        said["description"] = " ".join(reasons)
    if (field.null or how is Shown.IF_YOU) and "type" in said:
        said["type"] = [said["type"], "null"]
    return said


_TYPES: tuple[tuple["type[models.Field[Any, Any]]", Schema], ...] = (
    (models.BooleanField, {"type": "boolean"}),
    (models.DateTimeField, {"type": "string", "format": "date-time"}),
    (models.DateField, {"type": "string", "format": "date"}),
    (models.TimeField, {"type": "string", "format": "time"}),
    (models.UUIDField, {"type": "string", "format": "uuid"}),
    (models.IntegerField, {"type": "integer"}),
    (models.AutoField, {"type": "integer"}),
    (models.FloatField, {"type": "number"}),
    (models.DecimalField, {"type": "number"}),
    (models.JSONField, {}),
    (models.BinaryField, {"type": "string", "contentEncoding": "base64"}),
)


def _type(field: "models.Field[Any, Any]") -> Schema:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    for kind, schema in _TYPES:
        if isinstance(field, kind):
            return dict(schema)
    return {"type": "string"}
