"""Events and the transactions they belong to, on a real database with real commits."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from skola.ground.ids import uuid7
from skola.ground.journal import api as journal_api
from skola.ground.journal.actions import settle
from skola.ground.journal.book import Book, MissingError
from skola.ground.journal.gate import ClosedError, Watch, compare, demand_open
from skola.ground.journal.models import Binding, Position
from skola.ground.journal.registry import Repeat, UnknownKindError
from skola.ground.journal.rules import Ending, Event
from skola.ground.tenants.models import Tenant

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
Repeats = dict[str, list[Repeat]]


def write(subject: UUID | None = None, kind: str = "objection", **detail: str) -> None:
    journal_api.write(kind, subject=subject or uuid7(), at=NOW, detail=detail)


def endings(journal: Book) -> dict[int, str]:
    return {one.told.of: one.told.end for one in journal.lines() if isinstance(one.told, Ending)}


def lose_everything() -> None:
    """The database is an older one: it has none of the positions."""
    Position.objects.all().delete()


def move_away() -> None:
    """The database is another one than when it was opened."""
    Binding.objects.update(database="7.7")


def test_an_event_is_on_the_disk_before_its_transaction_commits(
    journal: Book, tenant: Tenant
) -> None:
    with transaction.atomic():
        write()
        inside = journal.lines()
        assert endings(journal) == {}

    assert [type(line.told) for line in inside] == [Event]
    assert endings(journal) == {1: "granted"}
    assert list(Position.objects.values_list("number", "mac")) == [(1, inside[0].mac)]


def test_an_event_outside_of_a_transaction_is_refused(journal: Book, tenant: Tenant) -> None:
    with pytest.raises(journal_api.NoTransactionError):
        write()

    assert journal.lines() == []


def test_an_unknown_kind_is_refused(journal: Book, tenant: Tenant) -> None:
    with pytest.raises(UnknownKindError), transaction.atomic():
        write(kind="erasure")
    with pytest.raises(UnknownKindError):
        journal_api.replays("erasure")


@transaction.atomic
def decide(tenant: Tenant) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(name="changed")
    write()


def test_without_a_journal_nothing_is_decided(journal: Book, tenant: Tenant) -> None:
    (journal.folder / "journal.json").unlink()

    with pytest.raises(MissingError):
        decide(tenant)

    tenant.refresh_from_db()
    assert tenant.name != "changed"


def test_an_event_that_was_rolled_back_is_void(journal: Book, tenant: Tenant) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    found = settle(journal)

    assert (found.granted, found.unknown) == ((), ())
    assert endings(journal) == {1: "void"}


def test_an_event_of_a_savepoint_that_was_rolled_back_is_void(
    journal: Book, tenant: Tenant
) -> None:
    with transaction.atomic():
        write()
        with transaction.atomic():
            write()
            transaction.set_rollback(True)

    settle(journal)

    assert endings(journal) == {1: "granted", 2: "void"}


def test_a_crash_between_commit_and_confirmation_loses_nothing(
    journal: Book, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skola.ground.journal.actions._confirm", lambda *_: None)
    with transaction.atomic():
        write()
    assert endings(journal) == {}

    found = settle(journal)

    assert [line.number for line in found.granted] == [1]
    assert endings(journal) == {1: "granted"}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_by(work: Callable[[], None]) -> int:
    """Run ``work`` in a child with a connection of its own; return the signal that ended it."""
    child = os.fork()
    if not child:
        # the parent's connection is only put aside: closing it here would close it there
        _aside, connection.connection = connection.connection, None
        vars(connections["default"])["_told"] = None
        try:
            work()
        finally:
            os._exit(1)
    return -os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_around_the_commit_an_event_is_void_or_granted(
    journal: Book, tenant: Tenant, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The process is really killed: before it commits, or between commit and confirmation."""

    def work() -> None:
        monkeypatch.setattr("skola.ground.journal.actions._confirm", lambda *_: die())
        with transaction.atomic():
            write()
            if when == "before":
                die()

    assert killed_by(work) == signal.SIGKILL
    assert endings(journal) == {}

    settled = {}
    for _ in range(100):  # the server notices a moment later that its client is gone
        settle(journal)
        if settled := endings(journal):
            break
        time.sleep(0.05)

    assert settled == {1: "void" if when == "before" else "granted"}
    assert Position.objects.exists() == (when == "after")


