"""Searches by what people are called, among those whose names may be read.

Whoever loads a person gets what has ended empty. PostgreSQL itself compares what is stored, so a
search asks as well, and so does whoever takes names without loading people.
"""

from typing import Literal

from django.db.models import BooleanField, Case, F, Func, Value, When

PART = {"given_name": "identity", "family_name": "identity"}


class IsReadable(Func):
    """Whether a part of a person is neither due nor sealed for something else (``gate_shows``).

    ``path`` leads to the person: ``IsReadable("identity", "employment__person__")``.
    """

    function = "gate_shows"
    output_field = BooleanField()

    def __init__(self, part: Literal["identity", "contact"], path: str = "") -> None:
        names = (f"due_{part}_at", f"seal_{part}_at", f"sealed_{part}_for", "id")
        super().__init__(*(F(path + name) for name in names))


def readable(name: str, path: str = "") -> Case:
    """Return the expression of a column of a person, empty where it may not be read."""
    part: Literal["identity", "contact"] = "identity" if name in PART else "contact"
    return Case(When(IsReadable(part, path), then=F(path + name)), default=Value(""))
