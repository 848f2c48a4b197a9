"""What a copy costs, each figure beside its limit in the same run (``python3 run.py bench``).

One person has very many records of one kind. Both sides work in the role of the application,
behind the walls, and take turns. Memory is measured in a process of its own, which first writes a
small copy, so that what is counted is what the size of a copy adds.
"""

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import IO, Any, cast
from uuid import UUID

from django.conf import settings
from django.db import connection

from skola.ground.db.walls import APP_ROLE
from skola.ground.ids import uuid7
from skola.ground.measure import Measure
from skola.ground.people.api import Person
from skola.ground.tenants.api import Tenant, inside
from skola.promises.policy.api import in_force
from skola.promises.rights.access import reading
from skola.promises.rights.access.archive import _Writer, write_archive
from skola.promises.rights.access.sources import Source, sources

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROUNDS = 5
MANY, READY, VERY_MANY = 200_000, 10_000, 1_000_000
MEBIBYTE = 1 << 20
POLICY = Path(__file__).parents[4] / "policies" / "ilearn"


class Nowhere(io.RawIOBase):
    """Takes what is written, like a socket, and forgets it."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data)


def nowhere() -> IO[bytes]:
    """Return a file that only takes."""
    return cast(IO[bytes], Nowhere())


def measures(only: str = "") -> list[Measure]:
    """Take every measure whose name contains ``only``. Everything made for it is removed again."""
    found = []
    for name, take in MEASURES.items():
        if only in name:
            with _workshop():
                found.append(take(name))
    return found


@contextmanager
def _workshop() -> Iterator[None]:
    """A tenant of our own with a policy, removed afterwards with all its rows."""
    tenant = Tenant.objects.create(id=uuid7(), slug=f"bench-{uuid7().hex[-8:]}", created_at=NOW)
    before = settings.POLICIES
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / tenant.slug).mkdir()
        for file in POLICY.glob("*.toml"):
            text = file.read_text().replace('tenant = "ilearn"', f'tenant = "{tenant.slug}"')
            (Path(folder) / tenant.slug / file.name).write_text(text)
        settings.POLICIES = Path(folder)
        try:
            with inside(tenant.pk):
                yield
        finally:
            settings.POLICIES = before
            with inside(tenant.pk):
                _run("reset role")
                _run("delete from people_securityevent")
                _run("delete from people_person")
            tenant.delete()


def _run(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def _person(records: int) -> UUID:
    """Somebody with so many records of their sign-ins; there are as many of somebody else."""
    people = [
        Person.objects.create(given_name="Žanete", family_name="Šķēle", created_at=NOW)
        for _ in range(2)
    ]
    for one in people:
        _run(
            "insert into people_securityevent (tenant_id, id, person_id, kind, at, network, device)"
            f" select '{one.tenant_id}', gen_random_uuid(), '{one.pk}', 'signed-in',"
            f" timestamptz '2026-01-01' + n * interval '1 second', '192.0.2.0',"
            f" 'Firefox on Linux ' || md5(n::text) from generate_series(1, {records}) n"
        )
    _run("vacuum analyze people_securityevent")
    _run(f"set role {APP_ROLE}")
    return people[0].pk


def _events() -> Source:
    return next(one for one in sources() if one.record == "people.securityevent")


def records_against_copy(name: str) -> Measure:
    """The records as they go into the ZIP, against ``COPY`` of the same lines of JSON."""
    person = _person(MANY)
    source, who = _events(), reading.whose(person)
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        with reading.snapshot():
            writer = _Writer(person, nowhere(), in_force(NOW), "lv", NOW)
            chapter = writer._chapter("security_log", [source])
        times[0].append(time.perf_counter() - begin)
        writer.abandon()
        if chapter.count != MANY:
            raise AssertionError("not every record was written")
        times[1].append(_copied(source, who))
    ratio = median(value / limit for value, limit in zip(*times, strict=True))
    return Measure(name, median(times[0]), median(times[1]), ratio, 5.0, ratio <= 5.0)


def _copied(source: Source, who: reading.Whose) -> float:
    statement = source.lines("security_log")
    for placeholder, value in who.values(source).items():
        statement = statement.replace(f"%({placeholder})s", f"'{value}'")
    begin = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(f"copy ({statement}) to stdout") as lines:
        for _data in lines:
            pass
    return time.perf_counter() - begin


def ready_within(name: str) -> Measure:
    """A whole copy of ten thousand records with its pages, against two seconds."""
    person = _person(READY)
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        write_archive(person, nowhere(), language="lv", now=NOW)
        times.append(time.perf_counter() - begin)
    taken = median(times)
    return Measure(name, taken, 2.0, taken / 2.0, 1.0, taken <= 2.0)


CHILD = """
import sys
from pathlib import Path
import django
django.setup()
from django.db import connection
from skola.ground.db.walls import APP_ROLE
from skola.ground.tenants.api import inside
from skola.promises.rights.access.archive import write_archive
from skola.promises.rights.access.bench import NOW, nowhere, resident

from uuid import UUID
tenant, big, small = map(UUID, sys.argv[1:4])
with inside(tenant):
    with connection.cursor() as cursor:
        cursor.execute(f"set role {APP_ROLE}")
    write_archive(small, nowhere(), language="lv", now=NOW)
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    write_archive(big, nowhere(), language="lv", now=NOW)
    print(resident("VmHWM") - before)
"""


def resident(what: str) -> int:
    """Return how many bytes of memory this process has now (VmRSS) or had at most (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))


def memory_at_a_million(name: str) -> Measure:
    """What a copy of a million records adds to the memory of a process, against 64 MiB."""
    person = _person(VERY_MANY)
    small = Person.objects.create(given_name="Jānis", family_name="Mazais", created_at=NOW)
    words = [str(small.tenant_id), str(person), str(small.pk)]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", CHILD, *words],
        env={**os.environ, "SKOLA_POLICIES": str(settings.POLICIES)},
        stdout=subprocess.PIPE,
        check=True,
    )
    added = int(done.stdout.split()[-1]) / MEBIBYTE
    return Measure(name, added, 64.0, added / 64.0, 1.0, added <= 64.0)


MEASURES: dict[str, Callable[[str], Measure]] = {
    "copy: records against COPY of the same": records_against_copy,
    "copy: 10,000 records ready, seconds": ready_within,
    "copy: memory at 1 M records, MiB": memory_at_a_million,
}
