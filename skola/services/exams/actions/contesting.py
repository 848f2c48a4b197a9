"""Contesting: it holds the film, somebody else decides, and the decision lets the film go."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.retention.api import Hold, place_hold, release_hold
from skola.services.exams import queries, rules
from skola.services.exams.actions import RefusedError, tell_of_pass
from skola.services.exams.actions.marking import Marks, give, outcome_of
from skola.services.exams.models import Attempt, Contest, Recording

HELD_FOR = "The exam is contested."


@transaction.atomic
def contest(attempt: Attempt, *, text: str, by: str, now: datetime) -> Contest:
    """Contest an exam within its term; from now on the film is held (ilearn-40.b).

    Raises RefusedError before the end of the attempt, after its term, and a second time.
    """
    held = Attempt.objects.select_for_update(of=("self",)).whole().get(pk=attempt.pk)
    known = Contest.objects.filter(attempt=held).exists()
    if not rules.may_contest(
        finished=held.finished_at is not None,
        window_ends_at=held.window_ends_at,
        contested=known,
        now=now,
    ):
        raise RefusedError(
            _("You have contested this exam already.")
            if known
            else _("This exam cannot be contested now: its term runs from its end on, and ends.")
        )
    recording = Recording.objects.filter(attempt=held).first()
    hold = None
    if recording is not None:
        hold = place_hold(reason=HELD_FOR, target=recording, by=by, now=now)
    made = Contest.objects.create(
        attempt=held, text=text, filed_at=now, hold=hold.pk if hold else None
    )
    audit.record(
        "exams.contest.filed",
        target=held,
        subject=held.person_id,
        by=by,
        at=now,
        clause="ilearn-40.b",
    )
    return made


@transaction.atomic
def decide(
    filed: Contest,
    *,
    decision: str,
    reasons: str,
    marks: Marks,
    decider: Person,
    by: str,
    now: datetime,
) -> Contest:
    """Decide a contest and let the film go: if its term has passed, it is due at once.

    ``marks`` count where the result is changed. Raises RefusedError for who marked it first or
    whose it is, where it is decided already, or where there is no result yet.
    """
    held = (
        Contest.objects.select_for_update(of=("self",))
        .select_related("attempt__sitting__exam")
        .get(pk=filed.pk)
    )
    attempt = held.attempt
    if held.decided_at is not None:
        raise RefusedError(_("This contest is decided already."))
    if attempt.released_at is None:
        raise RefusedError(_("Give the result first; then somebody else decides."))
    if not rules.may_decide(decider.pk, marker=attempt.marker_id, candidate=attempt.person_id):
        raise RefusedError(_("Who marked the exam first cannot decide. Somebody else has to."))
    if decision == Contest.Decision.CHANGED:
        attempt.points = give(attempt, marks)
        attempt.outcome = outcome_of(
            attempt.points,
            of=queries.worth(attempt.sitting.exam),
            percent=attempt.sitting.exam.pass_percent,
        )
        attempt.save(update_fields=["points", "outcome"])
    held.decision, held.reasons, held.decided_at, held.decided_by = decision, reasons, now, decider
    held.save(update_fields=["decision", "reasons", "decided_at", "decided_by"])
    audit.record(
        "exams.contest.decided",
        target=attempt,
        subject=attempt.person_id,
        by=by,
        at=now,
        clause="ilearn-40.b",
        detail={"decision": str(decision)},
    )
    hold = Hold.objects.filter(pk=held.hold, released_at=None).first() if held.hold else None
    if hold is not None:
        release_hold(hold, by=by, now=now)
    tell_of_pass(attempt, by=by, now=now)
    return held
