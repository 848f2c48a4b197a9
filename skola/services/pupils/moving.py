"""A pupil goes from one school of the service to another, by an official hand-over."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.services.diary import api as diary
from skola.services.pupils.models import HandOver
from skola.services.school import api as school


class TakenError(Exception):
    """The pupil was taken over already."""


@transaction.atomic
def hand_over(pupil: school.Pupil, to: school.School, *, by: str, now: datetime) -> HandOver:
    """End a pupil's time at a school and hand the record over to another one.

    What waits for the same school already is not made twice.
    """
    today = school.today_here(now)
    waits = HandOver.objects.filter(person=pupil.person_id, to_school=to, taken_at=None).first()
    if waits is not None:
        return waits
    made = HandOver.objects.create(
        person_id=pupil.person_id,
        from_school=pupil.school_class.year.school,
        to_school=to,
        record=_record(pupil),
        handed_at=now,
    )
    school.leave_class(pupil, on=today, by=by, now=now)
    audit.record("pupils.pupil.handed_over", target=made, subject=pupil.person_id, by=by, at=now)
    return made


def _record(pupil: school.Pupil) -> dict[str, Any]:
    """Return the years of a pupil at this school as they stand now."""
    there = school.Pupil.objects.filter(
        person=pupil.person_id, school_class__year__school=pupil.school_class.year.school_id
    )
    years = []
    for one in there.select_related("school_class__year").order_by("joined_on"):
        first, last = one.school_class.year.starts_on, one.school_class.year.ends_on
        marks: dict[str, list[str]] = {}
        for _pupil, subject, value in diary.marks_given([one.pk], first, last):
            marks.setdefault(subject, []).append(value)
        years.append(
            {
                "year": one.school_class.year.name,
                "class": one.school_class.name,
                "from": one.joined_on.isoformat(),
                "marks": marks,
                "missed": diary.lessons_missed([one.pk], first, last).get(one.pk, 0),
            }
        )
    return {"years": years}


@transaction.atomic
def take_over(
    handed: HandOver, into: school.SchoolClass, *, by: str, now: datetime
) -> school.Pupil:
    """Put a pupil who was handed over into a class. Raises TakenError when they were taken."""
    held = HandOver.objects.select_for_update(of=("self",)).get(pk=handed.pk)
    if held.taken_at is not None:
        raise TakenError(_("This pupil was taken over already."))
    held.taken_at = now
    held.save(update_fields=["taken_at"])
    today = school.today_here(now)
    pupil = school.enter_pupil(into, held.person, joined_on=today, by=by, now=now)
    audit.record("pupils.pupil.taken_over", target=held, subject=held.person_id, by=by, at=now)
    return pupil
