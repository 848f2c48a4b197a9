"""What stands above every page while a new version waits to take effect."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.ui import formats
from skola.ground.ui.api import Announcement
from skola.promises.policy.api import NoPolicyError, in_force


def announcements(request: Any) -> list[Announcement]:
    """Return a sentence for each version that is published and does not bind yet; never before."""
    if getattr(request, "tenant", None) is None:
        return []
    try:
        waiting = in_force(clock.now()).announced
    except NoPolicyError:
        return []
    said = _("The privacy policy changes on %(day)s.")
    return [
        Announcement(
            said % {"day": formats.day(each.written.policy.effective)},
            url=reverse("notices:version", args=[each.name]),
            link=_("What changes"),
        )
        for each in waiting
    ]
