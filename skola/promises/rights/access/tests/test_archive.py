"""The archive: whole where it must be, unharmed by what people write, one state of the database."""

import hashlib
import io
import json
import subprocess
import time
import zipfile
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast
from uuid import UUID

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from skola.ground.files import api as files
from skola.ground.people.models import Person, SecurityEvent
from skola.ground.people.tests import make
from skola.ground.tenants.api import inside
from skola.ground.tenants.models import Tenant
from skola.promises.rights.access import reading
from skola.promises.rights.access.archive import SHOWN, NobodyError, Written, write_archive

STRANGE = (
    "<script>alert(1)</script>",
    "#panic() $x^2$ *bold* _it_ `raw` @ref <label> \\",
    "ĀČĒĢĪĶĻŅŠŪŽ āčēģīķļņšūž Õõ Ää Öö Üü Åå",
    "שלום עולם مرحبا",
    "🙂👩‍🏫",
    "{{ 7*7 }} {% raw %} ${7*7}",
    "'\"&amp;\r\nX-Header: 1",
)


class Pipe(io.RawIOBase):
    """A file that can only be written to, like a socket."""

    def __init__(self) -> None:
        self.whole = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.whole += data
        return len(data)


def copy_of(person: Person, now: datetime, language: str = "en") -> dict[str, bytes]:
    out = io.BytesIO()
    write_archive(person.pk, out, language=language, now=now)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines(copy: dict[str, bytes], category: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in copy[f"data/{category}.jsonl"].splitlines()]


def test_an_archive_needs_no_file_to_seek_in(tenant: Tenant, now: datetime) -> None:
    person, out = make.person(), Pipe()

    written = write_archive(person.pk, cast(IO[bytes], out), language="lv", now=now)

    with zipfile.ZipFile(io.BytesIO(bytes(out.whole))) as archive:
        assert archive.testzip() is None
        assert {"index.html", "index.pdf", "README.txt", "manifest.json"} < set(archive.namelist())
    assert written == Written(records=2, files=0, unreadable=0)


def test_the_manifest_has_the_checksum_of_everything_before_it(
    tenant: Tenant, now: datetime
) -> None:
    copy = copy_of(make.person(), now)

    said = {one["path"]: one["sha256"] for one in json.loads(copy["manifest.json"])["files"]}

    found = {name: hashlib.sha256(data).hexdigest() for name, data in copy.items()}
    del found["manifest.json"]
    assert said == found


def test_nobody_has_no_archive_and_another_tenants_person_is_nobody(
    tenant: Tenant, other_tenant: Tenant, now: datetime
) -> None:
    with inside(other_tenant.pk):
        stranger = make.person()

    for person_id in (UUID(int=7), stranger.pk):
        with pytest.raises(NobodyError):
            write_archive(person_id, io.BytesIO(), language="en", now=now)


@pytest.mark.parametrize("words", STRANGE)
def test_what_people_write_is_never_read_as_markup(
    tenant: Tenant, now: datetime, words: str, tmp_path: Path
) -> None:
    person = make.person(given_name=words, family_name="")

    copy = copy_of(person, now)

    assert lines(copy, "identity")[0]["given_name"] == words
    page = copy["index.html"].decode()
    assert "<script" not in page
    assert "http://" not in page.replace("http-equiv", "")
    assert "49" not in page.partition("</header>")[0].partition("<body>")[2]
    (tmp_path / "index.pdf").write_bytes(copy["index.pdf"])
    text = subprocess.run(
        ["/usr/bin/pdftotext", "-raw", str(tmp_path / "index.pdf"), "-"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    plain = "".join(words.split()[0].split())
    if plain.isascii() or "Ā" in plain:
        assert plain[:12] in "".join(text.split()).replace("\u200b", "")


def test_the_pdf_is_tagged_for_screen_readers(tenant: Tenant, now: datetime) -> None:
    copy = copy_of(make.person(given_name="Žanete", family_name="Šķēle"), now, language="lv")

    assert copy["index.pdf"].startswith(b"%PDF-")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in copy["index.pdf"]
    assert b"/Lang (lv)" in copy["index.pdf"] or b"/Lang(lv)" in copy["index.pdf"]


def test_the_pages_show_the_newest_and_name_the_file_for_the_rest(
    tenant: Tenant, now: datetime
) -> None:
    person = make.person()
    for number in range(SHOWN + 5):
        time.sleep(0.002)  # what is made in one millisecond has no order
        SecurityEvent.objects.create(
            person=person, kind="signed-in", at=now, device=f"Device-{number:03}"
        )

    copy = copy_of(person, now)

    assert len(lines(copy, "security_log")) == SHOWN + 5
    page = copy["index.html"].decode()
    shown = [n for n in range(SHOWN + 5) if f"Device-{n:03}" in page]
    assert shown == list(range(5, SHOWN + 5))
    assert "5 older records are in the file only." in page


def stored(person: Person, now: datetime, content: bytes) -> files.StoredFile:
    files.register(files.Kind("test.any", frozenset(files.Family), 10_000_000, lambda *_: False))
    upload = SimpleUploadedFile("mine.txt", content)
    return files.store(upload, kind="test.any", person_id=person.pk, by="test", now=now)


def test_a_damaged_original_ends_where_the_damage_begins_and_is_told_of(
    tenant: Tenant, now: datetime
) -> None:
    person = make.person()
    kept = stored(person, now, b"a" * (1 << 20) + b"b" * (1 << 20))
    path = Path(storages["objects"].path(kept.stored_as))
    torn = bytearray(path.read_bytes())
    torn[-5] ^= 1
    path.write_bytes(bytes(torn))

    out = io.BytesIO()
    written = write_archive(person.pk, out, language="en", now=now)

    assert written.unreadable == 1
    with zipfile.ZipFile(out) as archive:
        name = f"files/{kept.pk}-mine.txt"
        assert archive.read(name) == b"a" * (1 << 20)
        assert "damaged" in archive.read("index.html").decode()


def test_earlier_copies_are_not_in_a_copy(tenant: Tenant, now: datetime) -> None:
    person = make.person()
    kept = stored(person, now, b"a copy")
    files.StoredFile.objects.filter(pk=kept.pk).update(kind="rights.export")

    copy = copy_of(person, now)

    assert [name for name in copy if name.startswith("files/")] == []


def test_writing_to_a_full_disk_says_so(tenant: Tenant, now: datetime) -> None:
    person = make.person()

    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OSError, match="No space"):
        write_archive(person.pk, full, language="en", now=now)


@pytest.mark.django_db(transaction=True)
def test_a_copy_shows_one_state_of_the_database(
    tenant: Tenant, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else commits while the copy is being written."""
    import psycopg
    from django.db import connection

    person = make.person()
    settings = connection.settings_dict
    whole = reading.pieces

    def and_meanwhile(*words: Any) -> Any:
        with psycopg.connect(
            host=settings["HOST"],
            port=settings["PORT"] or None,
            dbname=settings["NAME"],
            user=settings["USER"],
            password=settings["PASSWORD"],
            autocommit=True,
        ) as other:
            other.execute("select set_config('skola.tenant', %s, false)", [str(tenant.pk)])
            other.execute(
                "update people_person set given_name = 'Later', email = 'later@example.org'"
                " where id = %s",
                [person.pk],
            )
        yield from whole(*words)

    monkeypatch.setattr(reading, "pieces", and_meanwhile)

    copy = copy_of(person, now)

    assert lines(copy, "identity")[0]["given_name"] == person.given_name
    assert lines(copy, "contact")[0]["email"] == person.email
    person.refresh_from_db()
    assert person.given_name == "Later"
