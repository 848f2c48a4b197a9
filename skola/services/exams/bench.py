"""What keeping film costs while a hundred candidates send it at once (``python3 run.py bench``).

Eight connections send parts of a hundred attempts in turn. The limit beside it is the least that
keeping a part takes: hashing and sealing it, writing it as a file, and one row in a transaction of
its own. The row is short when a part is lost, or when memory grows with the number of parts.
"""

import secrets
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection
from django.test import override_settings

from skola.ground.db.walls import SETTING
from skola.ground.files import keys
from skola.ground.files.api import UNSEALED, StoredFile, next_seal
from skola.ground.files.models import DoomedObject, FilePart, ObjectKey
from skola.ground.files.rules import object_name
from skola.ground.ids import uuid7
from skola.ground.measure import Measure, compared
from skola.ground.people.api import Person
from skola.ground.tenants.api import Tenant, inside
from skola.services.exams.actions import filming
from skola.services.exams.models import Attempt, Exam, Recording, Sitting, Take

NAME = "film of 100 candidates at once"
CANDIDATES, CONNECTIONS, ROUNDS = 100, 8, 3
PART = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + secrets.token_bytes(60_000)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
GOAL = 25.0
FLAT = 1.25
"""How far memory may grow from the first round of parts to the last."""
TABLES = (
    "exams_recording",
    "exams_attempt",
    "exams_sitting",
    "exams_exam",
    "people_person",
    "files_doomedobject",
)


def measures(only: str = "") -> list[Measure]:
    """Return the one row, if it is wanted."""
    if only not in NAME:
        return []
    values, limits, peaks = [], [], []
    with _workshop() as (tenant, takes):
        peaks.append(_memory(tenant, takes, 0))
        for number in range(1, ROUNDS + 1):
            values.append(_timed(partial(_send_all, tenant, takes, number)))
            limits.append(_timed(partial(_least, tenant)))
        peaks.append(_memory(tenant, takes, ROUNDS + 1))
        kept = FilePart.objects.count()
    row = compared(NAME, values, limits, GOAL)
    is_whole = kept == CANDIDATES * (ROUNDS + 2) and peaks[-1] <= peaks[0] * FLAT
    return [replace(row, ok=row.ok and is_whole)]


def _memory(tenant: Tenant, takes: list[Take], number: int) -> int:
    """Return the most bytes that were held while a round was kept; apart, for tracing is slow."""
    tracemalloc.start()
    _send_all(tenant, takes, number)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _send_all(tenant: Tenant, takes: list[Take], number: int) -> None:
    seal = UNSEALED
    for _ in range(number + 1):
        seal = next_seal(seal, sha256(PART).hexdigest())
    part = filming.Part(number, PART, number * 2000, number * 2000 + 2000, seal)
    _beside(tenant, [partial(filming.add_part, take, part, now=NOW) for take in takes])


def _least(tenant: Tenant) -> None:
    with TemporaryDirectory() as folder:
        _beside(tenant, [lambda: _keep_one(Path(folder)) for _ in range(CANDIDATES)])


def _keep_one(folder: Path) -> None:
    sha256(PART).digest()
    sealed = AESGCM(secrets.token_bytes(32)).encrypt(secrets.token_bytes(12), PART, b"")
    name = secrets.token_hex(16)
    (folder / name).write_bytes(sealed)
    DoomedObject.objects.create(stored_as=name, since=NOW)


def _beside(tenant: Tenant, acts: list[Callable[[], object]]) -> None:
    """Do all of it over several connections, and raise what one of them raised."""

    def some(mine: list[Callable[[], object]]) -> None:
        try:
            with inside(tenant.pk):
                for act in mine:
                    act()
        finally:
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(some, [acts[at::CONNECTIONS] for at in range(CONNECTIONS)]))


@contextmanager
def _workshop() -> Iterator[tuple[Tenant, list[Take]]]:
    """A tenant in which a hundred attempts run, with a folder of its own for the objects."""
    with TemporaryDirectory() as folder:
        stores = {**settings.STORAGES}
        stores["objects"] = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        }
        tenant = Tenant.objects.create(id=uuid7(), slug=f"bench-{uuid7().hex[-8:]}", created_at=NOW)
        try:
            with override_settings(STORAGES=stores), inside(tenant.pk):
                yield tenant, _fill(tenant)
        finally:
            with inside(tenant.pk), connection.cursor() as cursor:
                for table in TABLES:
                    cursor.execute(f"delete from {table} where tenant_id = {SETTING}")  # noqa: S608
            tenant.delete()


def _fill(tenant: Tenant) -> list[Take]:
    exam = Exam.objects.create(title="Bench", minutes=600, created_at=NOW, published_at=NOW)
    ends = NOW + timedelta(hours=10)
    sitting = Sitting.objects.create(
        exam=exam, starts_at=NOW, closes_at=ends, places=CANDIDATES, room="-", created_at=NOW
    )
    return [_take(tenant, sitting, ends) for _ in range(CANDIDATES)]


def _take(tenant: Tenant, sitting: Sitting, ends: datetime) -> Take:
    person = Person.objects.create(given_name="I", family_name="B", created_at=NOW)
    attempt = Attempt.objects.create(
        sitting=sitting,
        person=person,
        way=Attempt.Way.CAMERA,
        registered_at=NOW,
        told_at=NOW,
        begun_at=NOW,
        ends_at=ends,
    )
    file = uuid7()
    name = object_name(str(tenant.pk), str(file))
    stored = StoredFile.objects.create(
        id=file,
        kind=filming.FILM,
        name="camera.webm",
        content_type="application/octet-stream",
        size=0,
        sha256=UNSEALED,
        stored_as=name,
        grows=True,
        created_at=NOW,
    )
    ObjectKey.objects.create(
        file=stored,
        wrapped=keys.wrap(keys.fresh_key(), tenant=tenant.pk, file=file),
        wrapped_by=keys.key_name(),
        stored_as=name,
    )
    recording = Recording.objects.create(attempt=attempt, created_at=NOW)
    return Take.objects.create(
        recording=recording, source=Take.Source.CAMERA, file=stored, begun_at=NOW
    )
