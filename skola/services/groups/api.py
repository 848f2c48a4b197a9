"""The door of ``groups``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui import formats
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.groups import queries
from skola.services.groups.links import address_of
from skola.services.groups.models import (
    SCOPE,
    Application,
    Cooperation,
    Meeting,
    Participant,
    Programme,
    Run,
)
from skola.services.groups.queries import is_open, meetings_today, seat_of

__all__ = [
    "SCOPE",
    "Application",
    "Meeting",
    "Participant",
    "Programme",
    "Run",
    "is_open",
    "meetings_today",
    "places",
    "seat_of",
    "today",
]

A_WEEK = timedelta(days=7)


def places(request: Any) -> Sequence[Place]:
    """Return the office for a coordinator, the groups one can apply for to everybody else."""
    if not has(queries.CAPABILITY, now=clock.now()):
        return []
    here = str(request.path).startswith(reverse("groups:runs"))
    if request.person and "coordinator" in kinds(request):
        return [Place(_("Training groups"), reverse("groups:office"), "people", current=here)]
    found = [Place(_("Training groups"), reverse("groups:runs"), "people", current=here)]
    is_trainer = request.person and "instructor" in kinds(request)
    if is_trainer and Run.objects.taught_by(request.person, clock.now()).exists():
        there = reverse("groups:teaching")
        teaching = str(request.path).startswith(there)
        found = [Place(_("Teaching"), there, "people", current=teaching), *found]
        found[1] = replace(found[1], current=here and not teaching)
    return found


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits: the next meeting of who learns, applications for a coordinator."""
    if not has(queries.CAPABILITY, now=now):
        return []
    found = [*_meeting_to_lead(request, now), *_next_meeting(request, now)]
    if "coordinator" not in kinds(request):
        return found
    found += _old_evaluations(now)
    mine = Run.objects.led_by(request.person, now).published()
    waiting = Application.objects.filter(run__in=mine, stage=Application.Stage.RECEIVED)
    if count := waiting.count():
        words = ngettext(
            "%(count)s application for a group", "%(count)s applications for groups", count
        )
        found.append(
            (
                words % {"count": count},
                _("They wait for a seat or an answer."),
                reverse("groups:office"),
                _("Decide"),
                False,
            )
        )
    return found


def _meeting_to_lead(request: Any, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    if "instructor" not in kinds(request):
        return []
    mine = Run.objects.taught_by(request.person, now)
    soon = Meeting.objects.filter(run__in=mine, on=queries.today(now))
    return [
        (
            one.run.programme.title,
            _("You lead it today at %(time)s. Show the code on the wall.")
            % {"time": f"{one.begins:%H:%M}"},
            reverse("groups:meeting", args=[one.pk]),
            _("Open the meeting"),
            True,
        )
        for one in soon.select_related("run__programme")[:5]
    ]


def _old_evaluations(now: datetime) -> list[tuple[str, str, str, str, bool]]:
    day = queries.today(now)
    old = Cooperation.objects.running_on(day).filter(
        Q(evaluate_again_on=None) | Q(evaluate_again_on__lte=day)
    )
    return [
        (
            one.partner,
            _("This partner is to be evaluated before working with us."),
            reverse("groups:partner", args=[one.pk]),
            _("Evaluate"),
            False,
        )
        for one in old[:5]
    ]


def _next_meeting(request: Any, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    day = queries.today(now)
    soon = Meeting.objects.filter(
        on__range=(day, day + A_WEEK),
        run__cancelled_at=None,
        run__participants__person=request.person,
        run__participants__left_at=None,
    )
    meeting = soon.select_related("run__programme").first()
    if meeting is None:
        return []
    application = Application.objects.filter(run=meeting.run, person=request.person).first()
    words = _("%(day)s, %(time)s, %(place)s") % {
        "day": formats.weekday(meeting.on),
        "time": f"{meeting.begins:%H:%M}",
        "place": meeting.run.place,
    }
    url = address_of(application) if application else reverse("groups:own")
    return [(meeting.run.programme.title, words, url, _("See the days"), meeting.on == day)]
