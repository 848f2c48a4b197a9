"""The door of ``courses``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.api import Person
from skola.ground.ui.api import Place
from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.policy.api import has
from skola.services.courses.access import authors, may_author
from skola.services.courses.actions import (
    NotOpenError,
    answer,
    begin_again,
    complete,
    enrol,
    enrol_all,
    leave,
    lock,
    look_at,
    open_until,
    sell,
    when_finished,
)
from skola.services.courses.authoring import (
    About,
    Filling,
    add_lesson,
    add_section,
    make_course,
    publish,
)
from skola.services.courses.beside import Said, say_beside
from skola.services.courses.models import Course, Enrolment, Lesson, Section
from skola.services.courses.queries import (
    UnderWay,
    how_far,
    people_around,
    taken_by,
    under_way,
)
from skola.services.courses.questions import (
    Question,
    QuestionsError,
    questions_in,
    written,
    wrong,
)
from skola.services.courses.rules import slug_of

__all__ = [
    "About",
    "Course",
    "Enrolment",
    "Filling",
    "Lesson",
    "NotOpenError",
    "Question",
    "QuestionsError",
    "Said",
    "Section",
    "UnderWay",
    "add_lesson",
    "add_section",
    "answer",
    "authors",
    "begin_again",
    "complete",
    "enrol",
    "enrol_all",
    "how_far",
    "leave",
    "lock",
    "look_at",
    "make_course",
    "open_until",
    "people_around",
    "places",
    "publish",
    "questions_in",
    "say_beside",
    "sell",
    "slug_of",
    "taken_by",
    "today",
    "under_way",
    "when_finished",
    "written",
    "wrong",
]


def places(request: Any) -> Sequence[Place]:
    """Return where this visitor goes among courses: what they take, find and make."""
    now = clock.now()
    here = str(request.path)
    mine, made = reverse("courses:mine"), reverse("courses:made")
    catalogue = reverse("courses:catalogue")
    making = here.startswith(made)
    found = []
    if request.person and has("courses.take", now=now):
        found.append(Place(_("Learning"), mine, "today", current=here == mine))
    if has("courses.catalogue", now=now) or (request.person and has("courses.take", now=now)):
        current = here.startswith(catalogue) and here != mine and not making
        found.append(Place(_("Courses"), catalogue, "courses", current=current))
    if may_author(request, now=now):
        found.append(Place(_("Making"), made, "edit", current=making))
    return found


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return what waits for a person: the lesson to go on with, else a course to find."""
    if not has("courses.take", now=now):
        return []
    me = request.person
    taken = Enrolment.objects.filter(person=me, finished_at=None)
    return [Waiting(taken, lambda _rows: _next_lesson(me, now), otherwise=[_find_one()])]


def _next_lesson(person: Person, now: datetime) -> list[Thing]:
    for one in taken_by(person, limit=20):
        begun = one.enrolment.finished_at is None and one.is_open(now)
        if begun and one.next and one.enrolment.course:
            words = _("Next: %(lesson)s. %(done)s of %(total)s lessons are done.") % {
                "lesson": one.next.title,
                "done": one.done,
                "total": one.total,
            }
            url = reverse("courses:lesson", args=[one.enrolment.course.slug, one.next.slug])
            return [(one.enrolment.course.title, words, url, _("Go on"), False)]
    return [_find_one()]


def _find_one() -> Thing:
    url = reverse("courses:catalogue")
    return (
        _("Learn something"),
        _("You have no course under way."),
        url,
        _("See the courses"),
        False,
    )
