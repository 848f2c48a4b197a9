"""The training that roles of the staff ask for: named, passed, and valid until its term ends."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, Role
from skola.services.courses.api import Course, Enrolment, begin_again, enrol
from skola.services.staff import queries
from skola.services.staff.models import Passed, StaffCourse


class NoCourseError(Exception):
    """Nobody has named the course of the staff yet."""


@transaction.atomic
def name_course(course: Course, *, by: str, now: datetime) -> StaffCourse:
    """Say which course the staff has to pass. What was passed before stays valid for its term."""
    named, _fresh = StaffCourse.objects.update_or_create(
        defaults={"course": course, "named_at": now}
    )
    audit.record("staff.course.named", target=named, by=by, at=now)
    return named


@transaction.atomic
def take(person: Person, *, by: str, now: datetime) -> Course:
    """Enrol somebody in the course of the staff; who has finished it begins it anew.

    Raises NoCourseError when none is named.
    """
    named = StaffCourse.objects.select_related("course").first()
    if named is None:
        raise NoCourseError(_("No course is named yet. An administrator can name one."))
    enrolment = Enrolment.objects.filter(course=named.course, person=person).first()
    if enrolment is None:
        enrol(named.course, person, by=by, now=now)
    else:
        begin_again(enrolment, by=by, now=now)
    return named.course


def note_course(enrolment: Enrolment, by: str, now: datetime) -> None:
    """Somebody finished a course: where it is the staff's, their roles are open for its term."""
    rule = queries.rule(now)
    if rule is None or not rule.training_valid:
        return
    if not StaffCourse.objects.filter(course=enrolment.course_id).exists():
        return
    until = queries.after(rule.training_valid, now)
    passed = Passed.objects.create(
        person_id=enrolment.person_id,
        course_title=enrolment.course_title,
        passed_at=now,
        until_at=until,
    )
    roles = Role.objects.filter(person=enrolment.person_id, trained_until__isnull=False)
    roles.filter(kind__in=rule.roles).update(trained_until=until)
    audit.record(
        "staff.training.passed",
        target=passed,
        subject=enrolment.person_id,
        by=by,
        at=now,
        clause="kic-security-training",
    )
