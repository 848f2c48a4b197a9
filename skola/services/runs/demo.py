"""Runs for the demo: one that is over, one that is under way, one that lies ahead."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.courses.api import Course, enrol_all
from skola.services.runs import queries
from skola.services.runs.actions.running import make_run
from skola.services.runs.models import MailRule, Participant, Run, RunMail

WHEN = ((-70, -30, "hösten"), (-24, 9, "vintern"), (21, 60, "våren"))
"""First and last day of each run, from today, and what it is called after."""


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make the runs of a tenant, and put most of its people down. ``people``: personas first."""
    courses = list(Course.objects.filter(state=Course.State.PUBLISHED).order_by("created_at"))
    if not has("runs.hold", now=now) or not courses:
        return
    day = queries.today(now)
    for number, (first, last, season) in enumerate(WHEN):
        course = courses[number % len(courses)]
        made = make_run(
            title=f"{course.title}, {season}",
            course=course,
            starts_on=day + timedelta(days=first),
            ends_on=day + timedelta(days=last),
            site=f"http://{tenant_slug}",
            by="skola demo",
            now=now + timedelta(days=min(first - 7, -1)),
        )
        begun = now + timedelta(days=min(first - 7, -1))
        there = [one for one in people if one.created_at < begun and random.random() < 0.8]
        _put_down(made, there, begun, over=last < 0)


def _put_down(run: Run, people: Sequence[Person], at: datetime, *, over: bool) -> None:
    ways = Participant.Way
    made = [
        Participant(run=run, person=one, way=ways.HAND if number % 5 else ways.LINK, added_at=at)
        for number, one in enumerate(people)
    ]
    Participant.objects.bulk_create(made)
    enrol_all(run.course, [one.pk for one in people], by="skola demo", now=at)
    invitation, reminder = MailRule.Kind.INVITATION, MailRule.Kind.REMINDER
    sent = [RunMail(participant=one, kind=invitation, days=0, at=at) for one in made]
    if over:
        sent += [
            RunMail(participant=one, kind=reminder, days=7, at=at + timedelta(days=40))
            for one in made[::2]
        ]
    RunMail.objects.bulk_create(sent)
