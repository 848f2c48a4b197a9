"""The door of ``surveys``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.policy.api import has
from skola.services.surveys import queries, risks
from skola.services.surveys.links import address_of
from skola.services.surveys.models import Invitation
from skola.services.surveys.risk_views import OFFICE

__all__ = ["places", "today"]

STAFF = frozenset({"coordinator", "administrator"})


def places(request: Any) -> Sequence[Place]:
    """Return the report, for those who run the training; surveys about risks, for officers."""
    if not request.person:
        return []
    now, held, here = clock.now(), kinds(request), str(request.path)
    found, there = [], reverse("surveys:risks")
    about_risks = here.startswith(there)
    if has(queries.CAPABILITY, now=now) and held & STAFF:
        url = reverse("surveys:report")
        current = here.startswith(url) and not about_risks
        found.append(Place(_("Surveys"), url, "exercise", current=current))
    if has(risks.CAPABILITY, now=now) and held.intersection(OFFICE):
        found.append(Place(_("Risk surveys"), there, "audit", current=about_risks))
    return found


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return what somebody is asked, and has not answered."""
    about_risks = _about_risks(request, now)
    if not has(queries.CAPABILITY, now=now):
        return [*about_risks]
    asked = Waiting(queries.unanswered(request.person), _to_answer)
    return [*_to_contact(request, now), asked, *about_risks]


def _about_risks(request: Any, now: datetime) -> list[Thing]:
    if not request.person:
        return []
    return [
        (
            one.question,
            _("We ask our customers."),
            reverse("surveys:risk", args=[one.pk]),
            _("Answer"),
            False,
        )
        for one in risks.to_answer(request.person, now=now)[:3]
    ]


def _to_contact(request: Any, now: datetime) -> list[Thing]:
    if not kinds(request) & STAFF:
        return []
    count = queries.follow_ups(now).filter(written_at=None).count()
    if not count:
        return []
    words = ngettext(
        "%(count)s person wants to be contacted about an answer",
        "%(count)s people want to be contacted about an answer",
        count,
    )
    why = _("They left an address beside it. When it is settled, close it, and the address goes.")
    return [(words % {"count": count}, why, reverse("surveys:report"), _("Look at them"), False)]


def _to_answer(asked: QuerySet[Invitation]) -> list[Thing]:
    return [
        (
            _("How was it?"),
            one.run.programme.title if one.run else one.course.title,  # type: ignore[union-attr]
            address_of(one),
            _("Answer"),
            False,
        )
        for one in asked[:3]
    ]
