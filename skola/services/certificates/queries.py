"""Reads of certificates that more than one caller needs."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground.people.api import Person
from skola.promises.policy.api import has, in_force
from skola.promises.policy.schema import Network
from skola.services.certificates.models import Award, Rule
from skola.services.certificates.rules import Standing
from skola.services.courses.api import Course, Enrolment, Said
from skola.services.documents import api as documents
from skola.services.documents.api import Document, newest
from skola.services.exams import api as exams

CAPABILITY = documents.CAPABILITY
SHARING = "social.share"


def rule_of(course: Course) -> Rule | None:
    """Return the rule by which a course gives certificates."""
    return Rule.objects.filter(course=course).select_related("exam").first()


def held(person: Person, course: Course) -> Document | None:
    """Return the certificate that somebody has of a course, as it was issued last."""
    found = Award.objects.filter(document__person=person, course=course)
    award = found.select_related("document__person").order_by("-at").first()
    return newest(award.document) if award else None


def standing_of(person: Person) -> QuerySet[Document]:
    """Return the certificates that somebody holds by a rule and that were not annulled."""
    found = Document.objects.filter(person=person, by_rule=True, annulled_at=None)
    return found.select_related("person").order_by("issued_at", "pk")


def standing(rule: Rule, enrolment: Enrolment, *, now: datetime) -> Standing:
    """Say how far a learner is with what the certificate of a course asks for."""
    person, course = enrolment.person, rule.course
    certificate = held(person, course)
    return Standing(
        finished=enrolment.finished_at is not None,
        exam_asked=rule.exam_id is not None,
        exam_passed=rule.exam is not None and exams.has_passed(person, rule.exam),
        holds_valid=certificate is not None and documents.is_valid(certificate, now=now),
    )


def beside_course(course: Course, person: Person | None, now: datetime) -> list[Said]:
    """Return what the page of a course says of its certificate, and of the exam that it asks for.

    Who takes the course is led to both (ilearn-11.b).
    """
    rule = rule_of(course) if has(CAPABILITY, now=now) else None
    if rule is None:
        return []
    if not person or not Enrolment.objects.filter(course=course, person=person).exists():
        return [Said(_("It ends with a certificate."), "", "certificate")]
    place = reverse("certificates:course", args=[course.slug])
    said = [Said(_("Your certificate"), place, "certificate")]
    if rule.exam and has(exams.CAPABILITY, now=now):
        words = _("The exam “%(title)s”") % {"title": rule.exam.title}
        said.append(Said(words, reverse("exams:mine"), "exams"))
    return said


def networks(now: datetime) -> list[Network]:
    """Return the outside networks at which the policy lets people share what they achieved."""
    if not has(SHARING, now=now):
        return []
    return [one for one in in_force(now).policy.network if one.share]
