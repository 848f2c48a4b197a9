"""The door of ``messages``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.ui.api import Place
from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.policy.api import has
from skola.services.messages.models import Message

__all__ = ["places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return the messages of everybody signed in."""
    if not request.person or not has("messages.internal", now=clock.now()):
        return []
    url = reverse("messages:conversations")
    return [Place(_("Messages"), url, "messages", current=str(request.path).startswith(url))]


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return that messages wait to be read."""
    if not has("messages.internal", now=now):
        return []
    return [Waiting(Message.objects.unread_by(request.person), _unread)]


def _unread(messages: QuerySet[Message]) -> list[Thing]:
    count = messages.count()
    words = ngettext("%(count)s new message", "%(count)s new messages", count)
    url = reverse("messages:conversations")
    return [(words % {"count": count}, _("Somebody wrote to you."), url, _("Read"), False)]
