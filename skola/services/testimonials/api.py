"""The door of ``testimonials``."""

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
from skola.services.testimonials import queries
from skola.services.testimonials.views import CHOOSING

__all__ = ["places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return the desk for who chooses, and the page to everybody else."""
    if not has(queries.CAPABILITY, now=clock.now()):
        return []
    chooses = request.person and kinds(request).intersection(CHOOSING)
    there = reverse("testimonials:desk" if chooses else "testimonials:shown")
    current = str(request.path).startswith(reverse("testimonials:shown"))
    return [Place(_("Testimonials"), there, "people", current=current)]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits: words that customers agreed to have shown, and that are not."""
    if not has(queries.CAPABILITY, now=now) or not kinds(request).intersection(CHOOSING):
        return []
    count = queries.with_consent(now).filter(agreed=True, published_at=None).count()
    if not count:
        return []
    words = ngettext("%(count)s testimonial", "%(count)s testimonials", count) % {"count": count}
    said = _("A customer agreed to have it shown.")
    return [(words, said, reverse("testimonials:desk"), _("Decide"), False)]
