"""Writing into the journal, and telling how the transactions of its events ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from skola.ground import clock
from skola.ground.journal.book import Book
from skola.ground.journal.models import Position
from skola.ground.journal.registry import require_known
from skola.ground.journal.rules import Ending, Event, Line, digest_of_subject
from skola.ground.tenants.api import current_id

_silent: ContextVar[bool] = ContextVar("journal_silent", default=False)


class NoTransactionError(RuntimeError):
    """An event was to be written outside of a transaction, so nothing could tell how it ended."""


def book() -> Book:
    """Return the journal of this installation, whether or not it was begun."""
    return Book(Path(settings.JOURNAL))


def write(
    kind: str, *, subject: UUID | None, at: datetime, detail: dict[str, str] | None = None
) -> None:
    """Write down a decision about a person, inside the transaction that carries it out.

    The line is on the disk before the transaction commits, and is confirmed after. Where the line
    cannot be written the transaction fails: no decision without its line. ``detail`` holds
    identifiers and words of closed lists, never names or texts. Raises UnknownKindError,
    NoTransactionError, MissingError, OSError.
    """
    require_known(kind)
    if _silent.get():
        return
    if not connection.in_atomic_block:
        raise NoTransactionError(f"{kind} belongs into the transaction that it is about.")
    journal = book()
    told = Event(
        tenant=current_id(),
        at=at,
        kind=kind,
        subject=digest_of_subject(journal.key, subject) if subject else "",
        detail=detail or {},
        where=_ask(f"select {_INCARNATION} || '/' || pg_current_xact_id()"),
    )
    line = journal.append(told, now=clock.now())
    Position.objects.create(number=line.number, mac=line.mac)

    def confirm() -> None:  # Django calls it by its name where it fails, which a partial has not
        _confirm(journal, line.number)

    transaction.on_commit(confirm, robust=True)


def _confirm(journal: Book, number: int) -> None:
    journal.append(Ending(of=number, end="granted"), now=clock.now())


@contextmanager
def silent() -> Iterator[None]:
    """Write nothing down in this block: what happens in it stands in the journal already."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


_DATABASE = (
    "(select system_identifier from pg_control_system()) || '.' ||"
    " (select oid from pg_database where datname = current_database())"
)
_INCARNATION = f"{_DATABASE} || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)"
"""Within one database on one timeline, transactions keep their numbers."""


def database() -> str:
    """Return which database this is: a restored copy is another one."""
    return _ask(f"select {_DATABASE}")


def _ask(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    assert row is not None
    return str(row[0])


@dataclass(frozen=True)
class Settled:
    """How every event of the journal ended, as far as can be known."""

    granted: tuple[Line, ...]
    unknown: tuple[Line, ...]
    """Neither confirmed nor known to this database, which is not the one they were written in."""


def settle(journal: Book) -> Settled:
    """Tell of every event how it ended, and write that down where a crash left it open.

    An event is granted when it was confirmed, or when this database has its position, which was
    written in the same transaction. It is void when its transaction ended and the position is not
    there. Only the database it was written in can say the latter. Raises MissingError,
    TamperedError.
    """
    lines = journal.lines()
    ended = {one.told.of: one.told.end for one in lines if isinstance(one.told, Ending)}
    events = [one for one in lines if isinstance(one.told, Event)]
    open_ones = [one for one in events if one.number not in ended]
    under_way: set[int] = set()
    unknown: list[Line] = []
    if open_ones:
        here = _ask(f"select {_INCARNATION}")
        at_home = [one for one in open_ones if _event(one).where.rpartition("/")[0] == here]
        # first whether it ended, then whether it left its position: never the other way about
        running = {one.number: _runs(_event(one).where.rpartition("/")[2]) for one in at_home}
        known = known_positions()
        endings: list[Ending] = []
        for one in open_ones:
            if known.get(one.number) == one.mac:
                endings.append(Ending(one.number, "granted"))
            elif running.get(one.number) is False:
                endings.append(Ending(one.number, "void"))
            elif running.get(one.number) is True:
                under_way.add(one.number)
            else:
                unknown.append(one)
        journal.append_all(endings, now=clock.now())
        ended |= {one.of: one.end for one in endings}
    granted = tuple(one for one in events if ended.get(one.number) == "granted")
    return Settled(granted, tuple(unknown))


def _event(line: Line) -> Event:
    assert isinstance(line.told, Event)
    return line.told


def _runs(number: str) -> bool | None:
    """Whether the transaction is under way; None where this database has never had it."""
    try:
        with transaction.atomic():
            return _ask(f"select pg_xact_status('{int(number)}'::xid8)") == "in progress"
    except DatabaseError:
        return None  # its number lies in the future


def known_positions() -> dict[int, str]:
    """Return the digests of the lines that this database has, by number."""
    return dict(Position.objects.values_list("number", "mac"))


def forget_before(moment: datetime) -> None:
    """Remove the lines of months before ``moment``, which no backup needs any more.

    The positions of this database go with them.
    """
    first = book().forget_before(moment)
    Position.objects.filter(number__lt=first).delete()


def forget_positions() -> None:
    """Forget which lines this database has, for their journal is lost."""
    Position.objects.all().delete()
