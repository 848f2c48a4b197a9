"""Everything that changes enquiries, one function each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.ground.journal import api as journal
from skola.ground.people.api import Account, Person, drop_lead, number_for, register_person
from skola.ground.ui import formats
from skola.promises.origins import api as origins
from skola.promises.policy.api import has, in_force
from skola.promises.rights import api as rights
from skola.services.campaigns import api as campaigns
from skola.services.desk import queries, rules
from skola.services.desk.models import Enquiry, Message, Numbers

SENT_TWICE_WITHIN = timedelta(days=1)
"""The same words from the same address within a day are one enquiry, sent twice."""


class ClosedError(Exception):
    """The enquiry is closed: open it again before doing this."""


@dataclass(frozen=True)
class Sender:
    """What an enquirer tells about themselves; nothing of it is required (ema-5.1-data)."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    profile: str = ""


@dataclass(frozen=True)
class Asked:
    """What is asked, by which way, and which notice stood beside the form."""

    topic: str
    channel: str
    body: str
    language: str = "en"
    notice_version: str = ""
    page: str = ""
    browser: str = ""
    order_number: int | None = None


@transaction.atomic
def receive_enquiry(
    asked: Asked,
    sender: Sender,
    *,
    person: Person | None,
    received_at: datetime,
    zone: ZoneInfo,
    by: str,
    now: datetime,
) -> Enquiry:
    """Record an enquiry with its first message, and give it a number.

    Without ``person`` a data subject is made who has no name and no account: names and addresses
    stand in the enquiry and go with it (ema-5.1-data, ema-5.4). What was sent twice within a day
    by the contact form is returned as it stands, not recorded again.
    """
    if asked.channel == Enquiry.Channel.WEB and (same := _sent_before(asked, sender, now)):
        return same
    subject = person or register_person(
        given_name="", family_name="", language=asked.language, source="enquiry", by=by, now=now
    )
    enquiry = Enquiry.objects.create(
        person=subject,
        number=_next_number(),
        channel=asked.channel,
        topic=asked.topic,
        language=asked.language,
        notice_version=asked.notice_version,
        page=asked.page,
        browser=asked.browser,
        order_number=asked.order_number,
        received_at=received_at,
        answer_by=rules.answer_by(asked.topic, received_at, zone),
        last_message_at=received_at,
        given_name=sender.given_name,
        family_name=sender.family_name,
        email=sender.email,
        phone=sender.phone,
        profile=sender.profile,
    )
    Message.objects.create(
        enquiry=enquiry,
        kind=Message.Kind.QUESTION,
        body=asked.body,
        sent_at=received_at,
        author=person,
    )
    origins.note(
        subject.pk,
        origins.Origin.Kind.CONVERSATION,
        about=enquiry.pk,
        name=enquiry.label,
        now=received_at,
    )
    audit.record(
        "desk.enquiry.received",
        target=enquiry,
        subject=subject.pk,
        by=by,
        at=now,
        detail={"channel": asked.channel, "topic": asked.topic},
    )
    return enquiry


def _sent_before(asked: Asked, sender: Sender, now: datetime) -> Enquiry | None:
    return Enquiry.objects.filter(
        channel=asked.channel,
        email=sender.email,
        phone=sender.phone,
        received_at__gt=now - SENT_TWICE_WITHIN,
        messages__body=asked.body,
    ).first()


def _next_number() -> int:
    Numbers.objects.get_or_create()
    Numbers.objects.update(last=F("last") + 1)
    return Numbers.objects.get().last


@transaction.atomic
def write_again(
    enquiry: Enquiry, *, body: str, person: Person | None, by: str, now: datetime
) -> Message:
    """The enquirer adds a message; a closed enquiry is open again from now on."""
    if enquiry.closed_at is not None:
        reopen(enquiry, by=by, now=now)
    return _add(enquiry, Message.Kind.QUESTION, body=body, author=person, by=by, now=now)


