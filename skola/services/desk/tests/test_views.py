import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Account, Person
from skola.ground.tenants.api import Tenant, inside
from skola.services.desk import actions, calling
from skola.services.desk.models import Call, CallTask, Enquiry, Line, Recording
from skola.services.desk.tests import make

pytestmark = pytest.mark.usefixtures("tenant", "stand")

Enter = Callable[..., Person]
AT_MOST = 8
ENGLISH = {"accept-language": "en"}


def found_in(page: Any, pattern: str) -> str:
    """The first thing in a page that fits the pattern, as the browser reads it."""
    found = re.search(pattern, page.content.decode())
    assert found is not None
    return html.unescape(found[1])


def filled(client: Client, now: datetime, **changed: str) -> dict[str, str]:
    """A form as a visitor sends it, ten seconds after it was drawn."""
    with clock.standing_at(now - timedelta(seconds=10)):
        page = client.get(reverse("desk:contact"))
    values = {
        "shown": found_in(page, r'name="shown" value="([^"]+)"'),
        "topic": "refund",
        "body": "I want my money back.",
        "email": "anna@example.org",
    }
    return values | changed


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_anybody_asks_and_is_told_the_number(client: Client, now: datetime) -> None:
    sent = client.post(reverse("desk:contact"), filled(client, now), follow=True)

    enquiry = Enquiry.objects.get()
    assert (enquiry.topic, enquiry.channel, enquiry.email) == ("refund", "web", "anna@example.org")
    assert enquiry.notice_version == "2020-08-17"
    assert enquiry.label in sent.content.decode()
    assert list(Account.objects.all()) == []
    assert set(client.cookies) <= {"csrftoken"}


def test_the_form_offers_the_topics_and_links_the_notice(client: Client) -> None:
    page = client.get(reverse("desk:contact")).content.decode()

    assert all(f'value="{topic}"' in page for topic in ("privacy", "dispute", "refund"))
    assert "/privacy/" in page
    assert "2020-08-17" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"website": "https://example.org"}, "do not see"),
        ({"shown": "forged"}, "open for too long"),
        ({"email": "", "phone": ""}, "e-mail address or a phone number"),
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "This is no phone number"),
        ({"topic": "gossip"}, "gossip"),
        ({"body": "x" * 10_001}, "10000"),
        ({"body": ""}, "required"),
    ],
)
def test_a_wrong_form_comes_back_with_what_is_wrong(
    client: Client, now: datetime, changed: dict[str, str], words: str
) -> None:
    answer = client.post(reverse("desk:contact"), filled(client, now, **changed))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert list(Enquiry.objects.all()) == []


def test_a_form_faster_than_reading_is_asked_for_again(client: Client, now: datetime) -> None:
    values = filled(client, now)
    with clock.standing_at(now - timedelta(seconds=9)):
        answer = client.post(reverse("desk:contact"), values)

    assert answer.status_code == 422
    assert "Wait three seconds" in answer.content.decode()


def test_a_stale_form_can_be_sent_again_as_it_is(client: Client, now: datetime) -> None:
    values = filled(client, now, shown="forged")
    page = client.post(reverse("desk:contact"), values)
    again = values | {"shown": found_in(page, r'name="shown" value="([^"]+)"')}

    with clock.standing_at(now + timedelta(minutes=1)):
        assert client.post(reverse("desk:contact"), again).status_code == 302
    assert Enquiry.objects.count() == 1


def test_a_forged_number_is_not_confirmed(client: Client) -> None:
    assert client.get(reverse("desk:received", args=["12:forged"])).status_code == 404


@pytest.mark.tenant("kic")
def test_without_a_purpose_there_is_no_register_of_calls(client: Client, enter: Enter) -> None:
    enter("support", "reviewer")
    call = make.call()

    assert client.get(reverse("desk:contact")).status_code == 200
    assert client.get(reverse("desk:calls")).status_code == 404
    assert client.get(reverse("desk:call", args=[call.pk])).status_code == 404
    assert client.post(reverse("desk:plays", args=[call.pk])).status_code == 404
    assert reverse("desk:calls") not in client.get(reverse("desk:queue")).content.decode()


def test_a_person_sees_their_own_enquiries_only(client: Client, enter: Enter) -> None:
    me = enter()
    mine = make.enquiry(person=me, body="Mine.")
    others = make.enquiry(body="Theirs.")

    page = client.get(reverse("desk:mine")).content.decode()
    assert "Mine." in page
    assert "Theirs." not in page
    assert client.get(reverse("desk:mine-one", args=[mine.pk])).status_code == 200
    assert client.get(reverse("desk:mine-one", args=[others.pk])).status_code == 404


