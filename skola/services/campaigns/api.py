"""The door of ``campaigns``."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.api import Person
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.policy.api import has
from skola.promises.policy.schema import Message
from skola.services.campaigns import choosing, queries, wording
from skola.services.campaigns.asking import ask_to_confirm
from skola.services.campaigns.links import choices_link
from skola.services.campaigns.models import Campaign, Refusal
from skola.services.campaigns.queries import CAPABILITY
from skola.services.campaigns.refusing import (
    UnknownRefusalError,
    apply,
    may_be_asked,
    person_at,
    receive,
    refuse,
)

__all__ = [
    "CAPABILITY",
    "Refusal",
    "UnknownRefusalError",
    "apply",
    "ask_to_confirm",
    "choices_link",
    "may_be_asked",
    "news_on_offer",
    "person_at",
    "places",
    "receive",
    "refuse",
    "today",
]

STAFF = frozenset({"administrator", "coordinator", "support"})
LATELY = timedelta(days=7)


def news_on_offer(*, now: datetime, source: str) -> list[tuple[str, str]]:
    """Return our own kinds of offers, with their names, that a form may ask for."""
    if not has(CAPABILITY, now=now):
        return []
    found: list[Message] = choosing.on_offer(now=now, source=source)
    return [(one.id, wording.name_of(one)) for one in found if one.sender == "own"]


def places(request: Any) -> Sequence[Place]:
    """Return the office of campaigns, for who sends or takes refusals."""
    if not request.person or not has(CAPABILITY, now=clock.now()):
        return []
    held = kinds(request)
    if not held & STAFF:
        return []
    sends = bool(held - {"support"} & STAFF)
    where = reverse("campaigns:office" if sends else "campaigns:refusals")
    here = str(request.path).startswith(reverse("campaigns:office"))
    return [Place(_("Campaigns"), where, "messages", current=here)]


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return what is shown to the person of our own services, and what waits for staff."""
    if not request.person or not has(CAPABILITY, now=now):
        return []
    me = request.person
    running = Campaign.objects.filter(state=Campaign.State.RUNNING, channel="account")
    return [Waiting(running, lambda _rows: _shown(me, now)), *_to_read(request, now)]


def _shown(person: Person, now: datetime) -> list[Thing]:
    found = []
    for campaign, message in queries.shown_to(person, now=now):
        words = f"{campaign.text} {campaign.offer}".strip()
        if message.kind == "offer":
            words = _("%(words)s You can stop this under Settings > Privacy settings.") % {
                "words": words
            }
        where = campaign.link or reverse("campaigns:settings")
        button = _("Look at it") if campaign.link else _("Privacy settings")
        found.append((campaign.subject, words, where, button, False))
    return found


def _to_read(request: Any, now: datetime) -> list[Thing]:
    if not kinds(request) & STAFF:
        return []
    found = []
    where = reverse("campaigns:refusals")
    if count := Refusal.objects.waiting().count():
        words = ngettext(
            "%(count)s refusal waits to be read", "%(count)s refusals wait to be read", count
        )
        why = _("What nobody reads in time is applied by itself.")
        found.append((words % {"count": count}, why, where, _("Read"), True))
    late = Refusal.objects.standing().filter(is_late=True, applied_at__gt=now - LATELY).count()
    if late:
        words = ngettext(
            "%(count)s refusal was not read in time",
            "%(count)s refusals were not read in time",
            late,
        )
        why = _("The platform applied it by itself. See why nobody did.")
        found.append((words % {"count": late}, why, where, _("Look at them"), True))
    return found
