"""The door of ``diary``."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.api import Person
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.policy.api import has
from skola.services.diary import queries
from skola.services.diary.around import people_around
from skola.services.diary.models import (
    Absence,
    AbsenceNote,
    Assessment,
    Doubt,
    Lesson,
    Mark,
    MarkChange,
)
from skola.services.diary.queries import lessons_missed, marks_given, places_for, sees
from skola.services.school import api as school

OF_A_YEAR = (
    (Lesson, "slot__group__school_class__year"),
    (Assessment, "group__school_class__year"),
    (Absence, "pupil__school_class__year"),
    (Mark, "pupil__school_class__year"),
    (MarkChange, "mark__pupil__school_class__year"),
    (Doubt, "mark__pupil__school_class__year"),
    (AbsenceNote, "pupil__school_class__year"),
)
"""What the diary has of a school year, and the way to it; parents first. What a pupil ticked off is
the pupil's own and not the school's."""

__all__ = [
    "OF_A_YEAR",
    "lessons_missed",
    "looks_at",
    "marks_given",
    "people_around",
    "places",
    "places_for",
    "sees",
    "today",
]


def places(request: Any) -> Sequence[Place]:
    """Return the diary for everybody signed in: who has nothing in it yet can ask for access."""
    if not request.person or not has("diary.school", now=clock.now()):
        return []
    url = reverse("diary:front")
    return [Place(_("Diary"), url, "diary", current=str(request.path).startswith(url))]


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return what waits: notes for a form teacher, unusual reading for who runs the school."""
    if not has("diary.school", now=now):
        return []
    held, me = kinds(request), request.person
    found: list[Told] = [*_unusual(request, now)] if "school" in held else []
    if "teacher" in held:
        notes = AbsenceNote.objects.filter(queries.waiting_notes(me, now))
        found.append(Waiting(notes, _notes))
    if held & {"teacher", "school"}:
        doubts = Doubt.objects.open().filter(queries.at_groups_of(me, now))
        found.append(Waiting(doubts, _doubts))
    return found


def _doubts(doubts: QuerySet[Doubt]) -> list[Thing]:
    count = doubts.count()
    words = ngettext(
        "%(count)s mark is said to be wrong", "%(count)s marks are said to be wrong", count
    )
    why = _("Pupils and parents wait for an answer.")
    return [(words % {"count": count}, why, reverse("diary:doubts"), _("Answer"), False)]


def _unusual(request: Any, now: datetime) -> list[Thing]:
    schools = school.School.objects.run_by(request.person, now)
    yesterday = school.today_here(now) - timedelta(days=1)
    return [
        (
            _("%(name)s opened the pages of %(count)s pupils in one day")
            % {"name": one.reader.name, "count": one.pupils},
            _("That is more than usual. Ask why."),
            reverse("diary:readings"),
            _("Look at it"),
            True,
        )
        for one in queries.readings(schools, yesterday)
        if one.is_bulk
    ]


def _notes(notes: QuerySet[AbsenceNote]) -> list[Thing]:
    of_classes = list(notes.values_list("pupil__school_class_id", flat=True))
    count, where = len(of_classes), of_classes[0]
    words = ngettext("%(count)s absence note", "%(count)s absence notes", count)
    return [
        (
            words % {"count": count},
            _("Parents wait for an answer."),
            reverse("diary:notes", args=[where]),
            _("Answer"),
            False,
        )
    ]


def looks_at(person: Person, *, since: datetime) -> list[tuple[datetime, str, str]]:
    """Return who opened a pupil's pages since a moment: when, who, which (ekool-2.2-monitor)."""
    if not has("diary.school", now=clock.now()):
        return []
    return [
        (look.last_at, look.reader.name if look.reader else "–", str(look.get_what_display()))
        for look in queries.looks_at(person.pk)
        if look.last_at >= since
    ]
