"""The door of ``community``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.ui.api import Place
from skola.promises.policy.api import has

__all__ = ["places"]


def places(request: Any) -> Sequence[Place]:
    """Return the posts of schools for everybody signed in."""
    now = clock.now()
    if not request.person or not has("community.boards", now=now):
        return []
    if not has("diary.school", now=now):
        return []
    url = reverse("community:posts")
    return [Place(_("Posts"), url, "messages", current=str(request.path).startswith(url))]
