"""For what purpose, and for whom, data are read: context variables that the backend passes on.

The database hides rows by them, so nothing that reads has to ask (see ``skola.promises.gate``).
Nobody needs to say anything: without a purpose, what is restricted, due or sealed is not there.
"""

from collections.abc import Iterable, Iterator
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
OWN_ACCESS = (SIGN_IN, RIGHTS)
"""For these what is sealed is there: a person may see what is kept of them."""
UNRESTRICTED = (ENGINE, SIGN_IN, RIGHTS, CLAIMS)
"""For these a restriction hides nothing: storage, the person's own access, legal claims.

What is due is there for the engine alone.
"""

MOMENT = (
    "statement_timestamp() + make_interval(secs =>"
    " coalesce(nullif(current_setting('skola.clock', true), ''), '0')::float8)"
)
"""The moment as of which PostgreSQL reads: its own clock, and how far the process is from it."""

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
def reading_for_these(wanted: Iterable[str]) -> Iterator[None]:
    """Read for purposes of the policy in this block, unless something else was said before.

    None of them is ever taken for one of those above, whatever a policy calls it.
    """
    told = "".join(f",{one}" for one in sorted(wanted))
    if purpose.get() in UNRESTRICTED:
        yield
        return
    with reading_for(told):
        yield


@contextmanager
def acting(person_id: UUID | None) -> Iterator[None]:
    """Read in this block on behalf of this person, whose own data no restriction hides."""
    token = actor.set(person_id)
    try:
        yield
    finally:
        actor.reset(token)
