"""What lies in the database and in the store of files is not read there."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from skola.__main__ import main
from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.files.api import text_digest
from skola.ground.files.keys import key_file, key_name
from skola.ground.files.models import ObjectKey
from skola.ground.people.models import Account
from skola.ground.people.tests.make import account, role
from skola.ground.tenants.api import Tenant
from skola.services.courses.models import Course
from skola.services.courses.rules import LessonKind
from skola.services.courses.tests import make as courses
from skola.services.groups.links import address_of
from skola.services.groups.tests import make as groups

CODE = "32000098765"
WORDS = "%PDF-1 Who reads this reads a document."


@pytest.fixture
def data(tmp_path: Path, settings: Any, now: datetime) -> Iterator[Path]:
    """Objects and keys of one test lie in a folder of their own, on the day of the test."""
    settings.DATA = tmp_path
    vars(storages)["_storages"]["objects"] = storages.create_storage(
        {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "objects"},
        }
    )
    with clock.standing_at(now):
        yield tmp_path


def raw_database() -> str:
    """Every row of every table, as whoever holds the database reads it."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute(
            "select quote_ident(tablename) from pg_tables where schemaname = current_schema()"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
            found.append(cursor.fetchone()[0])
        cursor.execute("set role skola_app")
    return " ".join(found)


def readable(data: Path, *wanted: str) -> list[str]:
    """Return which of these can be read in the database, as bytes too, or in the files."""
    rows = raw_database()
    objects = [one.read_bytes() for one in (data / "objects").rglob("*") if one.is_file()]
    assert objects
    return [
        one
        for one in wanted
        if one in rows
        or one.encode().hex() in rows
        or any(one.encode() in held for held in objects)
    ]


@pytest.mark.tenant("kic")
@pytest.mark.keeps("kic-security-encryption")
def test_nothing_is_read_in_the_raw_and_all_of_it_after_the_key_was_rotated(
    client: Client,
    sign_in: Callable[[Account], Account],
    tenant: Tenant,
    data: Path,
    now: datetime,
) -> None:
    me = sign_in(account())
    for kind in ("author", "coordinator"):
        role(me.person, kind)
    course = courses.course(author=me.person, title="Mine own", state=Course.State.DRAFT)
    part = course.sections.get(position=2)
    lesson = courses.lesson(part, title="A", kind=LessonKind.FILE, position=9)
    upload = SimpleUploadedFile("a.pdf", WORDS.encode())
    client.post(
        f"/courses/making/{course.slug}/lessons/{lesson.slug}/", {"title": "A", "upload": upload}
    )
    lesson.refresh_from_db()
    file = f"/files/{lesson.media_id}/"
    seat = groups.participant(at=now)
    groups.code(seat, "1" * 11, at=now)
    assert seat.application is not None
    entering, reveal = (
        f"{address_of(seat.application)}codes/",
        reverse("groups:code", args=[seat.pk]),
    )
    client.post(entering, {"national_code": CODE})

    def served() -> tuple[str, bool]:
        return client.get(file).getvalue().decode(), CODE in client.post(reveal).content.decode()

    name = seat.person.family_name
    assert readable(data, CODE, WORDS, name) == [name]
    assert served() == (WORDS, True)

    before, digest = key_name(), text_digest(CODE, tenant=tenant.pk)
    assert main(["keys", "rotate"]) == 0
    assert before != key_name() == ObjectKey.objects.get().wrapped_by
    assert served() == (WORDS, True)
    assert text_digest(CODE, tenant=tenant.pk) == digest
    assert main(["keys", "rotate"]) == 0
    assert served() == (WORDS, True)
    assert Entry.objects.filter(kind="files.keys.rewrapped").count() == 2

    for old in key_file().parent.glob("key-encryption-key.*"):
        old.rename(data / old.name)
    client.post(entering, {"national_code": CODE})
    assert served() == (WORDS, True), "what the fresh key sealed needs none of those before"
    assert readable(data, CODE, WORDS) == []
