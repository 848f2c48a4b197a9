"""The gate: a database that does not know what the journal knows serves nobody.

It is looked at when a process starts, and again every few seconds, as a database can be restored,
or a replica promoted, beneath a process that runs.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from skola.ground import clock
from skola.ground.journal.actions import book, database, known_positions, settle
from skola.ground.journal.book import Book, MissingError
from skola.ground.journal.models import Binding, Position
from skola.ground.journal.rules import Line, TamperedError

REMEMBER_SECONDS = 10

REPLAY = "Run `skola replay`: it repeats what is missing, sweeps, and opens again."


class ClosedError(Exception):
    """The gate is closed; the message says why, and what to do."""


@dataclass(frozen=True)
class Behind:
    """What the journal has and the database does not."""

    missing: tuple[Line, ...] = ()
    unknown: tuple[Line, ...] = ()
    """Events of which nobody can know whether they were committed."""
    is_copy: bool = False
    """Whether this is another database than the one that was opened last."""

    @property
    def words(self) -> str:
        """Why the gate is closed; empty when nothing is behind."""
        said = []
        if self.is_copy:
            said.append("This database is a restored copy.")
        if self.missing:
            said.append(
                f"The privacy journal has {len(self.missing)} events that the database does not"
                f" know, the first of them number {self.missing[0].number}."
            )
        if self.unknown:
            said.append(
                f"Of {len(self.unknown)} events nobody can tell whether they were committed."
            )
        return " ".join(said)


def demand_apart() -> None:
    """Raise ClosedError where the journal lies in what a backup takes away, or the other way."""
    journal, data = Path(settings.JOURNAL).resolve(), Path(settings.DATA).resolve()
    if journal.is_relative_to(data) or data.is_relative_to(journal):
        raise ClosedError(
            f"The privacy journal ({journal}) and the data folder ({data}) lie in one another, so a"
            " copy of one takes the other along. Name another folder in SKOLA_JOURNAL."
        )


def compare() -> Behind:
    """Compare the database with the journal, which begins where this database never had one.

    Raises ClosedError where there is no trustworthy journal to compare with.
    """
    demand_apart()
    journal, bound = book(), Binding.objects.first()
    try:
        if bound is None and not journal.exists and not Position.objects.exists():
            journal.begin()
        head = journal.head()
        if bound is not None and bound.journal != head.journal:
            raise ClosedError(
                f"The journal in {journal.folder} is not the one of this database, which is called"
                f" {bound.journal}. Name the folder of the right one in SKOLA_JOURNAL."
            )
        return _compared(journal, bound)
    except MissingError as problem:
        raise ClosedError(
            f"{problem} Without it nobody knows who was erased since the last backup, so nothing is"
            " served. If it is lost for good: `skola replay --journal-lost`."
        ) from problem
    except TamperedError as problem:
        raise ClosedError(
            f"The privacy journal is damaged. {problem} Put it back from its copy; nothing is"
            " served until then."
        ) from problem


def _compared(journal: Book, bound: Binding | None) -> Behind:
    settled, known = settle(journal), known_positions()
    lines = {one.number: one for one in journal.lines()}
    newest, first = max(lines, default=0), journal.head().first
    for number, mac in sorted(known.items()):
        if number < first:
            continue  # expired
        if number > newest:
            raise TamperedError(
                f"It ends with number {newest}; the database knows number {number}, so lines are"
                " missing at its end."
            )
        if lines[number].mac != mac:
            raise TamperedError(f"Line number {number} is not the one that the database knows.")
    missing = tuple(one for one in settled.granted if one.number not in known)
    is_copy = bound is not None and bound.database != database()
    return Behind(missing, settled.unknown, is_copy)


def demand_open(*, now: datetime) -> None:
    """Raise ClosedError unless the database knows all that the journal knows."""
    behind = compare()
    if behind.words:
        raise ClosedError(f"{behind.words} {REPLAY}")
    if not Binding.objects.exists():
        bind(now=now)


@transaction.atomic
def bind(*, now: datetime) -> None:
    """Declare this database open, with the journal that there is."""
    Binding.objects.update_or_create(
        id=1,
        defaults={"journal": book().head().journal, "database": database(), "opened_at": now},
    )


class Watch:
    """Looks at the gate for a process that runs: now and again, and in each new session.

    No session survives that its database is replaced, so nothing is served from a restored one
    unseen. Otherwise it costs one query every few seconds.
    """

    def __init__(self) -> None:
        self._until = 0.0
        self._sessions: set[int] = set()
        self._closed: str = ""
        self._seen: tuple[str, int] | None = None

    def problem(self) -> str:
        """Return why the gate is closed; empty when it is open."""
        try:
            session = _session()
            is_new = session not in self._sessions
            if is_new or time.monotonic() >= self._until:
                self._look(closely=is_new)
                self._sessions.add(session)
                self._until = time.monotonic() + REMEMBER_SECONDS
        except DatabaseError:
            pass  # without a database nothing is served either; look again at once
        return self._closed

    def _look(self, *, closely: bool) -> None:
        """Look at everything where the database may be another one, or was closed; else briefly."""
        if self._seen is not None and not self._closed and not closely:
            found = (database(), _newest_position())
            if found[0] == self._seen[0] and found[1] >= self._seen[1] and book().exists:
                self._seen = found
                return
        try:
            demand_open(now=clock.now())
            self._closed = ""
            self._seen = (database(), _newest_position())
        except ClosedError as problem:
            self._closed = str(problem)


def _session() -> int:
    """Return the number of the session with the database, without asking it."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def _newest_position() -> int:
    return Position.objects.aggregate(newest=Max("number"))["newest"] or 0
