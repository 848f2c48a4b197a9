"""The door of ``desk``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.policy.api import has
from skola.services.desk import queries
from skola.services.desk.actions import (
    Asked,
    Sender,
    answer,
    close,
    receive_enquiry,
    take,
    write_again,
)
from skola.services.desk.importing import BadListError, import_list
from skola.services.desk.models import Enquiry, Message
from skola.services.desk.queries import about_order, notice_version, thread, zone
from skola.services.desk.rules import Suspicion, suspicion

__all__ = [
    "Asked",
    "BadListError",
    "Enquiry",
    "Message",
    "Sender",
    "Suspicion",
    "about_order",
    "answer",
    "close",
    "import_list",
    "notice_version",
    "places",
    "receive_enquiry",
    "suspicion",
    "take",
    "thread",
    "today",
    "write_again",
    "zone",
]

_STAFF = frozenset({"support", "administrator"})


def places(request: Any) -> Sequence[Place]:
    """Return where this visitor goes: staff to the queue, everybody else to their questions."""
    now = clock.now()
    here = str(request.path)
    found = []
    held = kinds(request)
    if has("desk.enquiries", now=now):
        if held & _STAFF:
            url = reverse("desk:queue")
            found.append(Place(_("Desk"), url, "desk", current=here.startswith(url)))
        else:
            url = reverse("desk:mine" if request.person else "desk:contact")
            found.append(Place(_("Questions"), url, "messages", current=_asks(here)))
    if has("desk.calls", now=now) and held & (_STAFF | {"reviewer", "officer"}):
        url = reverse("desk:calls" if held & (_STAFF | {"reviewer"}) else "desk:lines")
        found.append(Place(_("Calls"), url, "desk", current=here.startswith(url)))
    return found


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return what waits for this person: enquiries to answer, or answers to read."""
    if not has("desk.enquiries", now=now):
        return []
    if kinds(request) & _STAFF:
        waiting = Enquiry.objects.open().unanswered()
        return [Waiting(waiting, lambda rows: _to_answer(rows, now))]
    return [Waiting(Enquiry.objects.of(request.person).open().answered(), _answered)]


def _answered(answered: QuerySet[Enquiry]) -> list[Thing]:
    return [
        (
            _("We answered your enquiry %(number)s") % {"number": one.label},
            str(one.get_topic_display()),
            reverse("desk:mine-one", args=[one.pk]),
            _("Read the answer"),
            False,
        )
        for one in answered.order_by("-last_message_at")[:3]
    ]


def _to_answer(waiting: QuerySet[Enquiry], now: datetime) -> list[Thing]:
    day = now.astimezone(queries.zone(now)).date()
    counts = waiting.aggregate(all=Count("pk"), late=Count("pk", filter=Q(answer_by__lt=day)))
    words = ngettext(
        "%(count)s enquiry waits for an answer",
        "%(count)s enquiries wait for an answer",
        counts["all"],
    )
    late = ngettext("%(count)s of them is late.", "%(count)s of them are late.", counts["late"])
    return [
        (
            words % {"count": counts["all"]},
            late % {"count": counts["late"]} if counts["late"] else _("None of them is late."),
            reverse("desk:queue"),
            _("Answer"),
            counts["late"] > 0,
        )
    ]


def _asks(here: str) -> bool:
    begin = reverse("desk:contact")
    return here == begin or here.startswith((f"{begin}mine/", f"{begin}received/"))
