"""The door of ``desk``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.desk.actions import Asked, Sender, receive_enquiry
from skola.services.desk.models import Enquiry

__all__ = ["Asked", "Enquiry", "Sender", "places", "receive_enquiry"]


def places(request: Any) -> Sequence[Place]:
    """Return where this visitor goes: staff to the queue, everybody else to their questions."""
    now = clock.now()
    here = str(request.path)
    found = []
    held = kinds(request)
    if has("desk.enquiries", now=now):
        if held & {"support", "administrator"}:
            url = reverse("desk:queue")
            found.append(Place(_("Desk"), url, "desk", current=here.startswith(url)))
        else:
            url = reverse("desk:mine" if request.person else "desk:contact")
            found.append(Place(_("Questions"), url, "messages", current=_asks(here)))
    if has("desk.calls", now=now) and held & {"support", "reviewer", "administrator"}:
        url = reverse("desk:calls")
        found.append(Place(_("Calls"), url, "desk", current=here.startswith(url)))
    return found


def _asks(here: str) -> bool:
    begin = reverse("desk:contact")
    return here == begin or here.startswith((f"{begin}mine/", f"{begin}received/"))
