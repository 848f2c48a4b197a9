"""An erasure takes everything but what a law or a hold keeps, and says so."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from skola.ground.audit.models import Entry, SubjectKey
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.files import api as files
from skola.ground.files.models import DoomedObject, FilePart, ObjectKey, StoredFile
from skola.ground.journal.api import book
from skola.ground.journal.rules import Event
from skola.ground.people.models import Account, Guardianship, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import as_engine, place_hold, release_hold, sweep
from skola.promises.retention.models import Fact
from skola.promises.rights.erasing import actions
from skola.promises.rights.erasing.actions import (
    NobodyError,
    erase_again,
    erase_person,
    finish,
    preview,
)
from skola.promises.rights.erasing.probe import probe
from skola.promises.rights.models import Erasure
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Course, Enrolment
from skola.services.courses.tests import make as courses
from skola.services.desk.models import Call, Enquiry, Message
from skola.services.desk.tests import make as desk
from skola.services.exams.models import Answer, Attempt
from skola.services.exams.tests import make as exams

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


def erase(person: Person, now: datetime) -> Erasure:
    return erase_person(person.pk, reason="asked", by="system", now=now)


def customer(now: datetime) -> Person:
    """Somebody with rows in several rooms, an invoice among them."""
    account = people.account(email="ilze@example.org")
    courses.enrolment(courses.course(), account.person)
    billing.invoice(account.person, at=now)
    desk.enquiry(person=account.person, at=now)
    return account.person


def test_everything_goes_but_what_the_law_keeps(tenant: Tenant, now: datetime) -> None:
    person = customer(now)

    receipt = erase(person, now + LATER)

    assert receipt.erased == {
        "identity": 1,
        "contact": 1,
        "credentials": 1,
        "enquiry": 1,
        "learning": 1,
    }
    assert [(line["category"], line["count"]) for line in receipt.kept] == [("accounting", 1)]
    (reason,) = receipt.kept[0]["reasons"]
    assert reason["id"] == "invoices"
    assert reason["law"] == {"en": "Accounting Act of Latvia", "lv": "Grāmatvedības likums"}
    assert receipt.kept[0]["until"] == "2031-03-02T22:00:00+00:00"
    person.refresh_from_db()
    assert (person.given_name, person.family_name, person.email) == ("", "", "")
    assert not Enrolment.objects.exists()
    assert not Enquiry.objects.exists()
    assert not Account.objects.exists()


def test_what_is_kept_goes_with_the_sweep_on_the_day_its_reason_ends(
    tenant: Tenant, now: datetime
) -> None:
    person = customer(now)
    until = datetime.fromisoformat(erase(person, now + LATER).kept[0]["until"])

    sweep(now=until - timedelta(seconds=1))
    assert Invoice.objects.filter(person=person).exists()
    sweep(now=until)
    assert not Invoice.objects.exists()
    assert not Person.objects.filter(pk=person.pk).exists()
    assert not SubjectKey.objects.filter(person_ref=person.pk).exists()


def test_without_a_reason_to_keep_nothing_is_left(tenant: Tenant, now: datetime) -> None:
    person = people.account().person
    courses.enrolment(courses.course(), person)

    receipt = erase(person, now)

    assert receipt.kept == []
    assert probe(person.pk) == []
    assert Entry.objects.get(pk=receipt.entries[0]).detail["erased"] == receipt.erased


def told_of(tenant: Tenant) -> list[str]:
    """What the journal, in which the tests of every worker write, has of this tenant, in order."""
    told = [line.told for line in book().lines()]
    return [one.kind for one in told if isinstance(one, Event) and one.tenant == tenant.pk]


def test_a_preview_says_the_same_and_changes_nothing(tenant: Tenant, now: datetime) -> None:
    person = customer(now)
    before, told = probe(person.pk), told_of(tenant)

    foreseen = preview(person.pk, now=now + LATER)

    assert probe(person.pk) == before
    assert not Erasure.objects.exists()
    assert told_of(tenant) == told
    receipt = erase(person, now + LATER)
    assert (foreseen.erased, foreseen.kept) == (receipt.erased, receipt.kept)


def test_nobody_elses_rows_are_touched(tenant: Tenant, other_tenant: Tenant, now: datetime) -> None:
    person, second = customer(now), people.account(email="second@example.org").person
    courses.enrolment(Course.objects.get(), second)
    desk.enquiry(person=second, email="second@example.org", at=now)
    with inside(other_tenant.pk):
        far = people.account(email="ilze@example.org").person
        there = probe(far.pk)
    here = probe(second.pk)

    erase(person, now + LATER)

    assert probe(second.pk) == here
    with inside(other_tenant.pk):
        assert probe(far.pk) == there


def test_a_row_about_somebody_else_stays_without_the_person(tenant: Tenant, now: datetime) -> None:
    agent, asker = people.person(), people.person()
    asked = desk.enquiry(person=asker, at=now)
    Enquiry.objects.filter(pk=asked.pk).update(assignee=agent)
    answer = Message.objects.create(
        enquiry=asked, author=agent, kind="answer", body="On Monday.", sent_at=now
    )

    receipt = erase(agent, now)

    answer.refresh_from_db()
    assert (answer.author_id, answer.body) == (None, "On Monday.")
    assert receipt.unlinked == {"enquiry": 1}
    asked.refresh_from_db()
    assert (asked.person_id, asked.assignee_id) == (asker.pk, None)


def test_a_row_that_is_nothing_without_the_person_goes(tenant: Tenant, now: datetime) -> None:
    child, guardian = people.person(), people.person()
    Guardianship.objects.create(child=child, guardian=guardian, powers=["see"], starts_at=now)

    erase(guardian, now)

    assert not Guardianship.objects.exists()
    assert Person.objects.filter(pk=child.pk).exists()


def test_a_course_stays_without_its_author_where_the_policy_says_so(
    tenant: Tenant, now: datetime
) -> None:
    author = people.person()
    made = courses.course(author=author)

    receipt = erase(author, now + LATER)

    made.refresh_from_db()
    assert (made.author_id, made.title) == (None, "First aid at work")
    assert receipt.unlinked == {"authored": 1}
    assert not Person.objects.filter(pk=author.pk).exists()


def test_a_hold_keeps_what_it_covers_and_its_release_lets_it_go(
    tenant: Tenant, now: datetime
) -> None:
    person = customer(now)
    hold = place_hold(
        reason="a claim", person_id=person.pk, category="learning", by="officer", now=now
    )

    receipt = erase(person, now + LATER)

    kept = {line["category"]: line for line in receipt.kept}
    assert set(kept) == {"accounting", "learning"}
    assert kept["learning"]["until"] is None
    assert kept["learning"]["reasons"][0]["id"] == "hold"
    release_hold(hold, by="officer", now=now + 2 * LATER)
    sweep(now=now + 2 * LATER)
    assert not Enrolment.objects.exists()


def test_files_lose_their_keys_at_once_and_their_objects_after(
    tenant: Tenant, now: datetime
) -> None:
    person = people.person()
    call = desk.call(at=now)
    Call.objects.filter(pk=call.pk).update(person=person)
    call.recording.person = person
    call.recording.save()
    name = StoredFile.objects.get().stored_as

    erase(person, now + LATER)

    assert not ObjectKey.objects.exists()
    assert [one.stored_as for one in DoomedObject.objects.all()] == [name]


def test_exams_go_and_a_contested_film_keeps_only_what_it_needs(
    tenant: Tenant, now: datetime
) -> None:
    person, other = people.person(), people.person()
    date = exams.date(exams.exam(term_days=14, at=now), starts_at=now)
    contested = exams.finished(person, on=date, at=now)
    exams.contest(contested, at=now + LATER)
    exams.finished(person, way="room", at=now)
    exams.finished(other, on=date, at=now)

    foreseen = preview(person.pk, now=now + 2 * LATER)
    receipt = erase(person, now + 2 * LATER)

    assert foreseen.kept == receipt.kept
    assert [(one["category"], one["count"]) for one in receipt.kept] == [("exam_video", 1)]
    with as_engine(now + 2 * LATER):
        assert [one.pk for one in Attempt.objects.filter(person=person)] == [contested.pk]
    erase(other, now + 2 * LATER)
    with as_engine(now + 2 * LATER):
        assert not Attempt.objects.filter(person=other).exists()
        assert not Answer.objects.exclude(attempt=contested).exists()


def test_a_file_that_grew_goes_with_its_parts(tenant: Tenant, now: datetime) -> None:
    person = people.person()
    accepts = frozenset({files.Family.VIDEO})
    files.register(files.Kind("test.film", accepts, 0, lambda *_: False))
    film = files.begin(kind="test.film", name="film.webm", by="test", now=now)
    for number in range(2):
        files.append(film, b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", number=number, now=now)
    StoredFile.objects.update(person=person)

    erase(person, now + LATER)

    assert not StoredFile.objects.exists()
    assert not FilePart.objects.exists()


def test_what_comes_after_an_erasure_is_not_covered_by_it(tenant: Tenant, now: datetime) -> None:
    person = customer(now)
    erase(person, now + LATER)
    desk.enquiry(person=person, at=now + 2 * LATER)
    sweep(now=now + 3 * LATER)
    assert Enquiry.objects.filter(person=person).count() == 1


def test_very_many_rows_go_table_by_table_and_can_be_taken_up_again(
    tenant: Tenant, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "TOGETHER", 3)
    person = customer(now)

    def die(_person_id: object) -> int:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(actions, "release_files", die)
        with pytest.raises(ConnectionError):
            erase(person, now + LATER)
    begun = Erasure.objects.get()
    assert begun.finished_at is None
    assert begun.erased["enquiry"] == 1
    with reading_for(ENGINE):
        assert not Enquiry.objects.exists(), "what went before the interruption is gone"

    finish(begun.pk, person.pk, now=now + 2 * LATER)

    begun.refresh_from_db()
    assert begun.finished_at is not None
    assert begun.erased["identity"] == begun.erased["enquiry"] == 1
    assert [line["category"] for line in begun.kept] == ["accounting"]


def test_an_erasure_is_repeated_after_a_restore(tenant: Tenant, now: datetime) -> None:
    person = customer(now)
    with transaction.atomic():
        erase(person, now + LATER)
        transaction.set_rollback(True)
    assert Enquiry.objects.exists()

    for _twice in range(2):
        erase_again(person.pk, granted_at=now + LATER, reason="asked", now=now + 2 * LATER)

    assert not Enquiry.objects.exists()
    assert Fact.objects.get(event="erasure.granted").last_at == now + LATER


def test_an_erasure_stands_in_the_journal(tenant: Tenant, now: datetime) -> None:
    person = people.person()
    erase(person, now)
    assert told_of(tenant)[-1] == "erasure.granted"


def test_nobody_cannot_be_erased(tenant: Tenant, now: datetime) -> None:
    with pytest.raises(NobodyError, match="no person"):
        erase_person(tenant.pk, reason="asked", by="system", now=now)
