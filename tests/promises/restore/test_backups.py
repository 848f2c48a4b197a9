"""Backups: what is in them, who notices that one was changed, and when they end."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from skola.ground.audit import api as audit
from skola.ground.audit.keys import key_file
from skola.ground.backup import api as backup
from skola.ground.files import api as files
from skola.ground.files.models import ObjectKey, StoredFile
from skola.ground.journal import api as journal
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import (
    place_hold,
    record_state,
)
from skola.services.briefings import queries
from skola.services.briefings.sealing import public_key
from skola.services.briefings.tests import make as briefings
from tests.promises.restore.copies import (
    START,
    copy_database,
    drop_database,
    inside_database,
    marked_application,
    owner,
    positions,
    restored,
    tables_with,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.tenant("ema")]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_a_restored_database_sees_every_tenant_as_before(
    tenant: Tenant, other_tenant: Tenant
) -> None:
    """Row-level security hides rows from the owner: a dump of theirs would be empty."""
    people.person(given_name="Ours")
    with inside(other_tenant.pk):
        people.person(given_name="Theirs")
    made = backup.back_up(now=START)
    before = _counts()

    with restored(made, keys=True, now=START):
        assert _counts() == before
        assert [one.given_name for one in Person.objects.all()] == ["Ours"]
        with inside(other_tenant.pk):
            assert [one.given_name for one in Person.objects.all()] == ["Theirs"]
        with inside(None):
            assert not Person.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_class where relrowsecurity and relforcerowsecurity"
            )
            assert cursor.fetchone()[0] > 40


def _counts() -> set[tuple[str, bool]]:
    return {(table, True) for table in tables_with("-")} - {
        ("journal_binding", True),
        ("skola_cache", True),
    }


def test_no_backup_holds_what_opens_its_objects_nor_who_is_signed_in(tenant: Tenant) -> None:
    marked_application()
    made = backup.back_up(now=START)
    wrapped = bytes(ObjectKey.objects.get().wrapped)
    everything = {
        str(file.relative_to(made.folder)): file.read_bytes()
        for file in made.folder.rglob("*")
        if file.is_file()
    }

    assert made.folder not in made.keys.parents
    checked = backup.check(made.folder)
    assert checked.keys is None
    with restored(made, keys=False, now=START):
        assert StoredFile.objects.count() == 1
        assert ObjectKey.objects.count() == 0
        with pytest.raises(ObjectKey.DoesNotExist):
            files.open_file(StoredFile.objects.get())
    assert not any(wrapped in content for content in everything.values())
    assert not any(b"what I did" in content for content in everything.values())


def test_no_backup_holds_a_key_that_signs_and_what_was_signed_outlives_it(tenant: Tenant) -> None:
    """Neither the log of the audit nor evidence can be forged by who steals a backup."""
    with inside(tenant.pk):
        where = briefings.works()
        record = briefings.sign(where)
        audit.signer(tenant.pk, audit.origin(tenant.pk))
    secrets = {use: key_file(tenant.pk, use).read_bytes() for use in ("audit", "evidence")}
    made = backup.back_up(now=START)
    copies = [file for file in made.folder.rglob("*") if file.is_file()]

    for use, secret in secrets.items():
        assert [file for file in (*copies, made.keys) if secret in file.read_bytes()] == [], use
    key_file(tenant.pk, "evidence").unlink()
    with restored(made, keys=True, now=START), inside(tenant.pk):
        shown = queries.shown(queries.records().get(pk=record.pk), START.date())
        assert shown.state == "whole", "it is verified under the key that stands beside it"
        assert {one.signature.key for one in shown.halves.values()} != {public_key()}


def test_what_is_in_a_newer_backup_is_linked_and_whole(tenant: Tenant) -> None:
    marked_application()
    first = backup.back_up(now=START)
    second = backup.back_up(now=START + DAY)
    name = StoredFile.objects.get().stored_as

    assert (first.folder / "objects" / name).samefile(second.folder / "objects" / name)
    backup.prune(now=START + 35 * DAY)
    backup.check(second.folder)


def cut_off(made: backup.Made) -> Path:
    file = made.folder / "database.dump"
    file.write_bytes(file.read_bytes()[:-10])
    return file


def flip(made: backup.Made) -> Path:
    (file,) = [one for one in (made.folder / "objects").rglob("*") if one.is_file()]
    data = bytearray(file.read_bytes())
    data[3] ^= 1
    file.unlink()  # it may be linked from another backup
    file.write_bytes(data)
    return file


def leave_out(made: backup.Made) -> Path:
    (file,) = [one for one in (made.folder / "objects").rglob("*") if one.is_file()]
    file.unlink()
    return file


def add(made: backup.Made) -> Path:
    file = made.folder / "objects" / "intruder"
    file.write_text("from elsewhere")
    return Path("objects/intruder")


def forge(made: backup.Made) -> Path:
    """A thief changes the dump and puts the right digest beside it."""
    cut_off(made)
    file = made.folder / "manifest.json"
    said = json.loads(file.read_text())
    piece = backup.measure(made.folder / "database.dump")
    said["files"]["database.dump"] = {"sha256": piece.sha256, "size": piece.size}
    file.write_text(json.dumps(said))
    return Path("manifest.json was changed")


def garble(made: backup.Made) -> Path:
    file = made.folder / "manifest.json"
    file.write_text(file.read_text()[:-20])
    return Path("manifest.json")


def lead_away(made: backup.Made) -> Path:
    file = made.folder / "manifest.json"
    said = json.loads(file.read_text())
    said["files"]["../../etc/passwd"] = said["files"]["database.dump"]
    file.write_text(json.dumps(said))
    return Path("../../etc/passwd")


def spoil_keys(made: backup.Made) -> Path:
    made.keys.write_bytes(made.keys.read_bytes() + b"x")
    return made.keys


@pytest.mark.parametrize(
    "spoil", [cut_off, flip, leave_out, add, forge, garble, lead_away, spoil_keys]
)
def test_a_backup_that_was_changed_is_refused_by_name(
    tenant: Tenant, spoil: Callable[[backup.Made], Path]
) -> None:
    marked_application()
    made = backup.back_up(now=START)
    named = spoil(made)

    with pytest.raises(backup.DamagedError) as refused:
        backup.check(made.folder, made.keys)

    assert str(named) in str(refused.value)


def test_a_database_that_has_tables_is_not_touched(tenant: Tenant) -> None:
    made = backup.back_up(now=START)
    people.person(given_name="Since")

    with pytest.raises(backup.NotEmptyError, match="--replace"):
        backup.restore(backup.check(made.folder), owner(), now=START)

    assert [one.given_name for one in Person.objects.all()] == ["Since"]


def test_a_replaced_database_is_set_aside(tenant: Tenant) -> None:
    people.person(given_name="Before")
    name = f"{owner()['NAME']}_live"
    drop_database(name)
    copy_database(name)
    made = backup.back_up(now=START)
    database = {**owner(), "NAME": name}
    with inside_database(name):
        people.person(given_name="Since")

    aside = backup.restore(backup.check(made.folder), database, replace=True, now=START)

    try:
        with inside_database(name):
            assert [one.given_name for one in Person.objects.all()] == ["Before"]
            assert backup.set_aside() == [aside]
        with inside_database(aside):
            assert Person.objects.count() == 2
    finally:
        drop_database(name)
        drop_database(aside)


def test_a_restore_that_fails_leaves_nothing(tenant: Tenant, monkeypatch: Any) -> None:
    made = backup.back_up(now=START)
    name = f"{owner()['NAME']}_again"

    def fail(*_words: object, **_more: object) -> None:
        raise backup.ProgramError("pg_restore failed.")

    monkeypatch.setattr("skola.ground.backup.programs.run", fail)
    with pytest.raises(backup.ProgramError):
        backup.restore(backup.check(made.folder), {**owner(), "NAME": name}, now=START)

    assert backup.tables_in({**owner(), "NAME": name}) == 0
    assert backup.tables_in({**owner(), "NAME": f"{name}_restoring"}) == 0


def test_without_the_backups_role_nothing_is_made(tenant: Tenant, settings: Any) -> None:
    settings.BACKUP_DATABASE = None
    with pytest.raises(backup.RefusedError, match="skola_backup"):
        backup.back_up(now=START)
    settings.BACKUP_DATABASE = owner()
    with pytest.raises(backup.RefusedError, match="row-level security"):
        backup.back_up(now=START)

    assert backup.inventory() == []
    assert not list(settings.BACKUPS.glob("2*"))


@pytest.mark.parametrize("one", ["BACKUPS", "BACKUP_KEYS", "JOURNAL"])
def test_what_must_lie_apart_lies_apart(tenant: Tenant, settings: Any, one: str) -> None:
    for other in {"BACKUPS", "BACKUP_KEYS", "JOURNAL"} - {one}:
        before = getattr(settings, one)
        setattr(settings, one, getattr(settings, other) / "inside")
        with pytest.raises(backup.RefusedError, match="in one another"):
            backup.back_up(now=START)
        setattr(settings, one, before)


def test_a_journal_that_lost_lines_since_the_backup_is_noticed(tenant: Tenant, place: Path) -> None:
    somebody = people.person()
    for _ in range(2):
        place_hold(reason="claim", person_id=somebody.pk, by="officer", now=START)
    made = backup.back_up(now=START)
    (file,) = (place / "journal").glob("*.jsonl")
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:2]))

    with pytest.raises(backup.DamagedError, match="lines are missing at the journal's end"):
        backup.check(made.folder)


def test_backups_and_keys_end_by_age(tenant: Tenant, settings: Any) -> None:
    old = backup.back_up(now=START)
    young = backup.back_up(now=START + 30 * DAY)
    elsewhere = backup.back_up(into=settings.BACKUPS.parent / "other", now=START + 31 * DAY)
    assert backup.backup_window().days_back(START + 32 * DAY) == 32

    backup.prune(now=START + 35 * DAY)

    assert [one.made_at for one in backup.inventory()] == [
        young.manifest.made_at,
        elsewhere.manifest.made_at,
    ]
    assert not old.folder.exists()
    assert [bool(one.keys) for one in backup.inventory()] == [True, True]
    backup.prune(now=START + 37 * DAY)
    assert [bool(one.keys) for one in backup.inventory()] == [False, True]
    assert backup.oldest_backup() == START + 30 * DAY
    shutil.rmtree(young.folder)
    assert backup.oldest_backup() == START + 31 * DAY
    shutil.rmtree(elsewhere.folder.parent)  # its disk was taken out
    assert [one.out_of_reach for one in backup.inventory()] == [True]


def test_lines_of_the_journal_go_with_the_oldest_backup(tenant: Tenant, place: Path) -> None:
    somebody = people.person()
    record_state(somebody.pk, "consent:newsletter", is_open=True, at=START)
    record_state(somebody.pk, "consent:newsletter", is_open=False, at=START)
    book = journal.book()
    (file,) = book.folder.glob("*.jsonl")
    march = book.folder / "2020-03.jsonl"
    file.rename(march)
    record_state(somebody.pk, "consent:newsletter", is_open=True, at=START)
    record_state(somebody.pk, "consent:newsletter", is_open=False, at=START)
    backup.back_up(now=datetime(2020, 3, 31, tzinfo=START.tzinfo))

    journal.forget_before(backup.needed_from(START))
    assert march.exists()

    backup.prune(now=START)
    journal.forget_before(backup.needed_from(START))
    assert not march.exists()
    assert positions() == {3}
    journal.demand_open(now=START)
