"""A stolen or restored backup brings nobody back (promise-engine 4.8, 5.1; law L20)."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skola.ground.audit.models import Entry
from skola.ground.backup import api as backup
from skola.ground.files import api as files
from skola.ground.files.models import DoomedObject, ObjectKey, StoredFile
from skola.ground.journal import api as journal
from skola.ground.journal.book import Book
from skola.ground.journal.gate import Watch
from skola.ground.people.models import Finding, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import (
    Hold,
    place_hold,
    record_state,
    release_hold,
    sweep,
)
from skola.promises.retention.models import Fact, StateFact
from skola.promises.rights.erasing.actions import erase_person
from skola.services.desk.actions import erase_on_objection
from skola.services.desk.models import Enquiry
from skola.services.desk.tests import make as desk
from skola.services.hiring import actions as hiring_actions
from skola.services.hiring.models import Application
from skola.services.hiring.tests import make as hiring
from skola.web.replaying import UndecidedError, begin_anew, replay
from skola.web.signup import find_fault, put_right
from tests.promises.restoring import (
    START,
    copy_database,
    drop_database,
    inside_database,
    owner,
    positions,
    restored,
    tables_with,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.tenant("ema")]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MARK = "Zvirbulis-7f3a"
CONSENT = "consent:newsletter"


@pytest.fixture
def the_gate_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the gate opens and closes by itself; only its look at each session is left out."""
    monkeypatch.setattr(Watch, "problem", lambda _watch: "")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The journal, the backups, their keys, and the objects: each in a folder of its own."""
    settings.DATA = tmp_path / "data"
    settings.JOURNAL = tmp_path / "journal"
    settings.BACKUPS = tmp_path / "backups"
    settings.BACKUP_KEYS = tmp_path / "keys"
    before = storages._storages.get("objects")  # type: ignore[attr-defined]  # as Django's own tests do
    storages._storages["objects"] = storages.create_storage(  # type: ignore[attr-defined]
        {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "data" / "objects"},
        }
    )
    yield tmp_path
    if before is not None:
        storages._storages["objects"] = before  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def opened(tenant: Tenant, place: Path) -> None:
    """The installation was open before its disaster."""
    journal.demand_open(now=START)


def marked_application() -> Application:
    """An application whose every trace carries the mark, with a document."""
    made = hiring.application(hiring.vacancy(at=START), family_name=MARK, at=START)
    StoredFile.objects.update(name=f"{MARK}.pdf")
    return made


def test_who_was_erased_after_the_backup_is_found_nowhere_after_the_replay(
    tenant: Tenant, place: Path
) -> None:
    gone = marked_application()
    name = StoredFile.objects.get().stored_as
    kept = hiring.application(gone.vacancy, family_name="Kept", at=START)
    made = backup.back_up(now=START + HOUR)
    hiring_actions.withdraw(gone, by="candidate", now=START + 2 * HOUR)
    files.erase_objects(now=START + 2 * HOUR)
    assert not files.object_exists(name)

    with restored(made, keys=True, now=START + DAY):
        assert tables_with(MARK) >= {"hiring_application", "files_storedfile"}
        assert files.object_exists(name)
        assert ObjectKey.objects.filter(stored_as=name).exists()
        with pytest.raises(journal.ClosedError):
            journal.demand_open(now=START + DAY)

        replay(now=START + DAY)
        files.erase_objects(now=START + DAY)

        journal.demand_open(now=START + DAY)
        assert tables_with(MARK) == set()
        assert not ObjectKey.objects.filter(stored_as=name).exists()
        assert not files.object_exists(name)
        assert [one.family_name for one in Application.objects.all()] == ["Kept"]
        assert Person.objects.filter(pk=kept.person_id).exists()
        assert files.open_file(StoredFile.objects.get()).read() == b"%PDF-1.4 what I did"


@pytest.mark.parametrize("days", [1, 7, 35])
def test_a_backup_of_any_age_opens_with_the_journal_and_not_without(
    tenant: Tenant, place: Path, days: int
) -> None:
    gone = marked_application()
    made = backup.back_up(now=START)
    hiring_actions.withdraw(gone, by="candidate", now=START + HOUR)
    now = START + timedelta(days=days)
    backup.prune(now=now - HOUR)
    assert made.keys.exists() == (days <= 7)

    with restored(made, keys=made.keys.exists(), now=now):
        (place / "journal").rename(place / "away")
        with pytest.raises(journal.ClosedError, match="no privacy journal"):
            journal.demand_open(now=now)
        with pytest.raises(journal.ClosedError, match="no privacy journal"):
            replay(now=now)
        assert tables_with(MARK)

        (place / "away").rename(place / "journal")
        replay(now=now)
        journal.demand_open(now=now)
        assert tables_with(MARK) == set()
        with inside(tenant.pk):
            entry = Entry.objects.get(kind="web.backup.replayed")
        assert entry.detail == {"events": 1, "absent": 0, "restored": True}


def test_a_person_erased_by_right_is_found_nowhere_after_the_replay(
    tenant: Tenant, place: Path
) -> None:
    somebody = people.account(email=f"{MARK}@example.org").person
    Person.objects.filter(pk=somebody.pk).update(given_name=MARK, family_name=MARK, phone=MARK)
    desk.enquiry(person=somebody, email=f"{MARK}@example.org", body=MARK, at=START)
    made = backup.back_up(now=START + HOUR)
    erase_person(somebody.pk, reason="asked", by="officer", now=START + 2 * HOUR)
    assert tables_with(MARK) == set()

    with restored(made, keys=True, now=START + DAY):
        assert tables_with(MARK) >= {"people_person", "people_account", "desk_enquiry"}
        replay(now=START + DAY)
        assert tables_with(MARK) == set()
        journal.demand_open(now=START + DAY)


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


def test_what_is_in_a_newer_backup_is_linked_and_whole(tenant: Tenant) -> None:
    marked_application()
    first = backup.back_up(now=START)
    second = backup.back_up(now=START + DAY)
    name = StoredFile.objects.get().stored_as

    assert (first.folder / "objects" / name).samefile(second.folder / "objects" / name)
    backup.prune(now=START + 35 * DAY)
    backup.check(second.folder)


def test_lines_of_the_journal_go_with_the_oldest_backup(tenant: Tenant, place: Path) -> None:
    somebody = people.person()
    record_state(somebody.pk, CONSENT, is_open=True, at=START)
    record_state(somebody.pk, CONSENT, is_open=False, at=START)
    book = journal.book()
    (file,) = book.folder.glob("*.jsonl")
    march = book.folder / "2020-03.jsonl"
    file.rename(march)
    record_state(somebody.pk, CONSENT, is_open=True, at=START)
    record_state(somebody.pk, CONSENT, is_open=False, at=START)
    backup.back_up(now=datetime(2020, 3, 31, tzinfo=START.tzinfo))

    journal.forget_before(backup.needed_from(START))
    assert march.exists()

    backup.prune(now=START)
    journal.forget_before(backup.needed_from(START))
    assert not march.exists()
    assert positions() == {3}
    journal.demand_open(now=START)


def test_a_lost_journal_is_somebodys_decision_and_stands_in_the_audit(
    tenant: Tenant, place: Path
) -> None:
    with pytest.raises(UndecidedError, match="not lost"):
        begin_anew(now=START)
    somebody = people.person()
    place_hold(reason="claim", person_id=somebody.pk, by="officer", now=START)
    shutil.rmtree(place / "journal")
    with pytest.raises(journal.ClosedError):
        journal.demand_open(now=START)

    begin_anew(now=START)

    journal.demand_open(now=START)
    assert Entry.objects.filter(kind="web.backup.journal_lost").count() == 1


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "place",
                "place for category",
                "place on object",
                "release",
                "consent",
                "withdraw consent",
                "forget file",
                "withdraw application",
                "object",
                "find",
                "put right",
                "erase",
            ]
        ),
        st.integers(0, 3),
    ),
    max_size=8,
)
PRIVATE = {"consent", "find"}
"""What is no decision to be repeated: it is lost with the database, as all new data are."""


class World:
    """Four people with everything that a decision can be about."""

    def __init__(self) -> None:
        self.people = [people.person(given_name=f"Person {n}") for n in range(4)]
        vacancy = hiring.vacancy(at=START)
        self.applications = [hiring.application(vacancy, at=START).pk for _ in range(4)]
        self.enquiries = [
            desk.enquiry(person=None, email=f"{n}@example.org", at=START).pk for n in range(4)
        ]
        self.files = [one.pk for one in StoredFile.objects.order_by("pk")]
        for one in self.people:
            record_state(one.pk, "account.open", is_open=True, at=START)

    def step(self, what: str, number: int, now: datetime) -> None:
        person = Person.objects.filter(pk=self.people[number].pk).first()
        if person is None:
            return
        held = Hold.objects.filter(released_at=None).order_by("pk").first()
        found = Finding.objects.filter(person=person, closed_at=None).first()
        application = Application.objects.filter(pk=self.applications[number]).first()
        enquiry = Enquiry.objects.filter(pk=self.enquiries[number]).first()
        stored = StoredFile.objects.filter(pk=self.files[number]).first()
        if what == "place":
            place_hold(reason="claim", person_id=person.pk, by="officer", now=now)
        elif what == "place for category":
            place_hold(
                reason="claim",
                person_id=person.pk,
                category="contact",
                ends_at=now + 10 * DAY,
                by="officer",
                now=now,
            )
        elif what == "place on object" and application:
            place_hold(reason="claim", target=application, by="officer", now=now)
        elif what == "release" and held:
            release_hold(held, by="officer", now=now)
        elif what == "consent":
            record_state(person.pk, CONSENT, is_open=True, at=now)
        elif what == "withdraw consent":
            record_state(person.pk, CONSENT, is_open=False, at=now)
        elif what == "forget file" and stored:
            files.forget(stored, by="author", now=now)
        elif what == "withdraw application" and application:
            hiring_actions.withdraw(application, by="candidate", now=now)
        elif what == "object" and enquiry:
            erase_on_objection(enquiry, by="enquirer", now=now)
        elif what == "find" and not found:
            find_fault(person, Finding.Kind.INACCURATE, reason="", by="officer", now=now)
        elif what == "erase":
            erase_person(person.pk, reason="asked", by="officer", now=now)
        elif what == "put right" and found:
            put_right(found, by="officer", now=now)


def facts() -> dict[str, list[Any]]:
    """Everything that matters to people's privacy in this database."""
    return {
        "people": list(Person.objects.order_by("pk").values("pk", "given_name", "email", "phone")),
        "holds": list(
            Hold.objects.order_by("pk").values(
                "pk", "person", "category", "object_id", "starts_at", "ends_at", "released_at"
            )
        ),
        "states": list(
            StateFact.objects.order_by("person", "state").values(
                "person", "state", "is_open", "ended_at"
            )
        ),
        "facts": list(
            Fact.objects.order_by("person", "event").values("person", "event", "last_at")
        ),
        "files": list(StoredFile.objects.order_by("pk").values_list("pk")),
        "keys": list(ObjectKey.objects.order_by("file").values_list("file")),
        "applications": list(Application.objects.order_by("pk").values("pk", "email")),
        "enquiries": list(Enquiry.objects.order_by("pk").values("pk", "email")),
        "findings": list(Finding.objects.order_by("pk").values("pk", "closed_at")),
    }


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=STEPS, after=STEPS, later=st.sampled_from([1, 40, 400, 3000]))
def test_l20_restore_replay_and_sweep_is_the_state_without_the_disaster(
    tenant: Tenant, place: Path, before: list[Step], after: list[Step], later: int
) -> None:
    world = World()
    for number, (what, whom) in enumerate(before, start=1):
        world.step(what, whom, START + number * HOUR)
    copy = f"{owner()['NAME']}_l20"
    copy_database(copy)
    since = START + DAY
    for number, (what, whom) in enumerate(after, start=1):
        if what not in PRIVATE:
            world.step(what, whom, since + number * HOUR)
    now = since + timedelta(days=later)
    sweep(now=now)
    expected = facts()

    try:
        with inside_database(copy):
            with pytest.raises(journal.ClosedError):
                journal.demand_open(now=now)
            replay(now=now)
            assert facts() == expected
            journal.demand_open(now=now)
            replay(now=now)
            assert facts() == expected
    finally:
        drop_database(copy)
        _empty_again(tenant)


