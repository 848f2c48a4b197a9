"""Reads of the chat: the office hours, the chat of a visitor, and what is new in it."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from skola.ground.people.api import Person
from skola.promises.policy.api import OutsideCalendarError, in_force, is_working_day
from skola.services.chat import rules
from skola.services.chat.models import Chat, Hours
from skola.services.desk import api as desk

CAPABILITY = "support.chat"


def office(now: datetime) -> rules.Standing:
    """Return whether somebody answers now, by the hours that the tenant has set."""
    calendar = in_force(now).policy.policy.calendar

    def is_holiday(day: date) -> bool:
        try:
            return day.weekday() < 5 and not is_working_day(day, calendar)
        except OutsideCalendarError:
            return False

    return rules.standing(now.astimezone(desk.zone(now)), spans(Hours.objects.all()), is_holiday)


def spans(hours: Iterable[Hours]) -> list[rules.Span]:
    """Return the hours as the rule wants them."""
    return [rules.Span(one.weekday, one.opens, one.closes) for one in hours]


def chat_of(key: UUID | None, person: Person | None, now: datetime) -> Chat | None:
    """Return the chat of a visitor: by the key in their browser, or as the person signed in.

    What somebody said signed in is theirs alone, whatever key a browser holds.
    """
    found = Chat.objects.readable(now).select_related("enquiry", "agent").order_by("-begun_at")
    if person is not None:
        mine = found.filter(enquiry__person=person).first()
        if mine is not None:
            return mine
    if key is None:
        return None
    return found.filter(pk=key, enquiry__person__account=None).first()


def said_in(chat: Chat) -> list[desk.Message]:
    """Return what was said, in order; notes of staff are no part of it."""
    told = desk.Message.objects.filter(enquiry=chat.enquiry_id).exclude(kind=desk.Message.Kind.NOTE)
    return list(told.select_related("author").order_by("sent_at", "pk"))


def new_answers(chat: Chat) -> int:
    """Return how many of our answers the enquirer has not seen."""
    answers = desk.Message.objects.filter(enquiry=chat.enquiry_id, kind=desk.Message.Kind.ANSWER)
    return answers.filter(sent_at__gt=chat.read_at or chat.begun_at).count()


def switched_off(person: Person | None) -> bool:
    """Whether this person wants no chat on their pages (ema-1.6.3)."""
    stored = getattr(person, "preferences", None) if person else None
    return stored is not None and not stored.chat
