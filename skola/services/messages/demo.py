"""Messages, invented: a parent asks a teacher, a learner asks who made the course."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.courses import api as courses
from skola.services.messages import queries
from skola.services.messages.models import Conversation, Message

AT_SCHOOL = (
    ("Matemaatika kodutöö", "Kas ülesanne 14 on kohustuslik? Meil jäi teise sammuga hätta.", True),
    ("Arenguvestlus", "Kas kolmapäeval kell 17 sobiks?", False),
)
ANSWER = "Tere! Piisab esimesest kahest sammust, ülejäänu teeme tunnis läbi."
ABOUT_COURSE = ("Klausimas dėl kurso", "Ar galima peržiūrėti antrą pamoką dar kartą?")


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Let some personas of the speaking tenant write to whom they have to do with."""
    if not has("messages.internal", now=now):
        return
    if has("diary.school", now=now):
        _at_school(people[:10], now)
        return
    taken = courses.Enrolment.objects.filter(person__in=[one.pk for one in people[:10]])
    first = taken.exclude(course__author=None).select_related("course__author", "person").first()
    if first is not None and first.course is not None and first.course.author is not None:
        title, body = ABOUT_COURSE
        if first.course.author_id != first.person_id:
            _say(first.person, first.course.author, title, body, now - timedelta(days=1))


def _at_school(personas: Sequence[Person], now: datetime) -> None:
    parents = [one for one in personas if one.wards.exists()]
    for parent in parents[:1]:
        around = [one for one in queries.people_for(parent, now) if one.person.pk != parent.pk]
        teachers = sorted(around, key=lambda one: one.person not in personas)
        for place, (title, body, answered) in enumerate(AT_SCHOOL):
            if place < len(teachers):
                sent = now - timedelta(days=3 - place, hours=2)
                begun = _say(parent, teachers[0].person, title, body, sent, read=answered)
                if answered:
                    _say(teachers[0].person, parent, "", ANSWER, sent + timedelta(hours=3), begun)


def _say(
    author: Person,
    recipient: Person,
    title: str,
    body: str,
    at: datetime,
    to: Conversation | None = None,
    *,
    read: bool = False,
) -> Conversation:
    there = to or Conversation.objects.create(opened_at=at)
    Message.objects.create(
        conversation=there,
        author=author,
        recipient=recipient,
        title=title,
        body=body,
        sent_at=at,
        read_at=at + timedelta(hours=1) if read else None,
    )
    return there
