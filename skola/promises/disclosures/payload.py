"""What goes out: the fields of the list, read by the declarations, and nothing beside them."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from skola.promises.inventory.api import declaration_of


@dataclass(frozen=True)
class Whose:
    """The records of one person, by table, each with the fields of the list."""

    person_id: UUID
    records: dict[str, list[dict[str, Any]]]

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(map(len, self.records.values()))


def gather(
    fields: Iterable[str], people: Sequence[UUID], records: Sequence[models.Model] = ()
) -> list[Whose]:
    """Read the fields of the records that are about these people, one statement a table.

    With ``records`` only those are read; each is of a table from which a way leads to the person.
    A record in which all of it is empty is none, and who has none is left out.
    """
    found: dict[UUID, dict[str, list[dict[str, Any]]]] = {}
    for model, columns in sorted(_by_model(fields).items()):
        chosen = [one.pk for one in records if one._meta.label_lower == model]
        if records and not chosen:
            continue
        for person_id, values in _rows(model, columns, people, chosen):
            found.setdefault(person_id, {}).setdefault(model, []).append(values)
    return [Whose(one, found[one]) for one in people if one in found]


def _by_model(fields: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in fields:
        model, _, column = name.rpartition(".")
        found.setdefault(model, []).append(column)
    return found


def _rows(
    model: str, columns: Sequence[str], people: Sequence[UUID], chosen: Sequence[Any]
) -> Iterator[tuple[UUID, dict[str, Any]]]:
    one = declaration_of(model)
    assert one.subject is not None
    table: Any = apps.get_model(model)
    names = {str(field.column): str(field.attname) for field in table._meta.concrete_fields}
    subject = "__".join(one.subject.attributes)
    wanted = [column for column in columns if column in names]
    rows = table._default_manager.filter(**{f"{subject}__in": list(people)})
    if chosen:
        rows = rows.filter(pk__in=list(chosen))
    for row in rows.order_by("pk").values_list(subject, *(names[each] for each in wanted)):
        if any(value not in (None, "", [], {}) for value in row[1:]):
            yield row[0], dict(zip(wanted, row[1:], strict=True))


def pseudonym_for(salt: str, person_id: UUID) -> str:
    """Return the word that stands for a person at one recipient, and nowhere else."""
    made = hmac.new(bytes.fromhex(salt), person_id.bytes, hashlib.sha256)
    return made.hexdigest()[:24]


def as_file(head: dict[str, Any], bodies: Sequence[dict[str, Any]]) -> bytes:
    """Return the file that goes out."""
    whole = {**head, "people": list(bodies)}
    return json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def in_words(fields: Iterable[str]) -> str:
    """Return the fields as people read them, in the language of the page."""
    found: list[str] = []
    for name in fields:
        model, _, column = name.rpartition(".")
        try:
            table: Any = apps.get_model(model)
        except LookupError:
            continue
        for field in table._meta.concrete_fields:
            if str(field.column) == column:
                found.append(f"{table._meta.verbose_name}: {field.verbose_name}")
    return ", ".join(found)
