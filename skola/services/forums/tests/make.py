"""Makers of forums for tests."""

from datetime import UTC, datetime
from uuid import UUID

from skola.ground.people.models import Person
from skola.services.courses.models import Course
from skola.services.forums import actions
from skola.services.forums.models import Byline, Forum, Post, Report

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def forum(
    kind: str = "board",
    *,
    name: str = "Questions",
    reads: str = "signed-in",
    course: Course | None = None,
    at: datetime = AT,
) -> Forum:
    """A place to write in; with a course for its people."""
    return actions.open_forum(
        kind=kind,
        name=name,
        about="Ask here.",
        rules="Be kind.",
        reads=reads,
        course=course,
        by="staff",
        now=at,
    )


def named(person: Person, name: str = "", *, at: datetime = AT) -> Byline:
    """The name under somebody's posts."""
    called = name or f"Wren {person.pk.hex[-8:]}"
    return Byline.objects.create(person=person, name=called, chosen_at=at)


def post(
    there: Forum,
    author: Person,
    body: str = "How do bees find home?",
    *,
    title: str = "Bees",
    topic: UUID | None = None,
    at: datetime = AT,
) -> Post:
    """What somebody wrote; an answer with ``topic``."""
    called = "" if topic or there.kind == "chat" else title
    return actions.write(there, author, title=called, body=body, topic=topic, by="t", now=at)


def report(there: Post, reporter: Person, *, at: datetime = AT) -> Report:
    """Somebody reported a post."""
    return actions.report(there, reporter, reason="insult", words="Rude.", by="t", now=at)
