"""Sitting an exam: a place, the look at the papers, the start, the answers, the end."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.people.api import Person
from skola.promises.policy.api import in_force
from skola.services.exams import queries, rules
from skola.services.exams.actions import RefusedError
from skola.services.exams.models import Answer, Attempt, IdentityCheck, Recording, Sitting

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

PAPERS = "exams.papers"
"""The kind of file that shows a candidate's papers, until somebody has looked at it."""


def locked(attempt: Attempt) -> Attempt:
    """Return an attempt as it is now, with what belongs to it, locked until the end."""
    return Attempt.objects.select_for_update(of=("self",)).whole().get(pk=attempt.pk)


@transaction.atomic
def take_place(sitting: Sitting, person: Person, *, way: str, by: str, now: datetime) -> Attempt:
    """Give a person a place in a sitting, filmed or in the room, as they chose.

    Raises RefusedError when there is none, when it is over, or when they have one already.
    """
    held = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if held.exam.published_at is None or held.closes_at <= now:
        raise RefusedError(_("This date is over. Choose another one."))
    if held.invigilators.filter(person=person).exists():
        raise RefusedError(_("You watch over this date. Choose another one."))
    if held.attempts.filter(person=person).exists():
        raise RefusedError(_("You have a place on this date already."))
    if held.attempts.count() >= held.places:
        raise RefusedError(_("All places of this date are taken. Choose another one."))
    made = Attempt.objects.create(sitting=held, person=person, way=way, registered_at=now)
    audit.record(
        "exams.attempt.registered",
        target=made,
        subject=person.pk,
        by=by,
        at=now,
        detail={"way": str(way)},
    )
    return made


@transaction.atomic
def choose_way(attempt: Attempt, *, way: str, by: str, now: datetime) -> None:
    """Let a candidate change how they sit, until they begin: the camera is never the only way."""
    held = locked(attempt)
    if held.begun_at is not None:
        raise RefusedError(_("The exam has begun. Speak to the examiner."))
    Attempt.objects.filter(pk=held.pk).update(way=way)
    attempt.way = way
    audit.record(
        "exams.attempt.way_chosen",
        target=held,
        subject=held.person_id,
        by=by,
        at=now,
        clause="ilearn-40.d",
        detail={"way": str(way)},
    )


@transaction.atomic
def give_up_place(attempt: Attempt, *, by: str, now: datetime) -> None:
    """Give a place back before the exam. Raises RefusedError once it has begun."""
    held = locked(attempt)
    if held.begun_at is not None:
        raise RefusedError(_("The exam has begun. Speak to the examiner."))
    audit.record("exams.attempt.given_up", target=held, subject=held.person_id, by=by, at=now)
    held.delete()


# ---- who it is -----------------------------------------------------------------------------------


@transaction.atomic
def show_papers(
    attempt: Attempt, picture: "UploadedFile[Any]", *, by: str, now: datetime
) -> IdentityCheck:
    """Keep a picture of the candidate with their papers until somebody has looked at it.

    Raises files.RefusedError for what is no picture, RefusedError when it is decided already.
    """
    held = locked(attempt)
    known = IdentityCheck.objects.filter(attempt=held).first()
    if known is not None and known.outcome == IdentityCheck.Outcome.CONFIRMED:
        raise RefusedError(_("Somebody has confirmed already who you are."))
    stored = files.store(picture, kind=PAPERS, person_id=None, by=by, now=now)
    if known is not None:
        known.papers, known.shown_at, known.outcome = stored, now, ""
        known.checked_by, known.checked_at = None, None
        known.save()
    else:
        known = IdentityCheck.objects.create(attempt=held, papers=stored, shown_at=now)
    audit.record("exams.identity.shown", target=held, subject=held.person_id, by=by, at=now)
    return known


@transaction.atomic
def check_identity(
    attempt: Attempt, *, outcome: str, checker: Person, by: str, now: datetime
) -> None:
    """Keep what a person found when they looked at the papers; of the papers nothing stays.

    The picture's key is destroyed in this transaction. Raises RefusedError once the attempt has
    begun, and for one's own attempt.
    """
    held = locked(attempt)
    if held.begun_at is not None:
        raise RefusedError(_("The exam has begun; who sits there was confirmed before."))
    if held.person_id == checker.pk:
        raise RefusedError(_("Somebody else has to look at your papers."))
    found = {
        "papers": None,
        "outcome": outcome,
        "checked_by": checker,
        "checked_at": now,
    }
    IdentityCheck.objects.update_or_create(
        attempt=held, defaults=found, create_defaults={**found, "shown_at": now}
    )
    audit.record(
        "exams.identity.checked",
        target=held,
        subject=held.person_id,
        by=by,
        at=now,
        clause="ilearn-40.d",
        detail={"outcome": str(outcome)},
    )


