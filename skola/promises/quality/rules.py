"""Decisions about duplicates: who looks like one person, whatever the spelling."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID


@dataclass(frozen=True)
class Face:
    """What a person is recognised by."""

    key: UUID
    name: str
    birth_on: date | None = None
    email: str = ""
    phone: str = ""


def folded(text: str) -> str:
    """Return a name as it compares: small letters, no accents, one blank between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def are_alike(one: Face, other: Face) -> bool:
    """Whether two records with one name are likely of one person.

    The same day of birth, address or phone says so; two days of birth say that they are two.
    """
    if one.birth_on and other.birth_on:
        return one.birth_on == other.birth_on
    same_address = bool(one.email) and one.email.lower() == other.email.lower()
    same_phone = bool(digits(one.phone)) and digits(one.phone) == digits(other.phone)
    return same_address or same_phone


def digits(phone: str) -> str:
    """Return the last eight digits of a number: with and without its country it is the same."""
    return "".join(sign for sign in phone if sign.isdecimal())[-8:]


def duplicates(faces: Iterable[Face]) -> Iterator[tuple[UUID, UUID]]:
    """Return each pair that looks like one person, the smaller key first. No name is like none."""
    by_name: dict[str, list[Face]] = {}
    for face in faces:
        if name := folded(face.name):
            by_name.setdefault(name, []).append(face)
    for same in by_name.values():
        for one, other in combinations(sorted(same, key=lambda face: face.key), 2):
            if are_alike(one, other):
                yield one.key, other.key
