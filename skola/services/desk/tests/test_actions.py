from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from skola.ground.audit.models import Entry
from skola.ground.files.models import ObjectKey
from skola.ground.jobs.api import waiting
from skola.ground.people.models import Account, Person
from skola.ground.people.tests.make import account, person
from skola.ground.tenants.api import Tenant, inside
from skola.services.desk import actions, calling, tasks
from skola.services.desk.models import Call, CallTask, Enquiry, Message, Recording
from skola.services.desk.rules import Refusal
from skola.services.desk.tests import make
from skola.services.desk.tests.make import A_DAY, A_DAY_LATER

pytestmark = pytest.mark.usefixtures("tenant")


def test_an_enquiry_makes_a_person_without_name_and_without_account() -> None:
    enquiry = make.enquiry()

    lead = Person.objects.get(pk=enquiry.person_id)
    assert (lead.name, lead.email, lead.phone, lead.status) == ("", "", "", Person.Status.LEAD)
    assert list(Account.objects.all()) == []
    assert (enquiry.name, enquiry.email) == ("Anna Ozola", "anna@example.org")


def test_an_enquiry_of_a_signed_in_person_is_theirs() -> None:
    owner = account().person

    assert make.enquiry(person=owner, channel="account").person == owner
    assert Person.objects.count() == 1


def test_numbers_go_up_and_are_not_given_again_after_erasure() -> None:
    first = make.enquiry(body="one")
    second = make.enquiry(body="two")
    second.delete()

    assert [first.number, make.enquiry(body="three").number] == [1, 3]


def test_numbers_of_tenants_are_apart(tenant: Tenant, other_tenant: Tenant) -> None:
    make.enquiry()
    with inside(other_tenant.pk):
        assert make.enquiry().number == 1


def test_the_same_words_within_a_day_are_one_enquiry() -> None:
    first = make.enquiry()
    again = make.enquiry(at=A_DAY + timedelta(hours=23))
    later = make.enquiry(at=A_DAY + timedelta(hours=24))

    assert again == first
    assert later != first


def test_the_audit_of_an_enquiry_holds_no_words_of_it() -> None:
    enquiry = make.enquiry()

    entry = Entry.objects.get(kind="desk.enquiry.received")
    assert entry.detail == {"channel": "web", "topic": "service"}
    assert entry.target == f"desk.enquiry:{enquiry.pk}"
    assert "Anna" not in str(entry.__dict__)


def test_an_answer_goes_to_the_given_address_once() -> None:
    enquiry = make.enquiry(at=datetime(2026, 3, 1, 22, 30, tzinfo=UTC))  # after midnight in Riga
    message = actions.answer(
        enquiry, body="On the first of May.", author=person(), by="staff", now=A_DAY_LATER
    )
    assert waiting() == [{"message": str(message.pk)}]
    assert mail.outbox == []

    tasks.mail_answer(str(message.pk))
    tasks.mail_answer(str(message.pk))

    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["anna@example.org"], f"Answer to your enquiry {enquiry.label}")
    ]
    assert "On the first of May." in str(mail.outbox[0].body)
    assert "You asked us on 2 March 2026." in str(mail.outbox[0].body)
    message.refresh_from_db()
    assert message.mailed_at is not None


def test_an_answer_without_an_address_waits_for_no_mail() -> None:
    enquiry = make.enquiry(email="", channel="in-person")

    actions.answer(enquiry, body="As I said.", author=person(), by="staff", now=A_DAY_LATER)

    assert waiting() == []


def test_an_answer_erased_before_its_mail_left_is_not_sent() -> None:
    enquiry = make.enquiry()
    message = actions.answer(enquiry, body="…", author=person(), by="staff", now=A_DAY_LATER)
    enquiry.delete()

    tasks.mail_answer(str(message.pk))

    assert mail.outbox == []


def test_a_closed_enquiry_is_not_answered_and_nothing_changes() -> None:
    enquiry = make.enquiry()
    actions.close(enquiry, ending="answered", by="staff", now=A_DAY_LATER)

    with pytest.raises(actions.ClosedError):
        actions.answer(enquiry, body="…", author=person(), by="staff", now=A_DAY_LATER)
    with pytest.raises(actions.ClosedError):
        actions.close(enquiry, ending="spam", by="staff", now=A_DAY_LATER)

    assert [message.kind for message in Message.objects.all()] == ["question"]
    assert Enquiry.objects.get().ending == "answered"