def drop_old_papers(*, by: str, now: datetime) -> int:
    """Destroy pictures of papers at which nobody looked before their sitting was over."""
    over = IdentityCheck.objects.filter(
        papers__isnull=False, attempt__sitting__closes_at__lte=now
    ).select_related("attempt")
    for check in over:
        with transaction.atomic():
            check.papers = None
            check.save(update_fields=["papers"])
            audit.record(
                "exams.identity.dropped",
                target=check.attempt,
                subject=check.attempt.person_id,
                by=by,
                at=now,
            )
    return len(over)


# ---- the attempt ---------------------------------------------------------------------------------


@transaction.atomic
def begin(attempt: Attempt, *, told_days: int, camera: bool, by: str, now: datetime) -> Attempt:
    """Start the clock of an attempt. A second call changes nothing.

    ``told_days`` is the term that stood on the page which the candidate confirmed (ilearn-40.c).
    Raises RefusedError outside of the sitting, while nobody has looked at their papers, where
    another term holds than the one they read, and where the camera is needed and not there.
    """
    held = locked(attempt)
    if held.begun_at is not None:
        return held
    exam, sitting = held.sitting.exam, held.sitting
    checked = IdentityCheck.objects.filter(attempt=held).exclude(outcome="").first()
    if not rules.can_begin(
        starts_at=sitting.starts_at,
        closes_at=sitting.closes_at,
        is_checked=checked is not None,
        now=now,
    ):
        raise RefusedError(_("You can begin once somebody has let you in, within the time given."))
    if told_days != queries.term_days(exam, now):
        raise RefusedError(_("The term has changed since you read it. Read it once more."))
    if held.is_filmed and not camera:
        raise RefusedError(
            _(
                "This exam is filmed, and the camera or the screen is not there. Allow both, "
                "or choose to sit without a camera."
            )
        )
    held.told_at, held.told_days = now, exam.term_days
    held.notice_version = in_force(now).policy.policy.version
    held.begun_at, held.ends_at = now, now + timedelta(minutes=exam.minutes)
    held.save(update_fields=["told_at", "told_days", "notice_version", "begun_at", "ends_at"])
    if held.is_filmed:
        Recording.objects.create(attempt=held, created_at=now)
    audit.record(
        "exams.attempt.begun",
        target=held,
        subject=held.person_id,
        by=by,
        at=now,
        clause="ilearn-40.c",
        detail={"days": told_days, "way": held.way},
    )
    if checked is not None and checked.outcome == IdentityCheck.Outcome.REFUSED:
        audit.record(
            "exams.attempt.flagged",
            target=held,
            subject=held.person_id,
            by="system",
            at=now,
            clause="ilearn-11.p",
        )
    return held


@transaction.atomic
def review_identity(
    attempt: Attempt, *, finding: str, reasons: str, reviewer: Person, by: str, now: datetime
) -> None:
    """A person says who sat at a flagged exam; only now something may follow (ilearn-11.p).

    Somebody else: the result is not passed, whenever it is given. Raises RefusedError where it is
    not flagged, or reviewed already, and for one's own attempt.
    """
    held = locked(attempt)
    if held.person_id == reviewer.pk:
        raise RefusedError(_("Somebody else has to look at this."))
    found = {"finding": finding, "reasons": reasons, "reviewed_at": now}
    flagged = IdentityCheck.objects.filter(attempt=held, outcome="refused", reviewed_at=None)
    if held.begun_at is None or not flagged.update(**found):
        raise RefusedError(_("There is nothing to decide here any more."))
    if finding == IdentityCheck.Finding.SOMEBODY_ELSE and held.released_at is not None:
        Attempt.objects.filter(pk=held.pk).update(outcome=Attempt.Outcome.FAILED)
    audit.record(
        "exams.identity.reviewed",
        target=held,
        subject=held.person_id,
        by=by,
        at=now,
        clause="ilearn-11.p",
        detail={"finding": str(finding)},
    )


