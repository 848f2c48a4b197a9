"""The door of ``chat``."""

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
from skola.services.chat.door import STAFF, door
from skola.services.chat.models import Chat
from skola.services.chat.queries import CAPABILITY

__all__ = ["CAPABILITY", "door", "places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return the chats of who answers; everybody else finds the way in the header."""
    if not request.person or not has(CAPABILITY, now=clock.now()) or not kinds(request) & STAFF:
        return []
    url = reverse("chat:waiting")
    return [Place(_("Chats"), url, "messages", current=str(request.path).startswith(url))]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return that people wait in the chat."""
    if not has(CAPABILITY, now=now) or not kinds(request) & STAFF:
        return []
    count = Chat.objects.live().filter(agent=None).count()
    if not count:
        return []
    words = ngettext(
        "%(count)s person waits in the chat", "%(count)s people wait in the chat", count
    )
    url = reverse("chat:waiting")
    return [(words % {"count": count}, _("They see when you answer."), url, _("Answer"), True)]