def test_writing_again_opens_a_closed_enquiry() -> None:
    owner = person()
    enquiry = make.enquiry(person=owner)
    actions.close(enquiry, ending="answered", by="staff", now=A_DAY)

    actions.write_again(enquiry, body="And in June?", person=owner, by="me", now=A_DAY_LATER)

    enquiry.refresh_from_db()
    assert (enquiry.closed_at, enquiry.ending) == (None, "")
    assert enquiry.last_message_at == A_DAY_LATER


def test_an_enquiry_closed_before_it_came_is_refused_by_the_database() -> None:
    enquiry = make.enquiry()

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.close(enquiry, ending="answered", by="staff", now=A_DAY - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("announced", "role", "because"),
    [(False, "consultant", Refusal.UNANNOUNCED), (True, "other", Refusal.NOT_ADVICE)],
)
def test_a_recording_that_may_not_be_is_refused_with_an_audit_entry(
    announced: bool, role: str, because: Refusal
) -> None:
    line = make.line(announced=announced, callee_role=role)
    rung = calling.Rung(line, "incoming", "+37129000300", A_DAY)

    done = calling.import_call(rung, audio=make.sound(), by="staff", now=A_DAY)

    assert (done.call, done.refusal) == (None, because)
    entry = Entry.objects.get()
    assert (entry.kind, entry.clause) == ("desk.recording.refused", "ema-4.3")
    assert list(Call.objects.all()) + list(ObjectKey.objects.all()) == []


def test_a_call_without_sound_is_logged_on_any_line() -> None:
    found = make.call(on=make.line(announced=False), recorded=False)

    assert (found.number, found.seconds) == ("+37129000300", 90)
    assert list(Recording.objects.all()) == []


def test_a_call_back_is_linked_with_the_voicemail_it_answers() -> None:
    line = make.line()
    left = make.call(on=line, direction="voicemail", kind="voicemail")
    back = make.call(on=line, direction="outgoing", number="00371 29000300", at=A_DAY_LATER)
    again = make.call(on=line, direction="outgoing", at=A_DAY_LATER + timedelta(hours=1))

    assert (back.answers, again.answers) == (left, None)
    assert Recording.objects.count() == 3


def test_a_recording_takes_its_key_along_and_leaves_its_day_behind() -> None:
    found = make.call()
    task = calling.note_task(
        found, text="Send the timetable.", author=person(), by="staff", now=A_DAY
    )
    assert ObjectKey.objects.count() == 1

    Recording.objects.filter(call=found).delete()

    assert list(ObjectKey.objects.all()) == []
    found.refresh_from_db()
    task.refresh_from_db()
    assert task.text == "Send the timetable."
    assert task.recording is None
    assert task.recording_deleted_at is not None
    assert found.recording_deleted_at == task.recording_deleted_at


def test_a_recording_bound_to_a_contract_follows_its_end() -> None:
    customer = person()
    contract = make.contract(customer)
    recording = Recording.objects.get(call=make.call())

    calling.bind_to_contract(recording, contract, by="staff", now=A_DAY)
    recording.refresh_from_db()
    assert (recording.kind, recording.person, recording.contract_closed_at) == (
        "oral-agreement",
        customer,
        None,
    )

    contract.closed_at, contract.ending = A_DAY_LATER, "staff"
    contract.save(update_fields=["closed_at", "ending"])
    recording.refresh_from_db()
    assert recording.contract_closed_at == A_DAY_LATER


def test_playing_is_in_the_audit_with_its_reason() -> None:
    recording = Recording.objects.get(call=make.call())

    calling.play(recording, reason="quality", by="reviewer", now=A_DAY)

    entry = Entry.objects.get(kind="desk.recording.played")
    assert (entry.by, entry.detail, entry.target) == (
        "reviewer",
        {"reason": "quality"},
        f"desk.recording:{recording.pk}",
    )


def test_a_task_is_done_once() -> None:
    task = calling.note_task(make.call(), text="Ring back.", author=person(), by="staff", now=A_DAY)

    calling.finish_task(task, by="staff", now=A_DAY_LATER)

    assert CallTask.objects.get().done_at == A_DAY_LATER
