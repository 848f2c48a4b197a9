"""Rows that stay when a part of theirs has ended: its columns look empty from that moment on.

A policy of the database hides whole rows, and these are needed on: a person with an invoice, whose
name is due. Whoever loads such a row gets the ended part as the sweep is about to leave it. So does
whoever reads for no purpose for which a sealed part is kept; the database keeps what is stored when
such a row is saved (``keeping``).
"""

from copy import copy
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.signals import post_init

from skola.ground.clock import now
from skola.ground.db.purposes import ENGINE, OWN_ACCESS, actor, purpose
from skola.promises.inventory.api import Declaration, Part, clocked


def watch() -> None:
    """Empty the ended parts of every row that is loaded, for each table whose rows stay."""
    for declaration in clocked():
        if declaration.stays:
            model = apps.get_model(declaration.model)
            post_init.connect(
                _emptier(declaration, model), model, weak=False, dispatch_uid=f"gate.{model}"
            )


def _emptier(declaration: Declaration, model: type[models.Model]) -> Any:
    names = {field.column: field.attname for field in model._meta.concrete_fields}
    subject = declaration.subject
    owner = names.get(subject.column, "") if subject is not None and subject.is_local else ""
    parts = [
        (
            part,
            [(names[blank.column], blank.value) for blank in part.columns if blank.possible],
        )
        for part in declaration.parts
    ]

    def empty(instance: models.Model, **_: Any) -> None:
        said = vars(instance)
        for part, blanks in parts:
            if said.get(part.due) is None and said.get(part.seal) is None:
                continue
            if not _may_be_read(part, said, said.get(owner)):
                said.update({name: copy(value) for name, value in blanks if name in said})

    return empty


def _may_be_read(part: Part, said: dict[str, Any], owner: object) -> bool:
    """Whether a part may be read now: the same test as the database's ``gate_kept``."""
    told = purpose.get()
    if told == ENGINE:
        return True
    moment, due, seal = now(), said.get(part.due), said.get(part.seal)
    if due is not None and due <= moment:
        return False
    if seal is None or seal > moment or told in OWN_ACCESS:
        return True
    if owner is not None and owner == actor.get():
        return True
    kept = said.get(part.kept) or {}
    ends = (datetime.fromisoformat(kept[one]) for one in told.split(",") if one in kept)
    return any(end > moment for end in ends)
