import io
import tracemalloc
from pathlib import Path

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import connection, transaction
from PIL import Image

from skola.ground.audit.api import Entry
from skola.ground.files import keys, storage
from skola.ground.files.api import (
    KeyLostError,
    RefusedError,
    StoredFile,
    erase_objects,
    forget,
    open_file,
    orphans,
    remove_orphans,
    store,
)
from skola.ground.files.models import DoomedObject, ObjectKey
from skola.ground.files.queries import GRACE
from skola.ground.files.tests import make
from skola.ground.files.tests.make import NOW
from skola.ground.jobs import api as jobs
from skola.ground.people.tests.make import person
from skola.ground.tenants.api import Tenant, inside

pytestmark = pytest.mark.usefixtures("tenant")


def test_store_keeps_the_file_encrypted_under_a_key_of_its_own(folder: Path) -> None:
    one, two = make.stored(b"a secret plan"), make.stored(b"a secret plan")

    objects = [path.read_bytes() for path in (folder / "objects").rglob("*") if path.is_file()]
    assert len(set(objects)) == len(objects) == 2
    assert not any(b"secret" in content for content in objects)
    assert [open_file(stored).read() for stored in (one, two)] == [b"a secret plan"] * 2


def test_store_is_told_to_the_audit_without_the_name() -> None:
    make.stored(name="about-someone.txt")
    entry = Entry.objects.get()
    assert entry.kind == "files.file.stored"
    assert "someone" not in f"{entry.target}{entry.detail}{entry.by}"


def test_the_sender_does_not_decide_the_type() -> None:
    assert make.stored(b"<script>alert(1)</script>", name="a.png").content_type == (
        "application/octet-stream"
    )


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("test.picture", b"%PDF-1.7"),
        ("test.picture", b"\x89PNG\r\n\x1a\nnot really"),
        ("test.video", make.picture()),
        ("test.captions", b"1\n00:00 --> 00:01\nno heading"),
        ("test.captions", b"WEBVTT\n\n\xff\xfe"),
        ("test.any", b""),
    ],
)
def test_what_a_kind_does_not_accept_is_refused(kind: str, content: bytes) -> None:
    with pytest.raises(RefusedError):
        make.stored(content, kind=kind)
    assert StoredFile.objects.count() == 0


def test_a_file_that_is_too_large_is_refused_with_both_sizes() -> None:
    with pytest.raises(RefusedError, match=r"12 MB; at most 10 MB"):
        make.stored(b"x" * 12_000_000)


def test_a_picture_loses_its_metadata_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "a camera"
    stored = make.stored(make.picture("JPEG", (60, 40), exif=exif.tobytes()), kind="test.picture")

    kept = Image.open(open_file(stored))
    assert (kept.size, dict(kept.getexif()), stored.content_type) == ((40, 60), {}, "image/jpeg")


def test_a_picture_of_more_than_forty_megapixels_is_refused() -> None:
    into = io.BytesIO()
    Image.new("1", (8000, 5001)).save(into, "PNG")
    with pytest.raises(RefusedError):
        make.stored(into.getvalue(), kind="test.picture")


def test_a_large_picture_is_made_smaller() -> None:
    stored = make.stored(make.picture("PNG", (4000, 100)), kind="test.picture")
    assert Image.open(open_file(stored)).size == (2000, 50)


@pytest.mark.parametrize("mode", ["P", "LA", "I;16", "CMYK", "1"])
def test_pictures_of_every_mode_are_drawn(mode: str) -> None:
    into = io.BytesIO()
    Image.new(mode, (9, 9)).save(into, "JPEG" if mode == "CMYK" else "PNG")
    assert make.stored(into.getvalue(), kind="test.picture").family == "picture"


def test_a_large_file_is_stored_and_read_in_flat_memory(tmp_path: Path) -> None:
    upload = TemporaryUploadedFile("long.bin", "", 9_000_000, None)
    upload.write(b"0123456789" * 900_000)
    upload.seek(0)
    tracemalloc.start()
    stored = store(upload, kind="test.any", person_id=None, by="system", now=NOW)
    with open_file(stored) as file:
        total = sum(len(part) for part in iter(lambda: file.read(100_000), b""))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (total, peak < 7_000_000) == (9_000_000, True)


