"""The way into the chat that stands in the header of every page, and what is loaded with it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Talk
from skola.promises.policy.api import has, in_force
from skola.services.chat import queries

FLAG = "chat"
"""In the session of who is signed in: they have a chat."""
STAFF = frozenset({"support", "administrator"})


def cookie_name() -> str:
    """Return what the policy's register calls the cookie of a chat; empty where it has none."""
    entries = in_force(clock.now()).policy.cookie
    return next((one.name for one in entries if one.role == "chat" and not one.retired), "")


def door(request: Any) -> Talk | None:
    """Return the way into the chat; None for staff, who answer, and for who switched it off.

    A script comes with it only while the visitor has a chat: it tells of new answers. It costs no
    query: the cookie or the session says that there is a chat.
    """
    if getattr(request, "tenant", None) is None or not has(queries.CAPABILITY, now=clock.now()):
        return None
    if queries.switched_off(request.person) or kinds(request) & STAFF:
        return None
    goes_on = cookie_name() in request.COOKIES or (request.person and FLAG in request.session)
    here = request.path == reverse("chat:chat")
    return Talk(
        label=pgettext("talk with the support", "Chat"),
        url=reverse("chat:chat"),
        script="chat/news.js" if goes_on and not here else "",
        news=reverse("chat:news"),
        current=here,
    )
