"""Certificates of the invented past: one course of each service gives them, and always has."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from django.db.models import Count, Q

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.certificates.actions import award
from skola.services.certificates.models import Rule
from skola.services.certificates.queries import CAPABILITY
from skola.services.courses.api import Course, Enrolment

HOURS, MONTHS = 6, 36
MOST = 60
"""Learners whose certificates are made; a course that more have finished is not taken."""


def populate(_service: str, people: Sequence[Person], _chance: Random, now: datetime) -> None:
    """Let a course that the first of the people has finished give certificates."""
    if not has(CAPABILITY, now=now):
        return
    done = Count("enrolments", filter=Q(enrolments__finished_at__isnull=False))
    found = Course.objects.filter(state=Course.State.PUBLISHED, needs_seat=False)
    counted = found.exclude(author=None).select_related("author").annotate(done=done)
    of_first = Enrolment.objects.filter(person=people[0], finished_at__isnull=False)
    fitting = counted.filter(done__gt=0, done__lte=MOST)
    course = (
        fitting.filter(pk__in=of_first.values("course")).order_by("done").first()
        or fitting.order_by("-done").first()
    )
    if course is None or course.author is None:
        return
    Rule.objects.create(
        course=course, hours=HOURS, signatory=course.author.name, valid_months=MONTHS
    )
    finished = Enrolment.objects.filter(course=course, finished_at__isnull=False)
    for enrolment in finished.order_by("finished_at"):
        assert enrolment.finished_at is not None
        award(enrolment, by="skola demo", now=enrolment.finished_at)
