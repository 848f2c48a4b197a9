"""The door of ``emergency``."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.promises.emergency.models import Emergency
from skola.promises.emergency.views import CAPABILITY, STAFF
from skola.promises.policy.api import has

__all__ = ["CAPABILITY", "STAFF", "today"]


def today(*, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits for officers: emergencies that nobody has reviewed."""
    if not has(CAPABILITY, now=now):
        return []
    count = Emergency.objects.filter(reviewed_at=None).count()
    if not count:
        return []
    title = ngettext(
        "%(num)s emergency is to be reviewed", "%(num)s emergencies are to be reviewed", count
    ) % {"num": count}
    words = _("Staff opened somebody's contact data. Say whether it was right.")
    return [(title, words, reverse("emergency:all"), _("Review it"), True)]
