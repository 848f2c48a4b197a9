"""The door of ``handover``."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.ui import formats
from skola.ground.ui.api import Announcement
from skola.promises.handover.queries import goes_on, rule, stage_of, standing
from skola.promises.handover.rules import Stage
from skola.promises.policy.api import NoPolicyError

__all__ = ["announcements", "is_promised", "today", "unfinished"]

Thing = tuple[str, str, str, str, bool]


def is_promised(now: datetime) -> bool:
    """Whether the policy in force says what happens when the business is sold."""
    return rule(now) is not None


def announcements(request: Any) -> list[Announcement]:
    """Return the sentence above every page while the service is to go over."""
    if getattr(request, "tenant", None) is None:
        return []
    now = clock.now()
    try:
        told = standing(now)
    except NoPolicyError:
        return []
    if told is None or stage_of(told, now) not in (Stage.ANNOUNCED, Stage.READY):
        return []
    day = formats.day(goes_on(told, now))
    said = _("This service goes over to %(name)s on %(day)s.") % {"name": told.name, "day": day}
    return [Announcement(said, url=reverse("handover:notice"), link=_("What it means for you"))]


def today(*, now: datetime) -> list[Thing]:
    """Return what the officer has to do: the day has come, or the receipt is awaited."""
    told = standing(now)
    if told is None or stage_of(told, now) is not Stage.READY:
        return []
    title = _("The day of the hand-over has come")
    words = _("The service can be closed and packed for %(name)s.") % {"name": told.name}
    return [(title, words, reverse("handover:office"), _("Look at it"), False)]


def unfinished(now: datetime) -> str:
    """Return what is left to do on a terminal for the speaking tenant; empty where nothing is."""
    told = standing(now)
    if told is None or stage_of(told, now) is not Stage.CONFIRMED:
        return ""
    return "The new controller has it, and the copy is still here: run `skola handover erase`."
