"""Everything that changes the diary, one function each."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.ids import uuid7
from skola.ground.people.api import Person
from skola.ground.tenants.api import current_id
from skola.services.diary import rules
from skola.services.diary.models import (
    Absence,
    AbsenceNote,
    Assessment,
    CalendarLink,
    HomeworkDone,
    Lesson,
    Mark,
    MarkChange,
)
from skola.services.school import api as school


class NoMarkError(Exception):
    """What was typed is no mark of the subject's scale."""


class ReasonMissingError(Exception):
    """A mark that stands is changed with a reason only."""


class AnsweredError(Exception):
    """The note has been answered already."""


@transaction.atomic
def enter_lesson(
    slot: school.Slot,
    on: date,
    *,
    topic: str,
    homework: str,
    due_on: date | None,
    by: str,
    now: datetime,
) -> Lesson:
    """Write topic and homework of one lesson; homework without a day is for the next lesson."""
    if homework and due_on is None:
        due_on = _next_lesson(slot, on)
    values = {"topic": topic, "homework": homework, "due_on": due_on if homework else None}
    lesson, _made = Lesson.objects.update_or_create(
        slot=slot, on=on, defaults=values, create_defaults={**values, "entered_at": now}
    )
    audit.record("diary.lesson.entered", target=lesson, by=by, at=now)
    return lesson


def _next_lesson(slot: school.Slot, on: date) -> date | None:
    weekdays = school.Slot.objects.filter(group=slot.group_id, until_on=None)
    return rules.next_lesson_day(list(weekdays.values_list("weekday", flat=True)), on)


@transaction.atomic
def note_absences(
    slot: school.Slot,
    on: date,
    away: Mapping[UUID, tuple[str, int]],
    *,
    by: str,
    now: datetime,
) -> Lesson:
    """Note for some pupils whether they were there: key of the pupil to kind and minutes late.

    The kind ``present`` takes an absence back. Others stay as they are; keys that are not of the
    class are passed over.
    """
    lesson, _made = Lesson.objects.get_or_create(slot=slot, on=on, defaults={"entered_at": now})
    theirs = school.Pupil.objects.filter(
        school_class=slot.group.school_class_id, pk__in=list(away)
    ).in_class_on(on)
    known = set(theirs.values_list("pk", flat=True))
    told = {key: value for key, value in away.items() if key in known}
    present = [key for key, (kind, _minutes) in told.items() if kind == rules.Was.PRESENT]
    Absence.objects.filter(lesson=lesson, pupil__in=present).delete()
    Absence.objects.bulk_create(
        [
            Absence(
                lesson=lesson,
                pupil_id=key,
                kind=kind,
                minutes=minutes if kind == Absence.Kind.LATE else 0,
                noted_at=now,
            )
            for key, (kind, minutes) in told.items()
            if kind != rules.Was.PRESENT
        ],
        update_conflicts=True,
        unique_fields=["tenant", "lesson", "pupil"],
        update_fields=["kind", "minutes", "noted_at"],
    )
    audit.record("diary.absences.noted", target=lesson, by=by, at=now, detail={"pupils": len(told)})
    return lesson


@transaction.atomic
def add_assessment(
    group: school.Group, *, on: date, kind: str, title: str, by: str, now: datetime
) -> Assessment:
    """Open a column of the journal. A test in the days ahead stands in the pupils' calendar."""
    made = Assessment.objects.create(group=group, on=on, kind=kind, title=title, created_at=now)
    audit.record("diary.assessment.added", target=made, by=by, at=now)
    return made


@transaction.atomic
def give_mark(
    assessment: Assessment,
    pupil: school.Pupil,
    typed: str,
    *,
    author: Person,
    reason: str = "",
    by: str,
    now: datetime,
) -> Mark | None:
    """Give, change or (with an empty text) take back a mark; what it was before stays with it.

    Returns the mark, or None where there was none and none is given. Raises NoMarkError, and
    ReasonMissingError when a mark that stood for a quarter of an hour is changed without a reason.
    """
    value = rules.read_mark(assessment.group.subject.scale, typed)
    if value is None:
        scale = ", ".join(rules.SCALES[assessment.group.subject.scale])
        raise NoMarkError(
            _("“%(typed)s” is no mark. Marks here are: %(scale)s.")
            % {"typed": typed.strip()[:20], "scale": scale}
        )
    mark, is_new = _mark_of(assessment, pupil, value, now)
    before = "" if mark is None or is_new else mark.value
    if mark is None or (value == before and not is_new):
        return mark
    if not is_new:
        if rules.needs_reason(before, mark.given_at, now) and not reason:
            raise ReasonMissingError(_("This mark stands. Say why it changes."))
        mark.value, mark.given_at = value, now
        mark.save(update_fields=["value", "given_at"])
    MarkChange.objects.create(
        mark=mark,
        before=before,
        after=value,
        reason=reason or (_("Mistyped") if before else ""),
        author=author,
        at=now,
    )
    audit.record(
        "diary.mark.given" if not before else "diary.mark.changed",
        target=mark,
        subject=pupil.person_id,
        by=by,
        at=now,
    )
    return mark


