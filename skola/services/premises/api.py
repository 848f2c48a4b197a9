"""The door of ``premises``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.premises import queries
from skola.services.premises.views import OFFICE

__all__ = ["places"]


def places(request: Any) -> Sequence[Place]:
    """Return the register of cameras for who answers for it."""
    if not request.person or not has(queries.CAPABILITY, now=clock.now()):
        return []
    if not kinds(request).intersection(OFFICE):
        return []
    url = reverse("premises:register")
    return [Place(_("Cameras"), url, "video", current=str(request.path).startswith(url))]
