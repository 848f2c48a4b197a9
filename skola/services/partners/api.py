"""The door of ``partners``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.services.partners.actions import BLOCK
from skola.services.partners.queries import activities

__all__ = ["BLOCK", "places"]


def places(request: Any) -> Sequence[Place]:
    """Return the people of partners, for who lets them in."""
    if not request.person or not kinds(request) & {"administrator", "officer"}:
        return []
    if not activities(clock.now()):
        return []
    where = reverse("partners:accesses")
    return [Place(_("Partners"), where, "people", current=str(request.path).startswith(where))]
