"""``skola access``: the copy of a person's data, written to a file from a shell."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from skola.ground.audit import api as audit
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.api import Person, language_of
from skola.ground.tenants.api import Host, Tenant, by_slug, every, inside
from skola.promises.policy.api import NoPolicyError, in_force
from skola.promises.retention.api import clock_missing
from skola.promises.rights.access.archive import Written, write_archive
from skola.promises.rights.access.told import right_of

BY = "skola access"


class UnclearError(Exception):
    """The words of the command name nobody, or more than one person. The message says what now."""


@reading_for(RIGHTS)
def access(
    *,
    who: str,
    tenant: str | None,
    host: str | None,
    language: str | None,
    portability: bool,
    to: str,
    now: datetime,
) -> int:
    """Write a person's copy to ``to`` (``-``: standard output) and return the exit code.

    ``who`` is an id or an e-mail address. 0 when it was written, 1 when originals in it are
    damaged, 2 when nothing was written.
    """
    kind = "portability" if portability else "access"
    try:
        found, person = _person(who, tenant, host)
        with inside(found.pk):
            clauses = right_of(in_force(now), kind)
            if clauses is None:
                raise UnclearError(f"The policy of {found.slug} does not give this right.")
            clock_missing(now=now)
            with _destination(to) as out:
                written = write_archive(
                    person.pk,
                    out,
                    language=language or language_of(person),
                    now=now,
                    portability=portability,
                )
            _note(person, kind, clauses, written, now)
    except (UnclearError, NoPolicyError, OSError) as problem:
        print(f"skola access: {problem}", file=sys.stderr)
        return 2
    told = f"{written.records} records and {written.files} files of {person.pk} at {found.slug}"
    print(f"skola access: {told}", file=sys.stderr)
    if written.unreadable:
        print(f"skola access: {written.unreadable} files are damaged.", file=sys.stderr)
    return 1 if written.unreadable else 0


def _person(who: str, tenant: str | None, host: str | None) -> tuple[Tenant, Person]:
    found: list[tuple[Tenant, Person]] = []
    for one in _tenants(tenant, host):
        with inside(one.pk):
            found += [(one, person) for person in _named(who)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnclearError(f"There is nobody {who} here: give an id or an e-mail address.")
    places = ", ".join(f"{person.pk} at {one.slug}" for one, person in found)
    raise UnclearError(f"{who} is more than one person: {places}. Give the id.")


def _tenants(slug: str | None, host: str | None) -> list[Tenant]:
    if host is not None:
        named = Host.objects.filter(name=host.lower()).select_related("tenant").first()
        if named is None:
            raise UnclearError(f"No service is reached as {host}.")
        return [named.tenant]
    if slug is None:
        return every()
    try:
        return [by_slug(slug)]
    except Tenant.DoesNotExist:
        known = ", ".join(one.slug for one in every()) or "none"
        raise UnclearError(f"There is no tenant {slug!r}; there are {known}.") from None


def _named(who: str) -> list[Person]:
    try:
        return list(Person.objects.filter(pk=UUID(who)))
    except ValueError:
        address = who.lower()
        either = Person.objects.filter(email=address) | Person.objects.filter(
            account__email=address
        )
        return list(either.distinct())


def _note(
    person: Person, kind: str, clauses: tuple[str, ...], written: Written, now: datetime
) -> None:
    audit.record(
        "rights.copy.written",
        subject=person.pk,
        clause=", ".join(clauses)[:200],
        by=BY,
        at=now,
        detail={"kind": kind, "records": written.records, "files": written.files},
    )


@contextlib.contextmanager
def _destination(to: str) -> Iterator[IO[bytes]]:
    """Give a file that only its owner may read; it has its name only when it is whole."""
    if to == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    place = Path(to)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
