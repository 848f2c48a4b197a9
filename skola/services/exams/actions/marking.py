"""Marking: a person looks at every answer and gives the result. No result comes by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.exams import queries, rules
from skola.services.exams.actions import RefusedError, tell_of_pass
from skola.services.exams.models import Answer, Attempt


@dataclass(frozen=True)
class Mark:
    """What a marker gives for one answer."""

    points: Decimal
    remark: str = ""


Marks = Mapping[UUID, Mark]
"""By the question that was answered."""


@transaction.atomic
def release_result(
    attempt: Attempt, marks: Marks, *, marker: Person, by: str, now: datetime
) -> Attempt:
    """Give points for every answer, and the candidate the result.

    Raises RefusedError while the attempt runs, when there is a result already, for one's own
    attempt, and where an answer has no points yet.
    """
    held = Attempt.objects.select_for_update(of=("self",)).whole().get(pk=attempt.pk)
    if held.finished_at is None:
        raise RefusedError(_("This attempt is not finished."))
    if held.released_at is not None:
        raise RefusedError(_("There is a result already. It changes only by a contest."))
    if held.person_id == marker.pk:
        raise RefusedError(_("Somebody else has to mark this attempt."))
    points = give(held, marks)
    percent, most = held.sitting.exam.pass_percent, queries.worth(held.sitting.exam)
    held.points, held.marker, held.released_at = points, marker, now
    held.outcome = outcome_of(points, of=most, percent=percent)
    if getattr(held, "identity", None) and held.identity.finding == "somebody-else":
        held.outcome = Attempt.Outcome.FAILED
    held.save(update_fields=["points", "marker", "released_at", "outcome"])
    audit.record(
        "exams.result.released",
        target=held,
        subject=held.person_id,
        by=by,
        at=now,
        detail={"points": str(points), "of": most},
    )
    tell_of_pass(held, by=by, now=now)
    return held


def outcome_of(points: Decimal, *, of: int, percent: int) -> str:
    """Return the word of a result."""
    reached = rules.passed(points, of=of, percent=percent)
    return Attempt.Outcome.PASSED if reached else Attempt.Outcome.FAILED


def give(attempt: Attempt, marks: Marks) -> Decimal:
    """Write the marks to the answers and return their sum. Raises RefusedError."""
    answers = list(attempt.answers.select_related("question"))
    for answer in answers:
        mark = marks.get(answer.question_id)
        if mark is not None:
            answer.points, answer.remark = mark.points, mark.remark
        if answer.points is None:
            raise RefusedError(_("Give points for every answer first."))
        if not 0 <= answer.points <= answer.question.points:
            raise RefusedError(_("Points go from nothing to what the question is worth."))
    Answer.objects.bulk_update(answers, ["points", "remark"])
    return queries.points_so_far(answers)