def test_an_event_under_way_is_left_alone(journal: Book, tenant: Tenant) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            other.set_autocommit(False)
            cursor.execute("select pg_current_xact_id()")
            number = cursor.fetchone()[0]
            with transaction.atomic():
                write()
            told = journal.lines()[0].told
            assert isinstance(told, Event)
            place = told.where.rpartition("/")[0]
            running = Event(tenant.pk, NOW, "objection", "", {}, f"{place}/{number}")
            line = journal.append(running, now=NOW)

            assert [one.number for one in settle(journal).granted] == [1]
            assert line.number not in endings(journal)
        other.rollback()
    finally:
        other.close()

    settle(journal)
    assert endings(journal)[line.number] == "void"


def test_a_new_installation_is_open(journal: Book, tenant: Tenant) -> None:
    demand_open(now=NOW)

    bound = Binding.objects.get()
    assert (bound.journal, bound.opened_at) == (journal.head().journal, NOW)


def test_a_database_that_lacks_an_event_is_closed(journal: Book, tenant: Tenant) -> None:
    demand_open(now=NOW)
    with transaction.atomic():
        write()
    demand_open(now=NOW)
    lose_everything()

    with pytest.raises(ClosedError, match=r"1 events that the database does not know.*replay"):
        demand_open(now=NOW)


def test_a_restored_copy_is_closed_even_if_nothing_happened_since(
    journal: Book, tenant: Tenant
) -> None:
    demand_open(now=NOW)
    move_away()

    with pytest.raises(ClosedError, match=r"restored copy.*skola replay"):
        demand_open(now=NOW)


def test_a_missing_journal_closes_and_says_what_to_do(journal: Book, tenant: Tenant) -> None:
    demand_open(now=NOW)
    journal.folder.rename(journal.folder.with_name("elsewhere"))

    with pytest.raises(ClosedError, match=r"SKOLA_JOURNAL.*who was erased.*--journal-lost"):
        demand_open(now=NOW)


def test_another_journal_closes(journal: Book, tenant: Tenant) -> None:
    demand_open(now=NOW)
    Binding.objects.update(journal="another")

    with pytest.raises(ClosedError, match="not the one of this database"):
        demand_open(now=NOW)


def test_a_journal_that_lost_its_end_closes(journal: Book, tenant: Tenant) -> None:
    demand_open(now=NOW)
    for _ in range(2):
        with transaction.atomic():
            write()
    (file,) = journal.folder.glob("*.jsonl")
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:2]))

    with pytest.raises(ClosedError, match="ends with number 2; the database knows number 3"):
        demand_open(now=NOW)


def test_a_journal_inside_the_data_folder_is_refused(
    journal: Book, tenant: Tenant, settings: pytest.FixtureRequest
) -> None:
    settings.DATA = journal.folder.parent  # type: ignore[attr-defined]

    with pytest.raises(ClosedError, match="SKOLA_JOURNAL"):
        demand_open(now=NOW)


def test_an_event_of_a_lost_database_is_unknown_and_never_granted_unasked(
    journal: Book, tenant: Tenant, repeats: Repeats, recorded: list[UUID | None]
) -> None:
    demand_open(now=NOW)
    lost = Event(tenant.pk, NOW, "objection", "", {}, "7.7/00000001/745")
    journal.append(lost, now=NOW)

    behind = compare()
    assert [one.number for one in behind.unknown] == [1]
    with pytest.raises(ClosedError, match="nobody can tell"):
        demand_open(now=NOW)
    journal_api.repeat(behind, subjects=list)
    assert recorded == []
    demand_open(now=NOW)


