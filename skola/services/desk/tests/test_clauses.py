"""What the policies promise about enquiries and calls, tried from outside as their checks say."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.jobs.api import waiting
from skola.ground.people.models import Account, Person
from skola.promises.retention.api import sweep
from skola.services.desk import tasks
from skola.services.desk.models import Call, Enquiry, Message, Recording
from skola.services.desk.tests import make

pytestmark = pytest.mark.usefixtures("tenant", "stand")

Enter = Callable[..., Person]
A_DAY = timedelta(days=1)


def page_of(client: Client, name: str, *args: Any, **query: str) -> str:
    """A page in English, as the reader sees it."""
    address = reverse(f"desk:{name}", args=args)
    asked = client.get(address, query, headers={"accept-language": "en"})
    assert asked.status_code == 200
    return html.unescape(asked.content.decode())


def send_form(client: Client, now: datetime, **told: str) -> None:
    """Fill the public form in and send it, ten seconds after it was opened."""
    with clock.standing_at(now - timedelta(seconds=10)):
        shown = re.search(r'name="shown" value="([^"]+)"', page_of(client, "contact"))
    assert shown is not None
    values = {"topic": "service", "body": "When is it?", "shown": shown[1], **told}
    assert client.post(reverse("desk:contact"), values).status_code == 302


def register(client: Client, channel: str, **told: str) -> int:
    """Staff write an enquiry down; the status of the answer."""
    values = {"channel": channel, "topic": "other", "received_at": "2026-03-02T08:00", **told}
    return client.post(
        reverse("desk:register"), {"body": f"It came by {channel}.", **values}
    ).status_code


@pytest.mark.tenant("kic")
@pytest.mark.keeps("kic-purpose-answer")
def test_a_question_by_the_form_is_answered_to_the_address_given_and_closed(
    client: Client, enter: Enter, now: datetime
) -> None:
    send_form(client, now, email="anna@example.org")
    enquiry = Enquiry.objects.get()

    enter("support")
    answering = reverse("desk:answers", args=[enquiry.pk])
    assert client.post(answering, {"body": "On Monday."}).status_code == 302
    tasks.mail_answer(**waiting()[0])
    closing = reverse("desk:closings", args=[enquiry.pk])
    assert client.post(closing, {"ending": "answered"}).status_code == 302

    assert [(sent.to, "On Monday." in str(sent.body)) for sent in mail.outbox] == [
        (["anna@example.org"], True)
    ]
    assert "Closed on 2 March 2026" in page_of(client, "one", enquiry.pk)


@pytest.mark.tenant("ema")
@pytest.mark.keeps("ema-5.1-channels")
def test_enquiries_of_every_source_stand_in_one_queue_and_are_answered(
    client: Client, enter: Enter, now: datetime
) -> None:
    send_form(client, now, email="anna@example.org")
    enter("support")
    assert register(client, "email", email="anna@example.org") == 302
    for channel in ("phone", "facebook", "in-person", "post", "other"):
        assert register(client, channel) == 302

    queue = page_of(client, "queue")
    for source in ("contact form", "e-mail", "phone", "Facebook", "in person", "post"):
        assert source in queue
    assert Enquiry.objects.count() == 7
    for enquiry in Enquiry.objects.all():
        answering = reverse("desk:answers", args=[enquiry.pk])
        assert client.post(answering, {"body": "Yes."}).status_code == 302
    assert Message.objects.filter(kind="answer").count() == 7


@pytest.mark.tenant("ema")
@pytest.mark.keeps("ema-5.1-data")
def test_an_enquiry_by_phone_needs_no_address_and_makes_no_account(
    client: Client, enter: Enter
) -> None:
    me = enter("support")

    assert register(client, "phone", given_name="Rasa", phone="+370 600 00000") == 302

    assert Enquiry.objects.get().email == ""
    assert [account.person_id for account in Account.objects.all()] == [me.pk]
    assert not Person.objects.exclude(pk=me.pk).exclude(given_name="", email="", phone="").exists()


@pytest.mark.tenant("ema")
@pytest.mark.keeps("ema-5.3-source")
def test_a_message_from_facebook_keeps_the_profile_name_and_nothing_else(
    client: Client, enter: Enter
) -> None:
    enter("support")

    for more in ({"email": "rasa@example.org"}, {"phone": "+370 600 00000"}, {"given_name": "R"}):
        assert register(client, "facebook", profile="rasa.k", **more) == 422
    assert register(client, "facebook", profile="rasa.k") == 302

    kept = Enquiry.objects.get()
    told = (kept.given_name, kept.family_name, kept.email, kept.phone)
    assert (kept.channel, kept.profile, told) == ("facebook", "rasa.k", ("", "", "", ""))


@pytest.mark.tenant("ema")
@pytest.mark.keeps("ema-5.2")
@pytest.mark.parametrize("who", ["the enquirer", "staff"])
def test_an_objection_to_an_open_enquiry_erases_it(
    client: Client, enter: Enter, now: datetime, who: str
) -> None:
    me = enter("support")
    mine = who == "the enquirer"
    enquiry = make.enquiry(person=me if mine else None, body="Forget me.")
    other = make.enquiry(body="Another.")
    route = "mine-objections" if mine else "objections"

    assert client.post(reverse(f"desk:{route}", args=[enquiry.pk])).status_code == 302
    sweep(now=now)

    assert [one.pk for one in Enquiry.objects.all()] == [other.pk]
    assert [message.body for message in Message.objects.all()] == ["Another."]
    assert Person.objects.count() == 2  # who is signed in, and the other enquirer
    assert Entry.objects.filter(kind="desk.enquiry.objected", clause="ema-5.2").count() == 1
    assert client.post(reverse("desk:mine-objections", args=[other.pk])).status_code == 404


@pytest.mark.tenant("ema")
@pytest.mark.keeps("ema-4.5", "ema-4.1.2")
def test_a_call_is_found_by_its_number_and_plays_until_three_years_have_gone(
    client: Client, enter: Enter
) -> None:
    call = make.call(number="+370 600 00000")
    ends = datetime(2029, 3, 3, tzinfo=ZoneInfo("Europe/Vilnius")).astimezone(UTC)
    plays = reverse("desk:plays", args=[call.pk])

    with clock.standing_at(ends - A_DAY):
        sweep(now=ends - A_DAY)
        enter("support", "reviewer")
        assert "2 Mar 2026" in page_of(client, "calls", number="0037060000000")
        assert client.post(plays, {"reason": "quality"}).status_code == 200
    with clock.standing_at(ends):
        sweep(now=ends)
        enter("support", "reviewer")
        assert "no calls of this number" in page_of(client, "calls", number="+37060000000")
        assert client.post(plays, {"reason": "quality"}).status_code == 404
    assert (Call.objects.count(), Recording.objects.count()) == (0, 0)


@pytest.mark.keeps("ilearn-11.h")
def test_only_reviewers_hear_a_recording_each_time_is_audited_and_it_ends(
    client: Client, enter: Enter, now: datetime
) -> None:
    call = make.call()
    plays = reverse("desk:plays", args=[call.pk])
    enter("support", "administrator", "officer")
    assert client.post(plays, {"reason": "quality"}).status_code == 404
    enter("reviewer")
    for _ in range(2):
        assert client.post(plays, {"reason": "complaint"}).status_code == 200
    told = Entry.objects.filter(kind="desk.recording.played")
    assert [entry.detail for entry in told] == [{"reason": "complaint"}] * 2

    later = now + timedelta(days=95)
    with clock.standing_at(later):
        sweep(now=later)
        assert client.post(plays, {"reason": "quality"}).status_code == 404
