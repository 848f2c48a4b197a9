"""The door of ``surveys``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.surveys import queries
from skola.services.surveys.links import address_of

__all__ = ["places", "today"]

STAFF = frozenset({"coordinator", "administrator"})


def places(request: Any) -> Sequence[Place]:
    """Return the report, for those who run the training."""
    if not request.person or not has(queries.CAPABILITY, now=clock.now()):
        return []
    if not kinds(request) & STAFF:
        return []
    there = reverse("surveys:report")
    current = str(request.path).startswith(there)
    return [Place(_("Surveys"), there, "exercise", current=current)]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what somebody is asked, and has not answered."""
    if not has(queries.CAPABILITY, now=now):
        return []
    return [*_to_contact(request, now), *_to_answer(request)]


def _to_contact(request: Any, now: datetime) -> list[tuple[str, str, str, str, bool]]:
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


def _to_answer(request: Any) -> list[tuple[str, str, str, str, bool]]:
    return [
        (
            _("How was it?"),
            one.run.programme.title if one.run else one.course.title,  # type: ignore[union-attr]
            address_of(one),
            _("Answer"),
            False,
        )
        for one in queries.unanswered(request.person)[:3]
    ]