def test_an_unknown_event_is_repeated_where_that_was_chosen(
    journal: Book, tenant: Tenant, recorded: list[UUID | None]
) -> None:
    journal.append(Event(tenant.pk, NOW, "objection", "", {}, "7.7/00000001/745"), now=NOW)

    journal_api.repeat(compare(), subjects=list, with_unknown=True)

    assert recorded == [None]
    demand_open(now=NOW)


@pytest.fixture
def recorded(repeats: Repeats) -> list[UUID | None]:
    """What a replay repeats here, by subject."""
    found: list[UUID | None] = []

    @journal_api.replays("objection")
    def again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
        with transaction.atomic():
            journal_api.write("objection", subject=subject, at=at)  # stays silent
        found.append(subject)

    return found


def test_a_replay_repeats_what_is_missing_once_and_for_those_who_are_there(
    journal: Book, tenant: Tenant, recorded: list[UUID | None]
) -> None:
    demand_open(now=NOW)
    here, absent, early = uuid7(), uuid7(), uuid7()
    with transaction.atomic():
        write(early)
    with transaction.atomic():
        write(here)
        write(absent)
    Position.objects.filter(number__gt=1).delete()

    (done,) = journal_api.repeat(compare(), subjects=lambda: [uuid7(), here, early])

    assert recorded == [here]
    assert (done.tenant, done.events, done.absent) == (tenant, 2, 1)
    assert compare().missing == ()
    assert [type(line.told) for line in journal.lines()].count(Event) == 3


def test_a_kind_that_nobody_repeats_stops_the_replay_before_it_begins(
    journal: Book, tenant: Tenant, recorded: list[UUID | None]
) -> None:
    here = uuid7()
    with transaction.atomic():
        write(here)
        write(here, kind="rectification")
    lose_everything()

    with pytest.raises(UnknownKindError, match="No room repeats 'rectification'"):
        journal_api.repeat(compare(), subjects=lambda: [here])

    assert recorded == []


def test_a_replay_that_fails_leaves_the_gate_closed(
    journal: Book, tenant: Tenant, repeats: Repeats
) -> None:
    @journal_api.replays("objection")
    def again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
        raise OSError("disk full")

    here = uuid7()
    with transaction.atomic():
        write(here)
    lose_everything()

    with pytest.raises(OSError, match="disk full"):
        journal_api.repeat(compare(), subjects=lambda: [here])
    with pytest.raises(ClosedError):
        demand_open(now=NOW)


def test_a_process_that_runs_notices_that_its_database_was_replaced(
    journal: Book, tenant: Tenant, real_watch: Callable[..., str]
) -> None:
    watch = Watch()
    assert real_watch(watch) == ""
    with transaction.atomic():
        write()
    assert real_watch(watch) == ""
    lose_everything()
    assert real_watch(watch) == ""  # looked at a moment ago

    connection.close()  # as when another database takes its place

    assert "does not know" in real_watch(watch)


def test_a_look_now_and_again_costs_one_query_or_two(
    journal: Book,
    tenant: Tenant,
    monkeypatch: pytest.MonkeyPatch,
    real_watch: Callable[..., str],
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    watch = Watch()
    real_watch(watch)
    with django_assert_num_queries(0):
        real_watch(watch)
    monkeypatch.setattr(watch, "_until", 0)
    with django_assert_num_queries(2):
        real_watch(watch)


def test_a_closed_gate_answers_with_a_plain_page(
    journal: Book, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import Client

    monkeypatch.setattr(Watch, "problem", lambda _watch: "closed")

    answer = Client(HTTP_HOST=f"{tenant.slug}.localhost").get("/")

    assert answer.status_code == 503
    assert b"being put back in order" in answer.content
    assert answer.headers["Retry-After"] == "60"
