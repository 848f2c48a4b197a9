"""A copy is asked for once, made once whatever happens, fetched for seven days, and gone then."""

import errno
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from skola.ground.audit.api import Entry
from skola.ground.files import api as files
from skola.ground.files import storage
from skola.ground.files.models import DoomedObject, ObjectKey, StoredFile
from skola.ground.jobs import api as jobs
from skola.ground.people.models import Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import sweep
from skola.promises.rights.access import actions
from skola.promises.rights.access.actions import (
    KEPT,
    WRITE,
    NoSuchRightError,
    ask_for_export,
    delete_export,
    write_export,
)
from skola.promises.rights.access.archive import Written, write_archive
from skola.promises.rights.erasing.actions import erase_person
from skola.promises.rights.models import Export

A_SECOND = timedelta(seconds=1)


def ask(person: Person, now: datetime, kind: str = "access") -> Export:
    return ask_for_export(person.pk, kind=kind, language="lv", by="test", now=now)


def made(person: Person, now: datetime) -> Export:
    export = ask(person, now)
    write_export(export.pk, now=now)
    export.refresh_from_db()
    return export


def kinds() -> list[str]:
    found = Entry.objects.filter(kind__startswith="rights.copy").order_by("at", "id")
    return list(found.values_list("kind", flat=True))


def test_asking_twice_makes_one_copy(tenant: Tenant, now: datetime) -> None:
    person = make.person()

    first, second = ask(person, now), ask(person, now + A_SECOND)

    assert first.pk == second.pk
    assert jobs.waiting(WRITE) == [{"export": str(first.pk)}]
    assert kinds() == ["rights.copy.asked"]


def test_two_people_ask_at_once(tenant: Tenant, now: datetime) -> None:
    asked = {ask(make.person(), now).pk, ask(make.person(), now).pk}

    assert set(Export.objects.values_list("pk", flat=True)) == asked


def test_a_right_that_there_is_not_cannot_be_asked_for(tenant: Tenant, now: datetime) -> None:
    with pytest.raises(NoSuchRightError):
        ask(make.person(), now, kind="oblivion")


def test_a_copy_lies_encrypted_until_its_end(tenant: Tenant, now: datetime) -> None:
    export = made(make.person(given_name="Žanete"), now)

    assert (export.ready_at, export.expires_at) == (now, now + KEPT)
    assert export.file is not None
    with files.open_file(export.file) as content, zipfile.ZipFile(content) as archive:
        assert "Žanete" in archive.read("data/identity.jsonl").decode()
        data = [name for name in archive.namelist() if name.endswith(".jsonl")]
        assert export.records == sum(archive.read(name).count(b"\n") for name in data)
    stored = storage.reader(export.file.stored_as)(0, 100)
    assert not stored.startswith(b"PK")
    assert kinds() == ["rights.copy.asked", "rights.copy.made"]


def test_making_it_again_changes_nothing(tenant: Tenant, now: datetime) -> None:
    export = made(make.person(), now)

    write_export(export.pk, now=now + timedelta(hours=1))

    export.refresh_from_db()
    assert export.ready_at == now
    assert StoredFile.objects.count() == 1


def test_who_is_slower_stores_nothing(
    tenant: Tenant, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was thought dead goes on beside the one that took over."""
    export = ask(make.person(), now)
    plain = write_archive

    def and_another_is_done(*words: Any, **options: Any) -> Written:
        monkeypatch.setattr(actions, "write_archive", plain)
        write_export(export.pk, now=now)
        return plain(*words, **options)

    monkeypatch.setattr(actions, "write_archive", and_another_is_done)

    write_export(export.pk, now=now + A_SECOND)

    assert StoredFile.objects.count() == 1
    assert Export.objects.get().ready_at == now


def test_after_a_full_disk_it_is_tried_again(
    tenant: Tenant, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = ask(make.person(), now)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(storage, "put", full)
        with pytest.raises(OSError, match="No space"):
            write_export(export.pk, now=now)
    export.refresh_from_db()
    assert (export.failed_at, export.ready_at, export.file) == (now, None, None)
    assert not StoredFile.objects.exists()

    write_export(export.pk, now=now + A_SECOND)

    export.refresh_from_db()
    assert (export.failed_at, export.ready_at) == (None, now + A_SECOND)


def test_a_copy_is_gone_seven_days_after_it_was_ready_and_not_before(
    tenant: Tenant, now: datetime
) -> None:
    export = made(make.person(), now)
    assert export.file is not None
    name = export.file.stored_as

    sweep(now=now + KEPT - A_SECOND)
    assert Export.objects.filter(pk=export.pk).exists()

    sweep(now=now + KEPT)

    assert not Export.objects.exists()
    assert not StoredFile.objects.exists()
    assert not ObjectKey.objects.exists()
    assert list(DoomedObject.objects.values_list("stored_as", flat=True)) == [name]


def test_a_copy_that_was_deleted_is_gone_and_is_not_made_any_more(
    tenant: Tenant, now: datetime
) -> None:
    person = make.person()
    export = made(person, now)
    delete_export(export, by="test", now=now)
    waiting = ask(person, now)
    delete_export(waiting, by="test", now=now)

    write_export(waiting.pk, now=now)

    assert not Export.objects.exists()
    assert not ObjectKey.objects.exists()


def test_an_erased_person_leaves_no_copy(tenant: Tenant, now: datetime) -> None:
    person = make.person()
    made(person, now)

    erase_person(person.pk, reason="asked", by="test", now=now + A_SECOND)

    assert not Export.objects.exists()
    assert not ObjectKey.objects.exists()


@pytest.mark.parametrize("failing", range(1, 12))
def test_killed_at_any_step_the_next_worker_finishes_it(
    tenant: Tenant, now: datetime, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies at the n-th statement that writes; what it began is rolled back."""
    export = ask(make.person(), now)
    count = 0

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        if sql.lstrip().lower().startswith(("insert", "update", "delete", "with")):
            count += 1
            if count == failing:
                raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die):
        try:
            write_export(export.pk, now=now)
        except KeyboardInterrupt:
            assert not StoredFile.objects.exists()

    write_export(export.pk, now=now + A_SECOND)

    export.refresh_from_db()
    assert export.ready_at is not None
    assert StoredFile.objects.count() == ObjectKey.objects.count() == 1
