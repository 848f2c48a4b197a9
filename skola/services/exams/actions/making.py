"""Making an exam: its words, questions and dates. From its publication on it stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.services.exams.actions import RefusedError
from skola.services.exams.models import Exam, Question, Sitting


@dataclass(frozen=True)
class Words:
    """What an exam is: title, words before it, minutes, percent to pass, a term of its own."""

    title: str
    text: str
    minutes: int
    pass_percent: int
    term_days: int | None = None


@dataclass(frozen=True)
class Query:
    """A question with its key; see ``Question``."""

    kind: str
    text: str
    points: int
    options: Sequence[str] = ()
    key: Sequence[str] = ()


def _refuse_published(exam: Exam) -> None:
    if exam.published_at is not None:
        raise RefusedError(_("This exam is published; nothing of it changes. Make another one."))


@transaction.atomic
def draft_exam(words: Words, *, by: str, now: datetime) -> Exam:
    """Write down a new exam that nobody else sees yet."""
    exam = Exam.objects.create(
        title=words.title,
        text=words.text,
        minutes=words.minutes,
        pass_percent=words.pass_percent,
        term_days=words.term_days,
        created_at=now,
    )
    audit.record("exams.exam.drafted", target=exam, by=by, at=now)
    return exam


@transaction.atomic
def change_exam(exam: Exam, words: Words, *, by: str, now: datetime) -> None:
    """Change a draft. Raises RefusedError for a published one."""
    _refuse_published(exam)
    exam.title, exam.text, exam.minutes = words.title, words.text, words.minutes
    exam.pass_percent, exam.term_days = words.pass_percent, words.term_days
    exam.save()
    audit.record("exams.exam.changed", target=exam, by=by, at=now)


@transaction.atomic
def add_question(exam: Exam, query: Query, *, by: str, now: datetime) -> Question:
    """Add a question at the end of a draft. Raises RefusedError for a published exam."""
    _refuse_published(exam)
    last = exam.questions.aggregate(last=Max("position"))["last"] or 0
    made = Question.objects.create(
        exam=exam,
        position=last + 1,
        kind=query.kind,
        text=query.text,
        points=query.points,
        options=list(query.options),
        key=list(query.key),
    )
    audit.record("exams.exam.changed", target=exam, by=by, at=now)
    return made


@transaction.atomic
def remove_question(question: Question, *, by: str, now: datetime) -> None:
    """Take a question out of a draft. Raises RefusedError for a published exam."""
    _refuse_published(question.exam)
    audit.record("exams.exam.changed", target=question.exam, by=by, at=now)
    question.delete()


@transaction.atomic
def publish_exam(exam: Exam, *, by: str, now: datetime) -> None:
    """Fix an exam as it is, so that dates can be set. Raises RefusedError without a question."""
    if not exam.questions.exists():
        raise RefusedError(_("An exam needs a question first."))
    if exam.published_at is None:
        exam.published_at = now
        exam.save(update_fields=["published_at"])
        audit.record("exams.exam.published", target=exam, by=by, at=now)


@transaction.atomic
def plan_sitting(
    exam: Exam,
    *,
    starts_at: datetime,
    closes_at: datetime,
    places: int,
    room: str,
    by: str,
    now: datetime,
) -> Sitting:
    """Set a date of a published exam. Raises RefusedError for a draft."""
    if exam.published_at is None:
        raise RefusedError(_("Publish the exam first; then set its dates."))
    made = Sitting.objects.create(
        exam=exam,
        starts_at=starts_at,
        closes_at=closes_at,
        places=places,
        room=room,
        created_at=now,
    )
    audit.record("exams.sitting.planned", target=made, by=by, at=now)
    return made
