"""Rows that stay when a part of theirs has ended: its columns look empty from that moment on.

A policy of the database hides whole rows, and these are needed on: a person with an invoice, whose
name is due. Whoever loads such a row gets the ended part as the sweep is about to leave it.
"""

from copy import copy
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.signals import post_init

from skola.ground.clock import now
from skola.ground.db.purposes import ENGINE, purpose
from skola.promises.inventory.api import Declaration, clocked


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
    parts = [
        (
            names[part.due],
            [(names[blank.column], blank.value) for blank in part.columns if blank.possible],
        )
        for part in declaration.parts
    ]

    def empty(instance: models.Model, **_: Any) -> None:
        said = vars(instance)
        for due, blanks in parts:
            if said.get(due) is None or purpose.get() == ENGINE or said[due] > now():
                continue
            said.update({name: copy(value) for name, value in blanks if name in said})

    return empty
