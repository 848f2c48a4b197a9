"""A stolen or restored backup brings nobody back (promise-engine 4.8, 5.1)."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from skola.ground.audit.models import Entry
from skola.ground.backup import api as backup
from skola.ground.files import api as files
from skola.ground.files.models import ObjectKey, StoredFile
from skola.ground.journal import api as journal
from skola.ground.journal.book import Book
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import Hold, place_hold
from skola.promises.rights.erasing.actions import erase_person
from skola.services.desk.tests import make as desk
from skola.services.hiring import actions as hiring_actions
from skola.services.hiring.models import Application
from skola.services.hiring.tests import make as hiring
from skola.web.replaying import UndecidedError, begin_anew, replay
from tests.promises.restore.copies import (
    MARK,
    START,
    copy_database,
    drop_database,
    inside_database,
    marked_application,
    owner,
    restored,
    tables_with,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.tenant("ema")]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


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
