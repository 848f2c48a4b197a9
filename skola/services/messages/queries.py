"""Reads of private messages: with whom somebody may write, and what they wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from skola.ground.files.api import StoredFile
from skola.ground.people.api import Near, Person, Sought, one_each
from skola.promises.policy.api import has
from skola.services.courses import api as courses
from skola.services.diary import api as diary
from skola.services.messages.models import Message


def _around(person: Person, now: datetime, sought: Sought) -> Iterator[Near]:
    if has("diary.school", now=now):
        yield from diary.people_around(person, now, sought)
    if has("courses.take", now=now):
        yield from courses.people_around(person, now, sought)


def people_for(person: Person, now: datetime, words: str = "") -> list[Near]:
    """Return to whom somebody may write, by name; those whose names have ``words``."""
    return one_each(_around(person, now, Sought(words=words)))


def near(person: Person, other: UUID, now: datetime) -> Near | None:
    """Return why ``person`` may write to ``other`` now, and None where they may not."""
    return next(_around(person, now, Sought(only=other)), None)


@dataclass(frozen=True)
class Line:
    """A conversation in a list: its last message, with whom, and how many are new."""

    last: Message
    other: Person | None
    title: str
    unread: int


def conversations_of(person: Person, *, skip: int, most: int) -> list[Line]:
    """Return somebody's conversations, the latest first, in two queries."""
    mine = Message.objects.of(person)
    latest = mine.order_by("conversation", "-sent_at", "-pk").distinct("conversation")
    found = list(
        Message.objects.filter(pk__in=latest.values("pk"))
        .select_related("author", "recipient")
        .order_by("-sent_at", "-pk")[skip : skip + most]
    )
    about = mine.filter(conversation__in={one.conversation_id for one in found})
    told = {
        each["conversation"]: each
        for each in about.values("conversation").annotate(
            unread=Count("pk", filter=Q(recipient=person, read_at=None)),
        )
    }
    titles = dict(about.exclude(title="").values_list("conversation", "title"))
    return [
        Line(
            last=one,
            other=one.recipient if one.author_id == person.pk else one.author,
            title=titles.get(one.conversation_id, ""),
            unread=told[one.conversation_id]["unread"],
        )
        for one in found
    ]


def messages_in(person: Person, conversation: UUID) -> list[Message]:
    """Return what somebody wrote and was written in a conversation, in order; one query."""
    found = Message.objects.of(person).filter(conversation=conversation)
    return list(found.select_related("author", "recipient", "attachment").order_by("sent_at", "pk"))


def may_open_attachment(person: Person | None, stored: StoredFile, now: datetime) -> bool:
    """An attachment is for who wrote and who was written, and nobody else."""
    if person is None or not has("messages.internal", now=now):
        return False
    return Message.objects.of(person).filter(attachment=stored.pk).exists()
