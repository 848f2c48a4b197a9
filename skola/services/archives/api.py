"""The door of ``archives``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.archives.queries import CAPABILITY

__all__ = ["places"]


def places(request: Any) -> Sequence[Place]:
    """Return the archive for who runs a school."""
    if not request.person or not has(CAPABILITY, now=clock.now()) or "school" not in kinds(request):
        return []
    url = reverse("archives:years")
    return [Place(_("Archive"), url, "download", current=str(request.path).startswith(url))]
