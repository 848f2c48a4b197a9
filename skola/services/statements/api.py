"""The door of ``statements``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has

__all__ = ["places"]

READS = frozenset({"authority", "school", "administrator"})


def places(request: Any) -> Sequence[Place]:
    """Return the statements for who gives or reads them."""
    now = clock.now()
    if not request.person or not has("statistics.publish", now=now):
        return []
    if not has("diary.school", now=now) or not kinds(request) & READS:
        return []
    url = reverse("statements:front")
    return [Place(_("Reports"), url, "audit", current=str(request.path).startswith(url))]