def refuse_unless_running(attempt: Attempt, now: datetime) -> datetime:
    """Return when an attempt ends. Raises RefusedError before its start and after its end."""
    if attempt.begun_at is None or attempt.ends_at is None:
        raise RefusedError(_("This exam has not begun."))
    if attempt.finished_at is not None or rules.time_is_up(attempt.ends_at, now):
        raise RefusedError(_("This exam is over; what you saved before counts."))
    return attempt.ends_at


Given = Mapping[UUID, Sequence[str]]


@transaction.atomic
def save_answers(
    attempt: Attempt, given: Given, *, later: Sequence[UUID] | None = None, now: datetime
) -> int:
    """Keep what is answered so far, and return how many answers changed.

    ``later`` are the questions that are marked for later; None leaves them as they are.

    What arrives after the end, at most ten minutes, is kept and marked as late. Raises RefusedError
    before the start and after the end. Answers alone are no entry of the audit; handing in is.
    """
    held = locked(attempt)
    ends_at = refuse_unless_running(held, now)
    if later is not None and (marked := sorted(str(one) for one in later)) != held.later:
        held.later = marked
        held.save(update_fields=["later"])
    return _save(held, given, is_late=rules.is_late(ends_at, now), now=now)


def _save(attempt: Attempt, given: Given, *, is_late: bool, now: datetime) -> int:
    known = {one.question_id: one for one in attempt.answers.all()}
    fresh, changed = [], []
    for question in attempt.sitting.exam.questions.filter(pk__in=list(given)):
        said, before = list(given[question.pk]), known.get(question.pk)
        if before is None and said:
            fresh.append(
                Answer(
                    attempt=attempt, question=question, given=said, saved_at=now, is_late=is_late
                )
            )
        elif before is not None and before.given != said:
            before.given, before.saved_at, before.is_late = said, now, is_late
            changed.append(before)
    Answer.objects.bulk_create(fresh)
    Answer.objects.bulk_update(changed, ["given", "saved_at", "is_late"])
    return len(fresh) + len(changed)


@transaction.atomic
def hand_in(attempt: Attempt, given: Given, *, by: str, now: datetime) -> Attempt:
    """Save the last answers and end the attempt: the term of film and contest begins (ilearn-40.b).

    Raises RefusedError as ``save_answers`` does.
    """
    held = locked(attempt)
    ends_at = refuse_unless_running(held, now)
    _save(held, given, is_late=rules.is_late(ends_at, now), now=now)
    return finish(
        held, Attempt.Ending.HANDED_IN, at=rules.finished_at(ends_at, now), by=by, now=now
    )


def finish(attempt: Attempt, ending: str, *, at: datetime, by: str, now: datetime) -> Attempt:
    """End an attempt: the term of film and contest begins, and the key proposes points."""
    attempt.finished_at, attempt.ending = at, ending
    attempt.window_ends_at = queries.window_end(at, told_days=attempt.told_days, now=now)
    attempt.save(update_fields=["finished_at", "ending", "window_ends_at"])
    Recording.objects.filter(attempt=attempt).update(
        finished_at=at,
        window_ends_at=attempt.window_ends_at,
        term_ends_at=attempt.window_ends_at if attempt.told_days else None,
    )
    _mark_by_key(attempt)
    audit.record(
        "exams.attempt.finished",
        target=attempt,
        subject=attempt.person_id,
        by=by,
        at=now,
        clause="ilearn-40.b",
        detail={"ending": str(ending)},
    )
    return attempt


def _mark_by_key(attempt: Attempt) -> None:
    """Points by the key are a proposal: a person looks at them and gives the result."""
    answers = list(attempt.answers.select_related("question"))
    for answer in answers:
        question = answer.question
        answer.points = rules.points_for(
            question.kind, key=question.key, worth=question.points, answer=answer.given
        )
    Answer.objects.bulk_update(answers, ["points"])


def close_what_is_over(*, by: str, now: datetime) -> int:
    """End every attempt whose time was up ten minutes ago, and return how many. Safe to repeat."""
    running = Attempt.objects.filter(finished_at=None, ends_at__lt=now - rules.OFFLINE).values_list(
        "pk", flat=True
    )
    done = 0
    for key in list(running):
        with transaction.atomic():
            held = Attempt.objects.select_for_update(of=("self",)).whole().get(pk=key)
            if held.finished_at is None and held.ends_at is not None:
                finish(held, Attempt.Ending.TIME, at=held.ends_at, by=by, now=now)
                done += 1
    return done
