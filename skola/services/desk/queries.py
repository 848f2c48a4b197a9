"""Reads of the desk that more than one caller needs."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Prefetch, QuerySet, When

from skola.promises.policy.api import in_force
from skola.services.desk.models import Call, CallTask, Enquiry, Message
from skola.services.desk.rules import plain_number


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


def queue(*, waiting: bool = True, topic: str = "") -> QuerySet[Enquiry]:
    """Return open enquiries, what is due first on top; or closed ones, latest first."""
    found = Enquiry.objects.with_excerpt().select_related("assignee")
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


def open_tasks() -> QuerySet[CallTask]:
    """Return what is still to be done after calls, oldest first."""
    found = CallTask.objects.filter(done_at=None).select_related("call", "person")
    return found.order_by("created_at")


def people_under(address: str) -> list[UUID]:
    """Return who asked from an address, latest first; each enquiry may have made somebody."""
    found = Enquiry.objects.filter(email=address).order_by("-received_at")
    return list(found.values_list("person_id", flat=True))
