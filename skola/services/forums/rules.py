"""Decisions about forums: who reads, writes and moderates, and what in a text is contact data."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from uuid import UUID


class Kind(StrEnum):
    """What people do in a forum."""

    BOARD = "board"
    BLOG = "blog"
    CHAT = "chat"


class Reads(StrEnum):
    """Who reads a forum, from the most to the fewest."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed-in"
    COURSE = "course"


@dataclass(frozen=True)
class Visitor:
    """What the visitor is to forums."""

    is_known: bool = False
    """Whether they are signed in."""
    takes: frozenset[UUID] = frozenset()
    """Courses that are open to them."""
    makes: frozenset[UUID] = frozenset()
    """Courses of their own."""
    runs: bool = False
    """Whether they open and moderate every forum."""
    blogs: bool = False
    """Whether they write in blogs; everybody who reads one comments."""


@dataclass(frozen=True)
class Setting:
    """How a forum is set up."""

    kind: Kind
    reads: Reads
    course: UUID | None = None
    is_closed: bool = False


def may_read(visitor: Visitor, forum: Setting) -> bool:
    """Whether a forum exists for a visitor; what they may not read does not (learnifier-6.a)."""
    if forum.reads is Reads.EVERYBODY:
        return True
    if forum.reads is Reads.SIGNED_IN:
        return visitor.is_known
    return visitor.runs or forum.course in visitor.takes | visitor.makes


def may_answer(visitor: Visitor, forum: Setting) -> bool:
    """Whether a visitor answers, comments or chats: who reads it, signed in, while it is open."""
    return visitor.is_known and not forum.is_closed and may_read(visitor, forum)


def may_begin(visitor: Visitor, forum: Setting) -> bool:
    """Whether a visitor begins a topic; what a blog tells is by who runs it, or by staff alone."""
    tells = visitor.blogs or moderates(visitor, forum)
    return may_answer(visitor, forum) and (forum.kind is not Kind.BLOG or tells)


def moderates(visitor: Visitor, forum: Setting) -> bool:
    """Whether a visitor hides posts here: who runs all forums, and who makes the course of one."""
    return visitor.runs or forum.course in visitor.makes


# ---- contact data --------------------------------------------------------------------------------

_ADDRESS = re.compile(r"[\w.+-]+ ?(?:@|\(at\)|\[at\]) ?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,/])(?:\+|00)?\(?\d[\d ()./\u00a0-]{5,18}\d(?!\w)")
_DAY = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./] ?\d{1,2}[-./] ?\d{2,4}")
_YEARS = re.compile(r"(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d")
_FEWEST, _MOST = 7, 15


def contacts_in(text: str) -> tuple[str, ...]:
    """Return the e-mail addresses and phone numbers in a text, as they stand there, once each.

    A number has 7 to 15 digits, with or without the usual marks between them; days and pairs of
    years are none. It may find too much: all that follows is a question (learnifier-6.b).
    """
    found = [one.group() for one in _ADDRESS.finditer(text)]
    found += [one.group() for one in _NUMBER.finditer(text) if _is_phone(one.group())]
    return tuple(dict.fromkeys(found))


def _is_phone(said: str) -> bool:
    digits = sum(letter.isdigit() for letter in said)
    if _DAY.fullmatch(said) or _YEARS.fullmatch(said):
        return False
    return _FEWEST <= digits <= _MOST


def mark_of(found: Iterable[str]) -> str:
    """Return a short mark of exactly these texts; a confirmation holds for no others."""
    return sha256("\n".join(sorted(found)).encode()).hexdigest()[:16]
