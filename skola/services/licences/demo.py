"""The licences of the invented company: one is over, one runs, one is ordered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.courses.api import Course, Enrolment, Lesson, answer, complete
from skola.services.licences import actions, queries
from skola.services.workforce.api import Charge, Company, Employment, zone

BEGUN = timedelta(days=379)
RENEWED = timedelta(days=14)
SEATS, MORE, ORDERED = 6, 24, 12


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make licences for the company that the workforce has, if seats can be ordered here."""
    company = Company.objects.first()
    course = queries.offered().first()
    if company is None or course is None or not has(queries.CAPABILITY, now=now):
        return
    manager = Charge.objects.select_related("person").get(
        unit__company=company, duty=Charge.Duty.TRAINING
    )
    buyer = manager.person
    staff = list(
        Employment.objects.filter(company=company, ended_on=None)
        .select_related("person")
        .order_by("created_at", "staff_number__value")
    )
    for begun, seats, count in ((BEGUN, SEATS, SEATS - 1), (RENEWED, MORE, MORE - 4)):
        at = now - begun
        wanted = actions.Wanted(course, seats, 12)
        order = actions.order(company, wanted, person=buyer, by="demo", now=at)
        day = at.astimezone(zone(now)).date()
        licence = actions.fulfil(order, reference=f"EMA-{seats:03}", today=day, by="demo", now=at)
        actions.assign(licence, staff[:count], today=day, zone=zone(now), by="demo", now=at)
    _learn(course, random, now)
    wanted = actions.Wanted(course, ORDERED, 12)
    actions.order(company, wanted, person=buyer, by="demo", now=now - timedelta(days=1))
    actions.settle(today=now.astimezone(zone(now)).date(), by="demo", now=now)


def _learn(course: Course, random: Random, now: datetime) -> None:
    """Let holders of seats get somewhere in the course."""
    lessons = list(Lesson.objects.filter(course=course).order_by("section__position", "position"))
    taken = Enrolment.objects.filter(course=course, until_at__gt=now).order_by("started_at", "pk")
    for number, enrolment in enumerate(taken):
        share = 1.0 if number < 3 else random.choice((0.0, 0.5, 0.5, 1.0))
        at = max(enrolment.started_at, now - RENEWED)
        for lesson in lessons[: round(len(lessons) * share)]:
            at = min(at + timedelta(minutes=random.randint(5, 900)), now)
            if lesson.asked:
                right = {place: one.right for place, one in enumerate(lesson.asked)}
                answer(enrolment, lesson, right, by="demo", now=at)
            else:
                complete(enrolment, lesson, done=True, by="demo", now=at)
