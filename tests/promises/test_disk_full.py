"""On a full disk nothing is done by halves, reading goes on, and it is said (promise-engine 5.1).

The kernel itself refuses to write: the process (or PostgreSQL's, which serves it) may make no file
longer than so many bytes, and gets a short write first, as at the end of a disk.
"""

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client

import skola.__main__ as shell
from skola.ground import space
from skola.ground.audit import api as audit
from skola.ground.audit.models import Entry
from skola.ground.backup import api as backup
from skola.ground.files import api as files
from skola.ground.files.models import StoredFile
from skola.ground.journal import api as journal
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import Hold, place_hold
from skola.promises.rights.access import commands as access
from skola.promises.rights.access.actions import ask_for_export, write_export
from skola.promises.rights.erasing.actions import erase_person
from skola.services.hiring.models import Application
from skola.services.hiring.tests import make as hiring
from skola.services.hiring.views.public import _LINK
from skola.web.commands import sweep as a_command
from skola.web.doctor import examine
from tests.promises.restore.conftest import opened, place, the_gate_is_open
from tests.promises.restore.copies import START
from tests.promises.restore.deciding import DECISIONS, NOT_REPEATED, World, facts
from tests.server import SERVER

__all__ = ["opened", "place", "the_gate_is_open"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.tenant("ema")]


@contextmanager
def full_at(size: int, process: int = 0) -> Iterator[None]:
    """Let no file of a process grow beyond ``size`` bytes; pid 0 is this one."""
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)


def journal_file() -> Path:
    (found,) = journal.book().folder.glob("*.jsonl")
    return found


def but_for_the_freeze(found: dict[str, Any]) -> dict[str, Any]:
    """An erasure first freezes its person, which stands where the rest could not be done."""
    return {name: rows for name, rows in found.items() if name != "restrictions"}


def test_a_decision_that_the_journal_has_no_room_for_is_not_taken(tenant: Tenant) -> None:
    world = World()
    for what in ("place", "consent", "find", "restrict"):
        world.decide(what, 1, START)
    acts = Entry.objects.exclude(kind="gate.restriction.told")  # that is another act, done before
    before, entries = facts(), acts.count()
    decided = ("release", "withdraw consent", "put right", "lift")
    lines = journal.book().lines()
    whole = journal_file().stat().st_size

    for what in sorted(set(DECISIONS) - NOT_REPEATED - {"erase"}):
        number = 1 if what in decided else 2
        with full_at(whole + 40), pytest.raises(OSError, match="too large") as refused:
            world.decide(what, number, START)
        assert space.is_full(refused.value)
        assert facts() == before
        assert acts.count() == entries

    with full_at(whole + 40), pytest.raises(OSError, match="too large"):
        world.decide("erase", 2, START)
    assert but_for_the_freeze(facts()) == but_for_the_freeze(before)

    assert journal.book().lines() == lines
    world.decide("erase", 2, START)
    assert not Person.objects.filter(pk=world.people[2].pk).exists()
    assert journal.book().lines()[: len(lines)] == lines
    journal.demand_open(now=START)


def test_where_only_the_confirmation_has_no_room_the_next_look_writes_it(tenant: Tenant) -> None:
    somebody = people.person()
    place_hold(reason="claim", person_id=somebody.pk, by="officer", now=START)
    begin, first = journal_file().stat().st_size, len(journal.book().lines())
    line = len(journal_file().read_text().splitlines()[0])

    with full_at(begin + line + 60):
        place_hold(reason="claim", person_id=somebody.pk, by="officer", now=START)

    assert Hold.objects.count() == 2
    assert len(journal.book().lines()) == first + 1
    journal.demand_open(now=START)
    assert len(journal.book().lines()) == first + 2


def test_the_page_says_it_and_everything_can_still_be_read(tenant: Tenant) -> None:
    visitor = Client(HTTP_HOST="ema.localhost", raise_request_exception=False)
    application = hiring.application(hiring.vacancy(at=START), at=START)
    mine = f"/jobs/applications/{_LINK.sign(str(application.pk))}/"
    place_hold(reason="claim", person_id=people.person().pk, by="officer", now=START)

    with full_at(journal_file().stat().st_size):
        answer = visitor.post(f"{mine}withdrawals/")
        page = visitor.get(mine)

    assert answer.status_code == 507
    assert "There is no room left" in answer.content.decode()
    assert page.status_code == 200
    assert Application.objects.filter(pk=application.pk).exists()
    assert visitor.post(f"{mine}withdrawals/").status_code == 302
    assert not Application.objects.exists()


def test_an_object_that_has_no_room_leaves_nothing(tenant: Tenant) -> None:
    wanted = hiring.vacancy(at=START)
    hiring.application(wanted, at=START)
    names, people_before = list(files.object_names(str(tenant.pk))), Person.objects.count()
    large = SimpleUploadedFile("cv.pdf", b"%PDF-1.4 " + os.urandom(30_000), "application/pdf")

    with full_at(20_000), pytest.raises(OSError, match="too large"):
        files.store(large, kind="hiring.document", person_id=None, by="visitor", now=START)

    assert list(files.object_names(str(tenant.pk))) == names
    assert (StoredFile.objects.count(), Person.objects.count()) == (1, people_before)
    assert files.open_file(StoredFile.objects.get()).read() == b"%PDF-1.4 what I did"