def _mark_of(
    assessment: Assessment, pupil: school.Pupil, value: str, now: datetime
) -> tuple[Mark | None, bool]:
    """Return the mark that stands, locked, or a new one, and whether it is new.

    The same cell may be sent twice at once: who comes second finds what the first one gave.
    """
    marks = Mark.objects.select_for_update()
    if not value:
        return marks.filter(assessment=assessment, pupil=pupil).first(), False
    return marks.get_or_create(
        assessment=assessment, pupil=pupil, defaults={"value": value, "given_at": now}
    )


@transaction.atomic
def tick_homework(
    pupil: school.Pupil, lesson: Lesson, *, is_done: bool, by: str, now: datetime
) -> None:
    """The pupil ticks homework off, or takes the tick back."""
    if is_done:
        HomeworkDone.objects.get_or_create(pupil=pupil, lesson=lesson, defaults={"done_at": now})
    else:
        HomeworkDone.objects.filter(pupil=pupil, lesson=lesson).delete()
    audit.record("diary.homework.ticked", target=lesson, subject=pupil.person_id, by=by, at=now)


@transaction.atomic
def send_note(
    pupil: school.Pupil,
    *,
    first_on: date,
    last_on: date,
    reason: str,
    text: str,
    sender: Person,
    by: str,
    now: datetime,
) -> AbsenceNote:
    """A guardian, or a pupil of age, tells why a pupil is not there (ekool-1.4-parent)."""
    note = AbsenceNote.objects.create(
        pupil=pupil,
        first_on=first_on,
        last_on=last_on,
        reason=reason,
        text=text,
        sender=sender,
        sent_at=now,
    )
    audit.record("diary.note.sent", target=note, subject=pupil.person_id, by=by, at=now)
    return note


@transaction.atomic
def answer_notes(
    notes: Sequence[AbsenceNote], *, is_confirmed: bool, answer: str = "", by: str, now: datetime
) -> int:
    """Confirm or refuse notes that wait, and return how many; a refusal says why.

    Raises ReasonMissingError for a refusal without a word, AnsweredError when none waits any more.
    """
    if not is_confirmed and not answer:
        raise ReasonMissingError(_("Say in a word why the note is refused; the parent reads it."))
    state = AbsenceNote.State.CONFIRMED if is_confirmed else AbsenceNote.State.REFUSED
    waiting = AbsenceNote.objects.select_for_update().waiting()
    found = list(waiting.filter(pk__in=[note.pk for note in notes]).select_related("pupil"))
    if not found:
        raise AnsweredError(_("Somebody has answered this note already."))
    AbsenceNote.objects.filter(pk__in=[note.pk for note in found]).update(
        state=state, answer=answer, answered_at=now
    )
    for note in found:
        audit.record(
            "diary.note.confirmed" if is_confirmed else "diary.note.refused",
            target=note,
            subject=note.pupil.person_id,
            by=by,
            at=now,
        )
    return len(found)


def note_look(person: UUID, reader: Person, what: str, *, on: date, now: datetime) -> None:
    """Remember that somebody opened a pupil's page, once a day and page (ekool-2.2-monitor).

    It is written by the reading itself, so it has no entry of its own in the audit.
    """
    if person == reader.pk:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into diary_look as look
                   (id, tenant_id, person_id, reader_id, what, "on", times, last_at)
            values (%s, %s, %s, %s, %s, %s, 1, %s)
            on conflict (tenant_id, person_id, reader_id, what, "on") do update
               set times = look.times + 1, last_at = excluded.last_at
            """,
            [uuid7(), current_id(), person, reader.pk, what, on, now],
        )


def secret_hash(secret: str) -> str:
    """Return what is kept of the secret part of a calendar's address."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def open_calendar(reader: Person, child: UUID, *, by: str, now: datetime) -> str:
    """Make a secret address for a child's lessons and return its secret, which is kept nowhere.

    An address that ``reader`` had for this child works no longer.
    """
    secret = secrets.token_urlsafe(32)
    CalendarLink.objects.working().filter(reader=reader, child=child).update(revoked_at=now)
    link = CalendarLink.objects.create(
        reader=reader, child_id=child, secret=secret_hash(secret), created_at=now
    )
    audit.record("diary.calendar.opened", target=link, subject=child, by=by, at=now)
    return secret


@transaction.atomic
def revoke_calendar(link: CalendarLink, *, by: str, now: datetime) -> None:
    """Let an address work no longer, at once."""
    link.revoked_at = now
    link.save(update_fields=["revoked_at"])
    audit.record("diary.calendar.revoked", target=link, subject=link.child_id, by=by, at=now)
