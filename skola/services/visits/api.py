"""The door of ``visits``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.visits.actions import tally
from skola.services.visits.http import note_look, remember
from skola.services.visits.models import Tally
from skola.services.visits.outside import measures
from skola.services.visits.queries import CAPABILITY, TAGS, looked_at
from skola.services.visits.rules import Looked, Offered, suited
from skola.services.visits.views import READING
from skola.services.visits.wording import answers

__all__ = [
    "TAGS",
    "Looked",
    "Offered",
    "Tally",
    "answers",
    "looked_at",
    "measures",
    "note_look",
    "places",
    "remember",
    "suited",
    "tally",
]


def places(request: Any) -> Sequence[Place]:
    """Return the report, for who may read it."""
    if not request.person or not has(CAPABILITY, now=clock.now()):
        return []
    if not kinds(request).intersection(READING):
        return []
    there = reverse("visits:report")
    return [Place(_("Visits"), there, "audit", current=str(request.path) == there)]