def test_a_note_of_staff_is_not_shown_to_the_enquirer(client: Client, enter: Enter) -> None:
    me = enter()
    mine = make.enquiry(person=me)
    actions.add_note(mine, body="Ask Juris.", author=me, by="staff", now=make.A_DAY)

    page = client.get(reverse("desk:mine-one", args=[mine.pk])).content.decode()
    assert "Ask Juris." not in page


def test_writing_again_adds_to_the_thread(client: Client, enter: Enter) -> None:
    mine = make.enquiry(person=enter())

    client.post(reverse("desk:mine-one", args=[mine.pk]), {"body": "And in June?"})

    assert [message.body for message in mine.messages.order_by("sent_at")][-1] == "And in June?"


def test_a_signed_in_person_is_not_asked_for_a_name(
    client: Client, enter: Enter, now: datetime
) -> None:
    me = enter()
    values = filled(client, now, email="")

    assert client.post(reverse("desk:contact"), values).status_code == 302
    enquiry = Enquiry.objects.get()
    assert (enquiry.person, enquiry.email, enquiry.channel) == (me, me.email, "account")


STAFF_PAGES = ["desk:queue", "desk:register", "desk:calls", "desk:enter-call", "desk:tasks"]


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_staff_pages_do_not_exist_for_others(client: Client, enter: Enter, name: str) -> None:
    assert client.get(reverse(name)).status_code == 302  # to the sign-in page
    enter("learner", "recruiter")
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_staff_pages_say_what_to_do_when_empty(client: Client, enter: Enter, name: str) -> None:
    enter("support")
    assert client.get(reverse(name)).status_code == 200


