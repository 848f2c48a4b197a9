"""The door of ``pupils``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.ui.api import Place
from skola.promises.policy.api import has

__all__ = ["places"]


def places(request: Any) -> Sequence[Place]:
    """Return the contacts of families, classes and schools for everybody signed in."""
    if not request.person or not has("diary.school", now=clock.now()):
        return []
    url = reverse("pupils:front")
    return [Place(_("Contacts"), url, "me", current=str(request.path).startswith(url))]
