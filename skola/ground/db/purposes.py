"""For what purpose, and for whom, data are read: context variables that the backend passes on.

The database hides rows by them, so nothing that reads has to ask (see ``skola.promises.gate``).
Nobody needs to say anything: without a purpose, what is restricted, due or sealed is not there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

ENGINE = "engine"
"""The engine's own work: sweep, erasure, holds, clocks. It sees what is stored."""
SIGN_IN = "sign-in"
"""Finding out who is at the door, before anybody is known: the person's own access."""
RIGHTS = "rights"
"""Answering what somebody asks about their own data, the copy included (GDPR Art. 12 to 22)."""
CLAIMS = "legal-claims"
"""Raising or answering a legal claim (GDPR Art. 18(2))."""
UNRESTRICTED = (ENGINE, SIGN_IN, RIGHTS, CLAIMS)
"""For these a restriction hides nothing: storage, the person's own access, legal claims.

What is due is there for the engine alone.
"""

purpose: ContextVar[str] = ContextVar("purpose", default="")
actor: ContextVar[UUID | None] = ContextVar("actor", default=None)


@contextmanager
def reading_for(wanted: str) -> Iterator[None]:
    """Read for one purpose in this block: one of those above, or one of the policy by its id."""
    token = purpose.set(wanted)
    try:
        yield
    finally:
        purpose.reset(token)


@contextmanager
def acting(person_id: UUID | None) -> Iterator[None]:
    """Read in this block on behalf of this person, whose own data no restriction hides."""
    token = actor.set(person_id)
    try:
        yield
    finally:
        actor.reset(token)
