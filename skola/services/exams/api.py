"""The door of ``exams``."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui import formats
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.exams import queries
from skola.services.exams.actions import when_passed
from skola.services.exams.models import Attempt, Exam
from skola.services.exams.queries import CAPABILITY, has_passed, results_of, to_be_asked

__all__ = [
    "CAPABILITY",
    "Exam",
    "has_passed",
    "places",
    "results_of",
    "to_be_asked",
    "today",
    "when_passed",
]

SOON = timedelta(days=7)


def places(request: Any) -> Sequence[Place]:
    """Return the exams for who is signed in, and the desk for who supervises and marks them."""
    if not request.person or not has(queries.CAPABILITY, now=clock.now()):
        return []
    desk, mine = reverse("exams:desk"), reverse("exams:mine")
    here = str(request.path)
    at_desk = here.startswith((desk, f"{mine}live/"))
    found = [Place(_("Exams"), mine, "exams", current=here.startswith(mine) and not at_desk)]
    if "examiner" in kinds(request):
        found.append(Place(_("Exam desk"), desk, "exams", current=at_desk))
    return found


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits: exams of this week, terms that end, and for examiners their desk."""
    if not request.person or not has(queries.CAPABILITY, now=now):
        return []
    found = [
        (
            one.exam.title,
            _("This exam runs, and you watch over it."),
            reverse("exams:live", args=[one.pk]),
            _("Watch over it"),
            True,
        )
        for one in (queries.watched_by(request.person, now) if _examines(request) else ())
    ]
    mine = Attempt.objects.of(request.person).select_related("sitting__exam")
    for attempt in mine.filter(
        begun_at=None, sitting__closes_at__gt=now, sitting__starts_at__lt=now + SOON
    ).order_by("sitting__starts_at")[:5]:
        found.append(
            (
                attempt.sitting.exam.title,
                _("Your exam is on %(when)s.")
                % {"when": formats.moment(attempt.sitting.starts_at, "medium")},
                reverse("exams:attempt", args=[attempt.pk]),
                _("Prepare for it"),
                False,
            )
        )
    if _examines(request):
        found += _for_examiners()
    return found


def _examines(request: Any) -> bool:
    return "examiner" in kinds(request)


def _for_examiners() -> list[tuple[str, str, str, str, bool]]:
    papers, unmarked, contested = queries.waiting_for_somebody()
    desk, found = reverse("exams:desk"), []
    if papers:
        words = ngettext(
            "%(num)s candidate waits to be let in",
            "%(num)s candidates wait to be let in",
            papers,
        ) % {"num": papers}
        found.append((words, _("They have shown their papers."), desk, _("Look at them"), False))
    if unmarked:
        words = ngettext(
            "%(num)s exam waits for its result", "%(num)s exams wait for their result", unmarked
        ) % {"num": unmarked}
        found.append((words, _("The candidates have finished."), desk, _("Mark them"), False))
    if contested:
        words = ngettext(
            "%(num)s result is contested", "%(num)s results are contested", contested
        ) % {"num": contested}
        found.append(
            (
                words,
                _("The film is held until somebody decides."),
                reverse("exams:contests"),
                _("Decide"),
                True,
            )
        )
    return found