def test_an_enquiry_of_another_tenant_does_not_exist(
    client: Client, enter: Enter, other_tenant: Tenant
) -> None:
    enter("support", "reviewer")
    with inside(other_tenant.pk):
        foreign = make.enquiry()
        call = make.call()

    assert client.get(reverse("desk:one", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("desk:call", args=[call.pk])).status_code == 404
    for name in ("answers", "notes", "assignments", "closings", "reopenings"):
        address = reverse(f"desk:{name}", args=[foreign.pk])
        assert client.post(address, {"body": "x", "ending": "spam"}).status_code == 404
        assert client.get(address).status_code == 405
    assert client.post(reverse("desk:plays", args=[call.pk])).status_code == 404
    assert client.get(reverse("desk:one", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("channel", ["email", "phone", "in-person", "post", "facebook", "other"])
def test_staff_register_an_enquiry_of_every_channel(
    client: Client, enter: Enter, channel: str
) -> None:
    enter("support")
    values = {
        "channel": channel,
        "received_at": "2026-03-01T10:00",
        "topic": "privacy",
        "body": "What do you hold about me?",
        "email": "anna@example.org" if channel == "email" else "",
    }

    answer = client.post(reverse("desk:register"), values)

    enquiry = Enquiry.objects.get()
    assert answer["Location"] == reverse("desk:one", args=[enquiry.pk])
    assert (enquiry.channel, enquiry.notice_version) == (channel, "")
    assert "What do you hold about me?" in client.get(reverse("desk:queue")).content.decode()


def test_an_enquiry_cannot_have_come_tomorrow(client: Client, enter: Enter) -> None:
    enter("support")
    values = {"channel": "phone", "topic": "other", "body": "?", "received_at": "2026-03-03T10:00"}

    answer = client.post(reverse("desk:register"), values)

    assert answer.status_code == 422
    assert "has not come yet" in answer.content.decode()


def test_an_enquiry_is_taken_answered_closed_and_opened_again(client: Client, enter: Enter) -> None:
    me = enter("support")
    enquiry = make.enquiry()

    def send(name: str, **values: str) -> Enquiry:
        address = reverse(f"desk:{name}", args=[enquiry.pk])
        assert client.post(address, values).status_code == 302
        return Enquiry.objects.get()

    assert send("assignments").assignee == me
    assert send("notes", body="Ask Juris.").messages.count() == 2
    assert send("answers", body="In May.").messages.count() == 3
    assert send("closings", ending="answered").closed_at is not None
    assert send("reopenings").closed_at is None
    page = client.get(reverse("desk:one", args=[enquiry.pk])).content.decode()
    assert [word in page for word in ("In May.", "Ask Juris.", "Anna Ozola")] == [True] * 3


@pytest.mark.parametrize("name", ["answers", "notes"])
def test_an_empty_answer_comes_back(client: Client, enter: Enter, name: str) -> None:
    enter("support")
    enquiry = make.enquiry()

    answer = client.post(reverse(f"desk:{name}", args=[enquiry.pk]), {"body": ""})

    assert answer.status_code == 422


def test_answering_what_was_closed_meanwhile_says_so(client: Client, enter: Enter) -> None:
    enter("support")
    enquiry = make.enquiry()
    actions.close(enquiry, ending="answered", by="staff", now=make.A_DAY)

    answer = client.post(reverse("desk:answers", args=[enquiry.pk]), {"body": "In May."})

    assert answer.status_code == 422


def _calls(count: int) -> Call:
    line = make.line()
    found = [make.call(on=line, at=make.A_DAY - timedelta(hours=n)) for n in range(count)]
    for one in found:
        calling.note_task(one, text="Ring back.", author=_someone(), by="staff", now=make.A_DAY)
    return found[0]


def _someone() -> Person:
    return Person.objects.all()[0]


@pytest.mark.parametrize("count", [1, 30])
def test_pages_ask_the_database_as_often_for_thirty_as_for_one(
    client: Client, enter: Enter, count: int
) -> None:
    me = enter("support", "reviewer")
    made = [make.enquiry(body=f"Question {n}", person=me) for n in range(count)]
    for _ in range(count):
        actions.add_note(made[0], body="Noted.", author=me, by="staff", now=make.A_DAY)
    call = _calls(count)

    counts = {
        name: queries_of(client, reverse(name, args=args))
        for name, args in {
            "desk:contact": [],
            "desk:mine": [],
            "desk:mine-one": [made[0].pk],
            "desk:queue": [],
            "desk:one": [made[0].pk],
            "desk:calls": [],
            "desk:call": [call.pk],
            "desk:tasks": [],
            "desk:enter-call": [],
        }.items()
    }

    frame = queries_of(client, reverse("ui:display"))  # who is it, and how do they read
    assert {name: n - frame for name, n in counts.items() if n - frame > AT_MOST} == {}


def _entered(client: Client, **changed: Any) -> Any:
    values = {
        "direction": "incoming",
        "number": "+371 29000300",
        "started_at": "2026-03-01T10:00",
        "seconds": "60",
        "audio": make.sound(),
        "kind": "quality",
    }
    return client.post(reverse("desk:enter-call"), values | changed)


def test_staff_enter_a_call_with_its_sound(client: Client, enter: Enter) -> None:
    enter("support")
    line = make.line()

    assert _entered(client, line=str(line.pk)).status_code == 302
    assert Recording.objects.get().call == Call.objects.get()


def test_an_unannounced_line_is_refused_in_words(client: Client, enter: Enter) -> None:
    enter("support")
    line = make.line(announced=False)

    answer = _entered(client, line=str(line.pk))

    assert answer.status_code == 422
    assert "does not tell its callers" in answer.content.decode()
    assert [entry.kind for entry in Entry.objects.filter(clause="ema-4.3")] == [
        "desk.recording.refused"
    ]


def test_a_file_that_is_no_sound_is_refused_in_words(client: Client, enter: Enter) -> None:
    enter("support")
    text = SimpleUploadedFile("call.wav", b"not a sound at all")

    answer = _entered(client, line=str(make.line().pk), audio=text)

    assert answer.status_code == 422
    assert "Choose a WAV, MP3 or Ogg file" in answer.content.decode()
    assert list(Call.objects.all()) == []


def test_a_call_is_found_by_its_number_however_it_is_written(client: Client, enter: Enter) -> None:
    enter("support")
    line = make.line()
    make.call(on=line, number="+371 2900 0300")
    make.call(on=line, number="+371 2222 2222")

    page = client.get(reverse("desk:calls"), {"number": "00371 29000300"}).content.decode()

    assert "+37129000300" in page
    assert "+37122222222" not in page


def test_support_sees_a_call_but_does_not_hear_it(client: Client, enter: Enter) -> None:
    enter("support")
    call = make.call()

    page = client.get(reverse("desk:call", args=[call.pk])).content.decode()

    assert "<audio" not in page
    assert reverse("desk:plays", args=[call.pk]) not in page
    assert (
        client.post(reverse("desk:plays", args=[call.pk]), {"reason": "quality"}).status_code == 404
    )


def test_a_reviewer_listens_for_a_reason_and_the_audit_knows(client: Client, enter: Enter) -> None:
    enter("reviewer")
    call = make.call()

    page = client.post(reverse("desk:plays", args=[call.pk]), {"reason": "quality"})

    sound = found_in(page, r'<audio[^>]+src="([^"]+)"')
    assert sound in page.content.decode()
    heard = client.get(sound, headers={"range": "bytes=0-3"})
    assert (heard.status_code, heard["Content-Type"]) == (206, "audio/wav")
    assert b"".join(heard.streaming_content) == b"RIFF"  # type: ignore[attr-defined]  # streamed
    assert Entry.objects.filter(kind="desk.recording.played").count() == 1


def test_a_pass_to_listen_is_for_an_hour_and_for_one_reviewer(
    client: Client, enter: Enter, now: datetime
) -> None:
    enter("reviewer")
    call = make.call()
    other = make.call(on=make.line(number="+2"))
    page = client.post(reverse("desk:plays", args=[call.pk]), {"reason": "quality"})
    sound = found_in(page, r'<audio[^>]+src="([^"]+)"')

    assert client.get(sound.replace(str(call.pk), str(other.pk))).status_code == 404
    assert client.get(f"{sound[:-2]}x/").status_code == 404
    with clock.standing_at(now + timedelta(hours=1, seconds=5)):
        assert client.get(sound).status_code == 404
    enter("reviewer")
    assert client.get(sound).status_code == 404


def test_a_recording_is_not_opened_by_its_address_among_the_files(
    client: Client, enter: Enter
) -> None:
    enter("reviewer", "administrator")
    recording = Recording.objects.get(call=make.call())

    assert client.get(f"/files/{recording.audio_id}/").status_code == 404


def test_a_task_shows_that_its_recording_has_gone(client: Client, enter: Enter) -> None:
    enter("support")
    call = make.call()
    client.post(reverse("desk:call-tasks", args=[call.pk]), {"text": "Send the timetable."})
    Recording.objects.all().delete()

    page = client.get(reverse("desk:tasks")).content.decode()
    assert "Send the timetable." in page
    assert "recording deleted on" in page
    client.post(reverse("desk:task-done", args=[CallTask.objects.get().pk]))
    assert "Send the timetable." not in client.get(reverse("desk:tasks")).content.decode()


def test_today_says_what_waits_for_staff_and_for_the_enquirer(client: Client, enter: Enter) -> None:
    staff = enter("support")
    late = make.enquiry(at=make.A_DAY - timedelta(days=9))
    make.enquiry(body="Another question.")
    assert "2 enquiries wait" in text_of(client.get("/", headers=ENGLISH))
    assert "1 of them is late." in text_of(client.get("/", headers=ENGLISH))

    actions.answer(late, body="Yes.", author=staff, by="staff", now=make.A_DAY_LATER)
    assert "1 enquiry waits" in text_of(client.get("/", headers=ENGLISH))

    me = enter()
    mine = make.enquiry(person=me, body="Mine.")
    actions.answer(mine, body="Yes.", author=staff, by="staff", now=make.A_DAY_LATER)
    assert f"We answered your enquiry {mine.label}" in text_of(client.get("/", headers=ENGLISH))


def text_of(page: Any) -> str:
    """What a page says, without markup and with single spaces."""
    said = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", html.unescape(said))


def test_lines_are_kept_by_administrators_and_the_officer(client: Client, enter: Enter) -> None:
    enter("support", "reviewer")
    assert client.get(reverse("desk:lines")).status_code == 404

    enter("officer")
    values = {"name": "Advice", "number": "+371 67000000", "callee_role": "consultant"}
    assert client.post(reverse("desk:lines"), values | {"announced": "on"}).status_code == 302
    made = Line.objects.get()
    assert (made.number, made.announced) == ("+37167000000", True)
    assert "Advice" in client.get(reverse("desk:lines")).content.decode()

    assert client.post(reverse("desk:lines"), values).status_code == 422  # the number is taken
    address = reverse("desk:line", args=[made.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, values | {"number": "none"}).status_code == 422
    assert client.post(address, values).status_code == 302
    assert Line.objects.get().announced is False
    told = Entry.objects.filter(kind="desk.line.set_up").order_by("at", "pk")
    assert [entry.detail["announced"] for entry in told] == [True, False]


def test_a_line_of_another_tenant_does_not_exist(
    client: Client, enter: Enter, other_tenant: Tenant
) -> None:
    enter("administrator")
    with inside(other_tenant.pk):
        foreign = make.line()

    assert client.get(reverse("desk:line", args=[foreign.pk])).status_code == 404
