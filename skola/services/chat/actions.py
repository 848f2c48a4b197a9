"""Everything that changes a chat, one function each. What is said goes into the enquiry."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.ground.people.api import Person, Preferences, post
from skola.ground.tenants.api import site
from skola.ground.ui import formats
from skola.promises.policy.api import in_force
from skola.services.chat import queries, rules
from skola.services.chat.models import Chat, Hours
from skola.services.desk import api as desk

TRANSCRIPT = "chat.mail_transcript"


class EndedError(Exception):
    """The chat has ended; nothing was added to it."""


@transaction.atomic
def begin(
    asked: desk.Asked,
    sender: desk.Sender,
    *,
    person: Person | None,
    wants_transcript: bool,
    by: str,
    now: datetime,
) -> Chat:
    """Open a chat with its first message. It is an enquiry from the first word on (ema-5.4)."""
    enquiry = _receive(asked, sender, person=person, by=by, now=now)
    chat = Chat.objects.create(
        enquiry=enquiry, begun_at=now, wants_transcript=wants_transcript and bool(sender.email)
    )
    audit.record("chat.chat.begun", target=chat, subject=enquiry.person_id, by=by, at=now)
    return chat


def leave_message(
    asked: desk.Asked, sender: desk.Sender, *, person: Person | None, by: str, now: datetime
) -> desk.Enquiry:
    """Nobody answers now: keep what was asked for the desk, which answers by e-mail."""
    return _receive(asked, sender, person=person, by=by, now=now)


def _receive(
    asked: desk.Asked, sender: desk.Sender, *, person: Person | None, by: str, now: datetime
) -> desk.Enquiry:
    return desk.receive_enquiry(
        asked, sender, person=person, received_at=now, zone=desk.zone(now), by=by, now=now
    )


@transaction.atomic
def say(chat: Chat, *, body: str, person: Person | None, by: str, now: datetime) -> None:
    """The enquirer says something. Raises EndedError after the end."""
    _hold(chat)
    desk.write_again(chat.enquiry, body=body, person=person, by=by, now=now)


@transaction.atomic
def join(chat: Chat, *, agent: Person, by: str, now: datetime) -> None:
    """Somebody of the staff takes the chat, also from a colleague. Raises EndedError."""
    _hold(chat)
    if chat.agent_id == agent.pk:
        return
    chat.agent, chat.joined_at = agent, chat.joined_at or now
    chat.save(update_fields=["agent", "joined_at"])
    desk.take(chat.enquiry, assignee=agent, by=by, now=now)


@transaction.atomic
def answer(chat: Chat, *, body: str, agent: Person, by: str, now: datetime) -> None:
    """Somebody of the staff says something, and has the chat from then on. Raises EndedError."""
    join(chat, agent=agent, by=by, now=now)
    desk.answer(chat.enquiry, body=body, author=agent, by_mail=False, by=by, now=now)


def _hold(chat: Chat) -> None:
    held = Chat.objects.select_for_update().get(pk=chat.pk)
    if held.ended_at is not None:
        raise EndedError(_("This chat has ended."))


def mark_read(chat: Chat, *, now: datetime) -> None:
    """Remember that the enquirer saw our answers; no entry in the audit, it is between the two."""
    Chat.objects.filter(pk=chat.pk).update(read_at=now)
    chat.read_at = now


@transaction.atomic
def ask_for_transcript(chat: Chat, *, email: str, by: str, now: datetime) -> None:
    """Send what was said to this address once the chat has ended, or at once after that."""
    chat.enquiry.email = email
    chat.enquiry.save(update_fields=["email"])
    chat.wants_transcript = True
    chat.save(update_fields=["wants_transcript"])
    audit.record(
        "chat.transcript.asked", target=chat, subject=chat.enquiry.person_id, by=by, at=now
    )
    if chat.ended_at is not None:
        jobs.enqueue(TRANSCRIPT, key=str(chat.pk), chat=chat.pk)


@transaction.atomic
def end(chat: Chat, ending: str, *, done: bool, by: str, now: datetime) -> None:
    """End a chat. ``done`` closes the enquiry, whose term runs from here (ema-5.4).

    What is not done stays open at the desk, and is answered by e-mail where there is an address.
    Ending twice changes nothing.
    """
    if Chat.objects.select_for_update().get(pk=chat.pk).ended_at is not None:
        return
    chat.ended_at, chat.ending = now, ending
    chat.save(update_fields=["ended_at", "ending"])
    enquiry = chat.enquiry
    audit.record(
        "chat.chat.ended",
        target=chat,
        subject=enquiry.person_id,
        by=by,
        at=now,
        detail={"ending": str(ending)},
    )
    if done and enquiry.closed_at is None:
        desk.close(enquiry, ending=desk.Enquiry.Ending.ANSWERED, by=by, now=now)
    if chat.wants_transcript:
        jobs.enqueue(TRANSCRIPT, key=str(chat.pk), chat=chat.pk)


def end_silent(*, by: str, now: datetime) -> int:
    """End the chats in which nobody wrote for half an hour; return how many."""
    silent = Chat.objects.live().filter(enquiry__last_message_at__lte=now - rules.SILENCE)
    found = list(silent.with_turn())
    for chat in found:
        done = getattr(chat, "last_kind", "") == desk.Message.Kind.ANSWER
        end(chat, Chat.Ending.SILENCE, done=done, by=by, now=now)
    return len(found)


@transaction.atomic
def mail_transcript(chat: Chat, *, now: datetime) -> None:
    """Send the enquirer what was said, once."""
    held = Chat.objects.select_for_update().filter(pk=chat.pk, transcript_at=None).first()
    enquiry = chat.enquiry
    if held is None or not held.wants_transcript or not enquiry.email:
        return
    policy = in_force(now).policy
    with translation.override(enquiry.language):
        subject = _("%(service)s: your chat %(number)s") % {
            "service": policy.service.name,
            "number": enquiry.label,
        }
        text = _transcript(chat, policy.service.name, now)
    post(
        person_id=enquiry.person_id,
        address=enquiry.email,
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=text,
        now=now,
        about=TRANSCRIPT,
    )
    held.transcript_at = now
    held.save(update_fields=["transcript_at"])


def _transcript(chat: Chat, service: str, now: datetime) -> str:
    zone = desk.zone(now)
    begun = formats.day(chat.begun_at.astimezone(zone).date())
    lines = [_("What was said in the chat of %(day)s:") % {"day": begun}]
    for message in queries.said_in(chat):
        ours = message.kind == desk.Message.Kind.ANSWER
        name = message.author.given_name if message.author else ""
        who = f"{name} ({service})" if ours and name else service if ours else _("You")
        lines.append(f"{message.sent_at.astimezone(zone):%H:%M} {who}: {message.body}")
    lines.append(
        _("What we do with your data, and how long we keep them: %(link)s")
        % {"link": site() + reverse("notices:notice")}
    )
    return "\n\n".join(lines) + "\n"


@transaction.atomic
def set_hours(spans: Iterable[rules.Span], *, by: str, now: datetime) -> None:
    """Set when somebody answers; a day that is not named has no hours."""
    Hours.objects.all().delete()
    Hours.objects.bulk_create(
        Hours(weekday=one.weekday, opens=one.opens, closes=one.closes) for one in spans
    )
    audit.record("chat.hours.set", by=by, at=now)


@transaction.atomic
def switch(person: Person, *, on: bool, by: str, now: datetime) -> None:
    """Let pages offer the chat to this person, or leave it out of them (ema-1.6.3)."""
    Preferences.objects.update_or_create(
        person=person, defaults={"chat": on}, create_defaults={"chat": on, "created_at": now}
    )
    audit.record("chat.setting.changed", subject=person.pk, by=by, at=now, detail={"on": on})