def test_forget_destroys_the_key_now_and_the_object_by_a_job() -> None:
    stored, kept = make.stored(), make.stored(b"stays")

    forget(stored, by="system", now=NOW)

    assert list(ObjectKey.objects.values_list("file", flat=True)) == [kept.pk]
    assert storage.exists(stored.stored_as)
    assert jobs.waiting("files.erase_objects") == [{}]

    assert erase_objects(now=make.NOW) == 1
    assert (storage.exists(stored.stored_as), storage.exists(kept.stored_as)) == (False, True)
    assert erase_objects(now=make.NOW) == 0


def test_whoever_deletes_the_row_dooms_the_object() -> None:
    """A sweep deletes in SQL and does not call ``forget``."""
    by_sweep = make.stored()
    with connection.cursor() as cursor:
        cursor.execute("delete from files_storedfile where id = %s", [by_sweep.pk])
        cursor.execute("set constraints all immediate")

    doomed = set(DoomedObject.objects.values_list("stored_as", flat=True))
    assert doomed == {by_sweep.stored_as}


def test_a_file_stays_with_its_holder_when_the_person_goes() -> None:
    """The row that holds a file decides how long it lives; only the link to the person goes."""
    owner = person()
    kept = make.stored(person_id=owner.pk)
    with connection.cursor() as cursor:
        cursor.execute("delete from people_person where id = %s", [owner.pk])
        cursor.execute("set constraints all immediate")

    kept.refresh_from_db()
    assert kept.person_id is None
    assert not DoomedObject.objects.exists()


def test_what_is_rolled_back_is_not_forgotten() -> None:
    stored = make.stored()
    with transaction.atomic():
        forget(stored, by="system", now=NOW)
        transaction.set_rollback(True)
    assert open_file(stored).read() == b"hello"
    assert jobs.waiting() == []


def test_orphans_are_found_in_both_directions_and_removed_in_one() -> None:
    fine, without_object, without_key = make.stored(), make.stored(), make.stored()
    storage.delete(without_object.stored_as)
    StoredFile.objects.filter(pk=without_key.pk).delete()
    DoomedObject.objects.all().delete()
    later = storage.changed_at(fine.stored_as) + GRACE * 2

    found = orphans(now=later)
    assert found.objects_without_key == (without_key.stored_as,)
    assert found.keys_without_object == (without_object.stored_as,)

    assert remove_orphans(now=later) == 1
    assert not storage.exists(without_key.stored_as)
    assert orphans(now=later).keys_without_object == (without_object.stored_as,)


def test_an_object_of_today_is_no_orphan_yet() -> None:
    stored = make.stored()
    StoredFile.objects.filter(pk=stored.pk).delete()
    DoomedObject.objects.all().delete()
    assert orphans(now=storage.changed_at(stored.stored_as)).objects_without_key == ()


def test_another_tenant_sees_neither_row_nor_key(other_tenant: Tenant) -> None:
    stored = make.stored()
    with inside(other_tenant.pk):
        assert (StoredFile.objects.count(), ObjectKey.objects.count()) == (0, 0)
        with pytest.raises(ObjectKey.DoesNotExist):
            open_file(stored)


def test_without_the_installations_key_the_error_says_which_is_missing() -> None:
    stored = make.stored()
    keys.key_file().unlink()
    with pytest.raises(KeyLostError, match=stored.object_key.wrapped_by):
        open_file(stored)


def test_no_second_key_is_made_beside_files_of_the_first() -> None:
    make.stored()
    keys.key_file().unlink()
    with pytest.raises(KeyLostError, match="restore"):
        make.stored()
    assert not keys.key_file().exists()


def test_the_installations_key_is_for_the_owner_of_the_process_only() -> None:
    make.stored()
    assert keys.key_file().stat().st_mode & 0o077 == 0
