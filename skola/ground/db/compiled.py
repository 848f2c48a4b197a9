"""A question of the ORM that is asked on every page, put into SQL once a process.

Django writes the statement of a queryset anew each time, which for one with several tables takes
several times as long as the database needs to answer it.
"""

import copy
from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


class Compiled(Generic[M]):
    """A queryset made of values, and asked with others in their places.

    ``samples`` are values such as will be given: different ones, that occur nowhere else in the
    statement. Which statement it is must not depend on them. ``ask`` gives them in their order.
    """

    def __init__(self, make: Callable[..., QuerySet[M]], *samples: object) -> None:
        self._make = make
        self._samples = samples

    @cached_property
    def _statement(self) -> tuple[QuerySet[M], Any, str, list[Any], list[int | None]]:
        asked = self._make(*self._samples)
        compiler = asked.query.get_compiler(using=asked.db)
        text, values = compiler.as_sql()
        places = [self._samples.index(one) if one in self._samples else None for one in values]
        assert {*places} >= {*range(len(self._samples))}, "a sample is not in the statement"
        return asked, compiler, text, list(values), places

    def ask(self, *given: object) -> list[M]:
        """Return what is found with these values in the places of the samples."""
        asked, kept, text, values, places = self._statement
        told = tuple(
            one if place is None else given[place]
            for one, place in zip(values, places, strict=True)
        )
        compiler = copy.copy(kept)
        compiler.connection = connections[asked.db]  # this thread's
        compiler.as_sql = lambda *_how, **_more: (text, told)
        rows: Any = asked.all()
        rows.query.get_compiler = lambda *_how, **_more: compiler
        return list(rows)
