"""The door of ``networks``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.networks.models import Candidate
from skola.services.networks.queries import CAPABILITY

__all__ = ["STAFF", "places"]

STAFF = frozenset({"examiner", "administrator"})


def places(request: Any) -> Sequence[Place]:
    """Return the exchange for staff; beside exams, what was sent and came back for who was sent."""
    if not request.person or not has(CAPABILITY, now=clock.now()):
        return []
    here, office, mine = str(request.path), reverse("networks:office"), reverse("networks:mine")
    found = []
    if kinds(request) & STAFF:
        current = here.startswith(office) and here != mine
        found.append(Place(_("Exam networks"), office, "exams", current=current))
    beside = here.startswith(office) or here.startswith(reverse("exams:mine"))
    if beside and Candidate.objects.of(request.person).exists():
        found.append(Place(_("Exams elsewhere"), mine, "exams", current=here == mine))
    return found
