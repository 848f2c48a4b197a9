"""The door of ``decisions``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.people.http import kinds
from skola.promises.decisions import queries
from skola.promises.decisions.actions import NONE, Ground, decide
from skola.promises.decisions.models import Decision
from skola.promises.decisions.points import Point, register
from skola.promises.decisions.queries import CAPABILITY, latest, may_decide
from skola.promises.policy.api import has

__all__ = [
    "CAPABILITY",
    "NONE",
    "Decision",
    "Ground",
    "Point",
    "decide",
    "latest",
    "may_decide",
    "register",
    "today",
]


def today(request: Any, *, now: datetime) -> Sequence[tuple[str, str, str, str, bool]]:
    """Return what waits for who decides: how many questions, and whether one is late."""
    held = kinds(request)
    if not held or not has(CAPABILITY, now=now):
        return []
    waiting = queries.waiting_for(held, now=now)
    count = waiting.count()
    if not count:
        return []
    late = waiting.filter(decide_by__lt=now).exists()
    title = ngettext(
        "%(num)s decision waits for a person", "%(num)s decisions wait for a person", count
    ) % {"num": count}
    words = _("One of them is late.") if late else _("The soonest due stands on top.")
    return [(title, words, reverse("decisions:office"), _("Decide"), late)]