def test_a_copy_that_has_no_room_is_tried_again_and_leaves_no_piece(
    tenant: Tenant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = people.account().person
    asked = ask_for_export(person.pk, kind="access", language="en", by="person", now=START)
    with full_at(4_000), pytest.raises(OSError, match="too large"):
        write_export(asked.pk, now=START)
    asked.refresh_from_db()
    assert (asked.failed_at, asked.ready_at) == (START, None)
    write_export(asked.pk, now=START)
    asked.refresh_from_db()
    assert asked.ready_at == START

    wanted: dict[str, Any] = {"tenant": None, "host": None, "language": None, "portability": False}
    target = tmp_path / "copies" / "copy.zip"
    target.parent.mkdir()
    with full_at(4_000):
        assert access.access(who=str(person.pk), to=str(target), now=START, **wanted) == 2
    assert "too large" in capsys.readouterr().err
    assert list(target.parent.iterdir()) == []


def test_a_backup_that_has_no_room_is_none(tenant: Tenant) -> None:
    hiring.application(hiring.vacancy(at=START), at=START)

    with full_at(100_000), pytest.raises(backup.ProgramError, match="pg_dump failed"):
        backup.back_up(now=START)

    assert backup.inventory() == []
    assert not list(Path(settings.BACKUPS).glob("2*"))
    assert not list(Path(settings.BACKUP_KEYS).iterdir())
    backup.check(backup.back_up(now=START).folder)


def test_the_log_of_the_audit_goes_on_where_it_stopped(tenant: Tenant) -> None:
    audit.record("people.account.signed_in", by="system", at=START)
    audit.sequence(now=START)
    known = audit.log_of(tenant.pk).checkpoint()
    for _ in range(40):
        audit.record("people.account.signed_in", by="system", at=START)

    with full_at(900), pytest.raises(OSError, match="too large"):
        audit.sequence(now=START)

    assert audit.log_of(tenant.pk).checkpoint() == known
    audit.sequence(now=START)
    after = audit.log_of(tenant.pk).checkpoint()
    assert after is not None
    assert after.size == Entry.objects.count() == 41
    assert Entry.objects.filter(leaf_index=None).count() == 0


def test_where_the_database_has_no_room_nothing_is_erased(tenant: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute("truncate audit_entry")  # what tests before left has room in it
    somebody = people.account().person
    _fill_pages_of_the_audit()
    before = facts()
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid(), pg_relation_size('audit_entry')")
        process, size = cursor.fetchone()

    with full_at(size, process), pytest.raises(DatabaseError, match="could not extend file"):
        erase_person(somebody.pk, reason="asked", by="officer", now=START)

    assert but_for_the_freeze(facts()) == but_for_the_freeze(before)
    assert not Entry.objects.filter(kind="rights.person.erased").exists()
    erase_person(somebody.pk, reason="asked", by="officer", now=START)
    assert not Person.objects.filter(pk=somebody.pk).exists()


def _fill_pages_of_the_audit() -> None:
    """Full pages, beyond the size of a segment of the database's log, which must not be stopped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into audit_entry (id, tenant_id, at, kind, by, subject, target, clause, detail)"
            " select gen_random_uuid(), (select id from tenants_tenant), now(), 'test.filled',"
            " 'system', '', '', '', jsonb_build_object('text',"
            " (select string_agg(md5(n::text || i::text), '') from generate_series(1, 55) i))"
            " from generate_series(1, 9000) n"
        )


def test_more_temporary_files_than_the_operator_lets_be_are_a_full_disk(tenant: Tenant) -> None:
    with psycopg.connect(SERVER.url("postgres", "postgres")) as owner:
        owner.execute("set temp_file_limit = '1MB'")
        owner.execute("set work_mem = '64kB'")
        with pytest.raises(psycopg.Error, match="temporary file size exceeds") as refused:
            owner.execute("select md5(n::text) from generate_series(1, 100000) n order by 1")

    wrapped = DatabaseError()
    wrapped.__cause__ = refused.value
    assert space.is_full(wrapped)
    assert not space.is_full(psycopg.errors.TooManyConnections())


def test_the_shell_says_what_now(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def write(_options: object) -> int:
        with full_at(10):
            (tmp_path / "any").write_text("longer than ten bytes")
        return 0

    monkeypatch.setattr(a_command, "run", write)

    assert shell.main(["sweep"]) == 2
    said = capsys.readouterr().err
    assert "A disk is full" in said
    assert "Make room, then do the same again" in said


def test_the_doctor_warns_before(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = "installation: there is room on every disk"
    usage = shutil.disk_usage

    def nearly_full(there: Path) -> Any:
        return usage(there)._replace(free=7_000_000)

    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    (found,) = (one for one in examine() if one.measure == measure)

    assert not found.ok
    assert "has 7 MB left. Make room" in found.remedy


@pytest.mark.parametrize(
    "problem", [OSError(28, "No space left"), OSError(122, "Quota"), OSError(27, "Too large")]
)
def test_a_full_disk_is_known_by_its_errors(problem: OSError) -> None:
    wrapped = RuntimeError("…")
    wrapped.__cause__ = problem
    assert space.is_full(wrapped)
    assert not space.is_full(OSError(13, "Permission denied"))
    assert not space.is_full(None)