@transaction.atomic
def answer(
    enquiry: Enquiry,
    *,
    body: str,
    author: Person,
    by_mail: bool = True,
    by: str,
    now: datetime,
) -> Message:
    """Answer the enquirer: in the account, and by e-mail where there is an address.

    The mail leaves after the commit and is tried again until it does. Raises ClosedError, and
    changes nothing, when the enquiry is closed. Source: kic-purpose-answer.
    """
    _refuse_when_closed(enquiry)
    message = _add(enquiry, Message.Kind.ANSWER, body=body, author=author, by=by, now=now)
    if enquiry.email and by_mail:
        jobs.enqueue("desk.mail_answer", message=message.pk)
    return message


@transaction.atomic
def add_note(enquiry: Enquiry, *, body: str, author: Person, by: str, now: datetime) -> Message:
    """Keep a note of staff in the enquiry; the enquirer gets it with a copy of their data."""
    note = Message.objects.create(
        enquiry=enquiry, kind=Message.Kind.NOTE, body=body, author=author, sent_at=now
    )
    audit.record("desk.enquiry.noted", target=enquiry, subject=enquiry.person_id, by=by, at=now)
    return note


def _add(
    enquiry: Enquiry,
    kind: Message.Kind,
    *,
    body: str,
    author: Person | None,
    by: str,
    now: datetime,
) -> Message:
    message = Message.objects.create(
        enquiry=enquiry, kind=kind, body=body, author=author, sent_at=now
    )
    enquiry.last_message_at = now
    enquiry.save(update_fields=["last_message_at"])
    audit.record(f"desk.enquiry.{kind}", target=enquiry, subject=enquiry.person_id, by=by, at=now)
    return message


@transaction.atomic
def take(enquiry: Enquiry, *, assignee: Person, by: str, now: datetime) -> None:
    """Make somebody of the staff the one who answers."""
    enquiry.assignee = assignee
    enquiry.save(update_fields=["assignee"])
    audit.record("desk.enquiry.taken", target=enquiry, subject=enquiry.person_id, by=by, at=now)


@transaction.atomic
def close(enquiry: Enquiry, *, ending: str, by: str, now: datetime) -> None:
    """End the enquiry now; from here its term runs (ema-5.4). Raises ClosedError after that."""
    _refuse_when_closed(enquiry)
    enquiry.closed_at, enquiry.ending = now, ending
    enquiry.save(update_fields=["closed_at", "ending"])
    audit.record(
        "desk.enquiry.closed",
        target=enquiry,
        subject=enquiry.person_id,
        by=by,
        at=now,
        detail={"ending": str(ending)},
    )


@transaction.atomic
def reopen(enquiry: Enquiry, *, by: str, now: datetime) -> None:
    """Open a closed enquiry again: its term stops until it is closed once more (ema-5.4)."""
    enquiry.closed_at, enquiry.ending = None, ""
    enquiry.save(update_fields=["closed_at", "ending"])
    audit.record("desk.enquiry.reopened", target=enquiry, subject=enquiry.person_id, by=by, at=now)


_WAYS = {
    Enquiry.Channel.WEB: "link",
    Enquiry.Channel.ACCOUNT: "account",
    Enquiry.Channel.PHONE: "phone",
    Enquiry.Channel.IN_PERSON: "in-person",
    Enquiry.Channel.POST: "post",
}


