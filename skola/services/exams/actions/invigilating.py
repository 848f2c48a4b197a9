"""What an invigilator does while a date runs. Candidates read it, during the exam or after it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.exams import queries, rules
from skola.services.exams.actions import RefusedError
from skola.services.exams.actions.sitting import finish, locked, refuse_unless_running
from skola.services.exams.models import Attempt, Invigilator, Note, Recording, Sitting, Viewing


@transaction.atomic
def name_invigilators(
    sitting: Sitting, people: Sequence[Person], *, by: str, now: datetime
) -> None:
    """Say who watches over a date: these, and nobody else. One entry for each change.

    Raises RefusedError for somebody who sits there themselves.
    """
    held = Sitting.objects.select_for_update().get(pk=sitting.pk)
    wanted = {one.pk for one in people}
    if held.attempts.filter(person__in=wanted).exists():
        raise RefusedError(_("Who sits an exam cannot watch over it. Choose somebody else."))
    known = {one.person_id: one for one in held.invigilators.all()}
    for key in sorted(wanted - known.keys()):
        made = Invigilator.objects.create(sitting=held, person_id=key, named_at=now)
        audit.record(
            "exams.invigilator.named",
            target=held,
            subject=made.person_id,
            by=by,
            at=now,
            clause="ilearn-40.d",
        )
    for key, gone in known.items():
        if key not in wanted:
            audit.record("exams.invigilator.removed", target=held, subject=key, by=by, at=now)
            gone.delete()


def _held_by(attempt: Attempt, invigilator: Person, now: datetime) -> Attempt:
    """Lock an attempt that runs. Raises RefusedError where somebody else watches over it."""
    held = locked(attempt)
    if not queries.invigilates(invigilator, held.sitting_id):
        raise RefusedError(_("Somebody else watches over this date."))
    refuse_unless_running(held, now)
    return held


@transaction.atomic
def watch(attempt: Attempt, *, invigilator: Person, by: str, now: datetime) -> Note:
    """Open a candidate's record and what is filmed so far, for an hour; they see that you looked.

    Raises RefusedError while the attempt does not run, and for who does not watch over it.
    """
    held = _held_by(attempt, invigilator, now)
    recording = Recording.objects.filter(attempt=held).first()
    if recording is not None:
        Viewing.objects.create(
            recording=recording, viewer=invigilator, reason=Viewing.Reason.LIVE, at=now
        )
    made = Note.objects.create(attempt=held, kind=Note.Kind.LOOK, author=invigilator, at=now)
    audit.record(
        "exams.attempt.watched",
        target=held,
        subject=held.person_id,
        by=by,
        at=now,
        clause="ilearn-40.a",
        detail={"film": recording is not None},
    )
    return made


@transaction.atomic
def say(attempt: Attempt, *, text: str, invigilator: Person, by: str, now: datetime) -> Note:
    """Tell one candidate something; it stands on their paper within seconds."""
    held = _held_by(attempt, invigilator, now)
    made = _note(held, Note.Kind.MESSAGE, text, invigilator, now)
    audit.record(
        "exams.message.sent", target=held, subject=held.person_id, by=by, at=now, detail={"to": 1}
    )
    return made


@transaction.atomic
def say_to_all(sitting: Sitting, *, text: str, invigilator: Person, by: str, now: datetime) -> int:
    """Tell everybody who writes now the same, and return how many that are.

    Raises RefusedError for who does not watch over this date, and where nobody writes.
    """
    if not queries.invigilates(invigilator, sitting.pk):
        raise RefusedError(_("Somebody else watches over this date."))
    writing = list(Attempt.objects.writing(sitting, now).values_list("pk", flat=True))
    if not writing:
        raise RefusedError(_("Nobody writes now, so nobody would read it."))
    Note.objects.bulk_create(
        Note(attempt_id=key, kind=Note.Kind.MESSAGE, text=text, author=invigilator, at=now)
        for key in writing
    )
    audit.record("exams.message.sent", target=sitting, by=by, at=now, detail={"to": len(writing)})
    return len(writing)


@transaction.atomic
def ask_for_help(attempt: Attempt, *, text: str, by: str, now: datetime) -> Note:
    """The candidate asks the invigilator something. Raises RefusedError while it does not run."""
    held = locked(attempt)
    refuse_unless_running(held, now)
    made = Note.objects.create(attempt=held, kind=Note.Kind.HELP, text=text, at=now)
    audit.record("exams.help.asked", target=held, subject=held.person_id, by=by, at=now)
    return made


@transaction.atomic
def flag(attempt: Attempt, *, text: str, invigilator: Person, by: str, now: datetime) -> Note:
    """Note something for whoever marks it. Nothing follows from it by itself (ilearn-11.p)."""
    held = _held_by(attempt, invigilator, now)
    made = _note(held, Note.Kind.FLAG, text, invigilator, now)
    audit.record(
        "exams.attempt.noted",
        target=held,
        subject=held.person_id,
        by=by,
        at=now,
        clause="ilearn-11.p",
    )
    return made


@transaction.atomic
def give_time(
    attempt: Attempt, *, minutes: int, text: str, invigilator: Person, by: str, now: datetime
) -> Attempt:
    """Let a candidate write longer, with the reason as ``text``. The server's clock moves."""
    held = _held_by(attempt, invigilator, now)
    assert held.ends_at is not None
    held.ends_at += timedelta(minutes=minutes)
    held.save(update_fields=["ends_at"])
    _note(held, Note.Kind.TIME, text, invigilator, now, minutes=minutes)
    audit.record(
        "exams.attempt.extended",
        target=held,
        subject=held.person_id,
        by=by,
        at=now,
        detail={"minutes": minutes},
    )
    return held


@transaction.atomic
def stop(attempt: Attempt, *, text: str, invigilator: Person, by: str, now: datetime) -> Attempt:
    """End an attempt with the reason as ``text``. What the candidate saved is marked as ever."""
    held = _held_by(attempt, invigilator, now)
    assert held.ends_at is not None
    _note(held, Note.Kind.STOP, text, invigilator, now)
    at = rules.finished_at(held.ends_at, now)
    return finish(held, Attempt.Ending.STOPPED, at=at, by=by, now=now)


def _note(
    attempt: Attempt,
    kind: str,
    text: str,
    author: Person,
    now: datetime,
    *,
    minutes: int | None = None,
) -> Note:
    return Note.objects.create(
        attempt=attempt, kind=kind, text=text, author=author, at=now, minutes=minutes
    )