def _empty_again(tenant: Tenant) -> None:
    """The next example begins with nobody; its events stay in the journal, as they would."""
    with transaction.atomic():
        for model in (Application, Enquiry, Hold, StateFact, Fact, Finding, StoredFile, Person):
            model.objects.all().delete()
        DoomedObject.objects.all().delete()


def test_events_of_a_crash_that_took_the_database_wait_for_a_decision(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between commit and confirmation, and the database lost in the same moment."""
    somebody = people.person()
    copy = f"{owner()['NAME']}_lost"
    copy_database(copy)
    monkeypatch.setattr("skola.ground.journal.actions._confirm", lambda *_: None)
    place_hold(reason="claim", person_id=somebody.pk, by="officer", now=START)

    try:
        with inside_database(copy):
            with pytest.raises(UndecidedError, match=r"(?s)hold\.on.*--undecided repeat"):
                replay(now=START)
            assert not Hold.objects.exists()
            replay(now=START, with_unknown=True)
            assert Hold.objects.get().person_id == somebody.pk
            journal.demand_open(now=START)
    finally:
        drop_database(copy)


def test_a_crash_after_the_commit_loses_nothing_while_the_database_lives(
    tenant: Tenant, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody = people.person()
    copy = f"{owner()['NAME']}_lost"
    copy_database(copy)
    with monkeypatch.context() as killed:
        killed.setattr("skola.ground.journal.actions._confirm", lambda *_: None)
        place_hold(reason="claim", person_id=somebody.pk, by="officer", now=START)
    journal.demand_open(now=START)  # the next start settles it
    assert len(Book(place / "journal").lines()) == 2

    try:
        with inside_database(copy):
            replay(now=START)
            assert Hold.objects.count() == 1
    finally:
        drop_database(copy)
