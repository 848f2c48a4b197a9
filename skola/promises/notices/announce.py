"""What stands above every page while a new version waits to take effect, or for an answer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.ui import formats
from skola.ground.ui.api import Announcement
from skola.promises.notices import reasking
from skola.promises.notices.reaching import answered, asking
from skola.promises.policy.api import NoPolicyError, in_force


def _asked(person: Any, tenant: str, now: datetime) -> Iterator[Announcement]:
    """A sentence to a person who has not said yet whether a longer promise reaches their data,
    and one to who has not said whether a consent that a version ended is given anew.
    """
    steps = [
        each
        for each in asking(tenant, now)
        if person.created_at < each.version.written.policy.effective <= now
    ]
    if steps and any(each.version.name not in answered(person.pk) for each in steps):
        yield Announcement(
            _("The privacy policy now keeps some data longer. You decide whether yours, too."),
            url=reverse("notices:changes"),
            link=_("Look and decide"),
        )
    if any(one.waits for one in reasking.ended(person, now, get_language() or "")):
        yield Announcement(
            _("The privacy policy changed what you consented to. You decide whether it goes on."),
            url=reverse("notices:changes"),
            link=_("Look and decide"),
        )


def announcements(request: Any) -> list[Announcement]:
    """Return a sentence for each version that is published and does not bind yet; never before.

    On the site for everybody, in the account for who is signed in, as ``publish_in`` says. Who has
    not said whether a longer promise reaches their data is asked, on any page after signing in.
    """
    if getattr(request, "tenant", None) is None:
        return []
    now = clock.now()
    try:
        found = in_force(now)
    except NoPolicyError:
        return []
    person = getattr(request, "person", None)
    places = {"site"} | ({"account"} if person else set())
    waiting = [each for each in found.announced if places & set(each.written.change.publish_in)]
    said = _("The privacy policy changes on %(day)s.")
    asked = [*_asked(person, found.policy.policy.tenant, now)] if person else []
    return asked + [
        Announcement(
            said % {"day": formats.day(each.written.policy.effective)},
            url=reverse("notices:version", args=[each.name]),
            link=_("What changes"),
        )
        for each in waiting
    ]