@transaction.atomic
def make_request(enquiry: Enquiry, kind: str, *, by: str, now: datetime) -> rights.RightsRequest:
    """Make a rights request out of an enquiry: who asks has to be proven, and its time runs.

    It runs from the receipt of the enquiry, and the request names the enquiry. The one that was
    made before is returned. Source: ilearn-2.b.
    """
    Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if made := rights.of_enquiry(enquiry.pk):
        return made
    first = enquiry.messages.filter(kind=Message.Kind.QUESTION).order_by("sent_at").first()
    asked = rights.Asked(
        kind=kind,
        channel=_WAYS.get(Enquiry.Channel(enquiry.channel), "email"),
        reply_by=_reply_of(enquiry, now),
        words=first.body[:4_000] if first else "",
        language=enquiry.language,
    )
    made = rights.receive_request(
        asked,
        rights.Asker(enquiry.given_name, enquiry.family_name, enquiry.email, enquiry.phone),
        person=enquiry.person,
        received_at=enquiry.received_at,
        enquiry=enquiry.pk,
        by=by,
        now=now,
    )
    audit.record(
        "desk.enquiry.became_request", target=enquiry, subject=enquiry.person_id, by=by, at=now
    )
    return made


def _reply_of(enquiry: Enquiry, now: datetime) -> str:
    policy = in_force(now).policy
    ways = rights.replies(policy)
    if Account.objects.filter(person_id=enquiry.person_id).exists() and "account" in ways:
        return "account"
    return "email" if enquiry.email and "email" in ways else rights.letter(policy)


@transaction.atomic
def erase_on_objection(enquiry: Enquiry, *, by: str, now: datetime) -> None:
    """Erase an enquiry because the enquirer objects to its use (ema-5.2, GDPR Art. 21).

    It goes at once with its messages, and with it the data subject that was made for it alone.
    """
    person = enquiry.person_id
    audit.record(
        "desk.enquiry.objected", target=enquiry, subject=person, by=by, at=now, clause="ema-5.2"
    )
    journal.write("objection", subject=person, at=now, detail={"enquiry": str(enquiry.pk)})
    enquiry.delete()
    if drop_lead(person, source="enquiry"):
        audit.forget_subject(person)


@journal.replays("objection")
def erase_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore: an enquiry that was objected to since then is erased."""
    found = Enquiry.objects.filter(pk=detail["enquiry"]).first() if "enquiry" in detail else None
    if found is not None:
        erase_on_objection(found, by="skola replay", now=at)


def _refuse_when_closed(enquiry: Enquiry) -> None:
    if enquiry.closed_at is not None:
        raise ClosedError(_("This enquiry is closed. Open it again first."))


@transaction.atomic
def mail_answer(message: Message, *, now: datetime) -> None:
    """Send an answer to the address given; does nothing when it has left already.

    Two workers that have the same job wait for each other.
    """
    enquiry = message.enquiry
    held = Message.objects.select_for_update().filter(pk=message.pk, mailed_at=None)
    if not enquiry.email or held.first() is None:
        return
    with translation.override(enquiry.language):
        subject = _("Answer to your enquiry %(number)s") % {"number": enquiry.label}
        foot = _("You asked us on %(day)s. Your enquiry has the number %(number)s.") % {
            "day": formats.day(enquiry.received_at.astimezone(queries.zone(now)).date()),
            "number": enquiry.label,
        }
    controller = in_force(now).policy.controller
    facts = (controller.name, controller.reg_no, controller.address)
    who = ", ".join(part for part in facts if part)
    words = f"{message.body}\n\n-- \n{foot}\n{who}\n{_choices(enquiry, now)}"
    sender = settings.DEFAULT_FROM_EMAIL
    number = {"Message-ID": number_for(enquiry.person_id, sender)}
    EmailMessage(subject, words, sender, [enquiry.email], headers=number).send()
    Message.objects.filter(pk=message.pk).update(mailed_at=now)


def _choices(enquiry: Enquiry, now: datetime) -> str:
    """Return the line that leads to the page on which the enquirer chooses (learnifier-9.a)."""
    if not has(campaigns.CAPABILITY, now=now):
        return ""
    known = campaigns.person_at(enquiry.email)
    person = known.pk if known else enquiry.person_id
    if person is None:
        return ""
    with translation.override(enquiry.language):
        words = _("How we may use this address, you choose here: %(link)s")
        return words % {"link": campaigns.choices_link(person, enquiry.email)} + "\n"
