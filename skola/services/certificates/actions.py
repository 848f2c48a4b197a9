"""Everything that changes how a course gives certificates, and that gives them."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.certificates import queries
from skola.services.certificates.models import Award, Rule
from skola.services.certificates.rules import is_due, last_day
from skola.services.courses.api import Course, Enrolment
from skola.services.documents import api as documents
from skola.services.documents.api import Document, Learned
from skola.services.exams.api import Exam


@dataclass(frozen=True)
class Terms:
    """What a course asks for its certificate, and what stands on it."""

    hours: int
    signatory: str
    exam: Exam | None = None
    valid_months: int | None = None


@transaction.atomic
def set_rule(course: Course, terms: Terms, *, by: str, now: datetime) -> Rule:
    """From now on who completes the course is given a certificate, who has already done so too."""
    fields = {"exam": terms.exam, **{k: v for k, v in asdict(terms).items() if k != "exam"}}
    rule, _made = Rule.objects.update_or_create(course=course, defaults=fields)
    audit.record("certificates.rule.set", target=rule, by=by, at=now)
    for enrolment in Enrolment.objects.filter(course=course, finished_at__isnull=False):
        award(enrolment, by=by, now=now)
    return rule


@transaction.atomic
def drop_rule(course: Course, *, by: str, now: datetime) -> None:
    """The course gives no more certificates; those that were given stay valid."""
    rule = Rule.objects.filter(course=course).first()
    if rule is None:
        return
    audit.record("certificates.rule.dropped", target=rule, by=by, at=now)
    rule.delete()


@transaction.atomic
def award(enrolment: Enrolment, *, by: str, now: datetime) -> Document | None:
    """Issue the certificate of a course if its rule is met and no valid one is held.

    Twice is as once. Returns what was issued. Source: ilearn-11.b.
    """
    if enrolment.course_id is None or not has(queries.CAPABILITY, now=now):
        return None
    learner = Enrolment.objects.select_for_update(of=("self",)).select_related("person", "course")
    one = learner.get(pk=enrolment.pk)
    rule = queries.rule_of(one.course) if one.course else None
    if rule is None or one.course is None:
        return None
    rule.course = one.course
    if not is_due(queries.standing(rule, one, now=now)):
        return None
    zone = documents.zone(now)
    today = now.astimezone(zone).date()
    learned = Learned(
        one.course.title,
        rule.hours,
        one.started_at.astimezone(zone).date(),
        today,
        rule.signatory,
        last_day(today, rule.valid_months),
    )
    made = documents.issue(one.person, learned, by_rule=True, zone=zone, by=by, now=now)
    Award.objects.create(document=made, course=one.course, at=now)
    return made


def after_course(enrolment: Enrolment, by: str, now: datetime) -> None:
    """Somebody finished a course."""
    award(enrolment, by=by, now=now)


def after_exam(person: Person, exam: Exam, by: str, now: datetime) -> None:
    """Somebody passed an exam: of each course that asks for it the certificate may be due."""
    asking = Rule.objects.filter(exam=exam).values("course")
    for enrolment in Enrolment.objects.filter(person=person, course__in=asking):
        award(enrolment, by=by, now=now)
