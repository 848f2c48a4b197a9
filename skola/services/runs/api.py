"""The door of ``runs``."""

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
from skola.services.runs import queries
from skola.services.runs.models import Participant, Run

LEADS = frozenset({"administrator", "author", "instructor"})
"""Kinds of role that lead runs."""

__all__ = ["LEADS", "Participant", "Run", "places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return the runs for who leads them."""
    if not request.person or not has("runs.hold", now=clock.now()):
        return []
    if not kinds(request) & LEADS:
        return []
    url = reverse("runs:runs")
    return [Place(_("Runs"), url, "people", current=str(request.path).startswith(url))]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits for who leads runs: one that ends within a week."""
    if not has("runs.hold", now=now) or not kinds(request) & LEADS:
        return []
    day = queries.today(now)
    found = queries.ending(day)
    if found is None:
        return []
    left = (found.ends_on - day).days
    words = ngettext("It ends in %(num)s day.", "It ends in %(num)s days.", left) % {"num": left}
    url = reverse("runs:run", args=[found.pk])
    return [(found.title, words, url, _("See who is behind"), False)]
