"""Reads of the desk that more than one caller needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, F, Func, Prefetch, Q, QuerySet, Value, When
from django.urls import reverse

from skola.ground.people.api import Person
from skola.promises.policy.api import in_force
from skola.services.desk.models import Call, CallTask, Enquiry, Message
from skola.services.desk.rules import plain_number

LATEST = 100
"""So many enquiries and calls stand in a contact history; older ones are in their registers."""


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant, in which its days are counted."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def notice_version(now: datetime) -> str:
    """Return the version of the policy that is linked beside forms now."""
    return in_force(now).policy.policy.version


def may_be_objected_to(now: datetime) -> bool:
    """Whether enquiries are used on the ground of a legitimate interest (GDPR Art. 21(1))."""
    return any(
        purpose.basis.kind == "legitimate-interest"
        for purpose in in_force(now).policy.purpose
        if "desk.enquiries" in purpose.enables
    )


def queue(*, waiting: bool = True, topic: str = "", words: str = "") -> QuerySet[Enquiry]:
    """Return open enquiries, what is due first on top; or closed ones, latest first.

    With ``words`` those in which they stand (ema-1.1.2).
    """
    found = Enquiry.objects.with_excerpt().select_related("assignee")
    if words:
        found = found.saying(words)
    if topic:
        found = found.filter(topic=topic)
    if waiting:
        answered = Case(When(last_kind=Message.Kind.ANSWER, then=1), default=0)
        return found.open().order_by(answered, "answer_by", "received_at")
    return found.exclude(closed_at=None).order_by("-closed_at")


def thread(*, with_notes: bool) -> "Prefetch[str, QuerySet[Message], str]":
    """Return the messages of an enquiry in their order, to prefetch; notes are for staff."""
    messages = Message.objects.select_related("author").order_by("sent_at")
    if not with_notes:
        messages = messages.exclude(kind=Message.Kind.NOTE)
    return Prefetch("messages", messages)


def call_register(number: str = "") -> QuerySet[Call]:
    """Return the calls, latest first; of one number when it is given, however it is written."""
    found = Call.objects.with_parts().order_by("-started_at")
    if number:
        found = found.filter(number=plain_number(number))
    return found


def customer_under(email: str, phone: str) -> Person | None:
    """Return who of those with an account is meant by an address or a number that staff enter.

    None where it is nobody's, or several people's.
    """
    people = Person.objects.filter(account__isnull=False)
    if email and (found := people.filter(account__email__iexact=email).first()):
        return found
    number = plain_number(phone)
    if not number:
        return None
    digits = Func(F("phone"), Value(r"[^0-9+]"), Value(""), Value("g"), function="regexp_replace")
    near = list(people.annotate(plain=digits).filter(plain=number)[:2])
    return near[0] if len(near) == 1 else None


@dataclass(frozen=True)
class Contact:
    """One thing of a contact history: when, by which channel, who, and until when it is kept."""

    at: datetime
    channel: str
    what: str
    words: str
    author: str
    link: str
    due_at: datetime | None


def history(person: Person, words: str = "") -> list[Contact]:
    """Return all contact with somebody, latest first: forms, chats, mails, calls, notes.

    With ``words`` only what says them. Source: ilearn-11.g, ema-1.1.2.
    """
    enquiries = Enquiry.objects.around(person).prefetch_related(thread(with_notes=True))
    found = []
    for enquiry in enquiries.order_by("-received_at")[:LATEST]:
        where = reverse("desk:one", args=[enquiry.pk])
        for message in enquiry.messages.all():
            is_theirs = message.kind == Message.Kind.QUESTION
            author = message.author.name if message.author else ""
            found.append(
                Contact(
                    message.sent_at,
                    str(enquiry.get_channel_display()),
                    str(message.get_kind_display()),
                    message.body,
                    author or (enquiry.name if is_theirs else ""),
                    where,
                    enquiry.due_at,
                )
            )
    everything = sorted([*found, *_calls_of(person)], key=lambda one: one.at, reverse=True)
    return [one for one in everything if words.lower() in one.words.lower()]


def _calls_of(person: Person) -> Iterator[Contact]:
    mine = Q(person=person)
    if number := plain_number(person.phone):
        mine |= Q(person=None, number=number)
    calls = Call.objects.filter(mine).select_related("line", "agent")
    tasks = Prefetch("tasks", CallTask.objects.select_related("author").order_by("created_at"))
    for call in calls.prefetch_related(tasks).order_by("-started_at")[:LATEST]:
        where = reverse("desk:call", args=[call.pk])
        channel = str(Enquiry.Channel.PHONE.label)
        agent = call.agent.name if call.agent else ""
        what = str(call.get_direction_display())
        yield Contact(call.started_at, channel, what, "", agent, where, call.due_at)
        for task in call.tasks.all():
            author = task.author.name if task.author else ""
            kind = str(Message.Kind.NOTE.label)
            yield Contact(task.created_at, channel, kind, task.text, author, where, task.due_at)


def is_known_number(number: str) -> bool:
    """Whether there are calls of a number, however it is written (ilearn-4.c)."""
    plain = plain_number(number)
    return bool(plain) and Call.objects.filter(number=plain).exists()


def open_tasks() -> QuerySet[CallTask]:
    """Return what is still to be done after calls, oldest first."""
    found = CallTask.objects.filter(done_at=None).select_related("call", "person")
    return found.order_by("created_at")


def people_under(address: str) -> list[UUID]:
    """Return who asked from an address, latest first; each enquiry may have made somebody."""
    found = Enquiry.objects.filter(email=address).order_by("-received_at")
    return list(found.values_list("person_id", flat=True))


def about_order(number: int, person: Person) -> list[Enquiry]:
    """Return what a customer asked or disputes about an order, the latest on top.

    An enquiry names the order itself, and counts only where it came from whoever ordered: out of
    their account, or from the address that they ordered with (ilearn-disputes).
    """
    theirs = Q(person=person)
    if person.email:
        theirs |= Q(email__iexact=person.email)
    return list(Enquiry.objects.filter(theirs, order_number=number).order_by("-received_at"))
