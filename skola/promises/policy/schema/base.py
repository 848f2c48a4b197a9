"""What the tables of a policy are made of."""

from typing import Annotated

from msgspec import Meta, Struct

Text = dict[str, str]
"""A text in several languages: language code to words."""


def in_language(text: str | Text, language: str) -> str:
    """Return a text in one of the policy's languages; one that is written once stands for all."""
    return text if isinstance(text, str) else text[language]


Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=60)]
"""A short name, unique within its kind of table."""

Slug = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
"""A short name that is also a folder and the first part of a host name."""

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=40)]
"""A name that is also a file and a part of an address: no slash, nothing that leads elsewhere."""

Clauses = list[str]
"""Ids of clauses of the source, ``ilearn-20.e``."""


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every table has: the clauses it executes."""

    clause: Clauses = []
