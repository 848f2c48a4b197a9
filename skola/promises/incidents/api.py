"""The door of ``incidents``."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.promises.incidents import queries
from skola.promises.incidents.looks import log_of_looks
from skola.promises.incidents.models import Risk
from skola.promises.incidents.watching import note_export, watch_sign_in

__all__ = ["Risk", "log_of_looks", "note_export", "today", "watch_sign_in"]


def today(*, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits for officers: title, words, address, button, and whether it is urgent."""
    waiting, late = queries.breaches(now)
    found = []
    there = reverse("incidents:all")
    if waiting:
        title = ngettext(
            "The authority has to be told of %(num)s breach",
            "The authority has to be told of %(num)s breaches",
            waiting,
        ) % {"num": waiting}
        words = _("The law gives 72 hours from when it became known.")
        if late:
            words = ngettext("%(num)s is late.", "%(num)s are late.", late) % {"num": late}
        found.append((title, words, there, _("Open the incidents"), True))
    alarms = queries.alarms()
    if alarms:
        title = ngettext(
            "%(num)s alarm: something unusual was noticed",
            "%(num)s alarms: something unusual was noticed",
            alarms,
        ) % {"num": alarms}
        words = _("Look at it, say what is done, and close it.")
        found.append((title, words, there, _("Look at it"), True))
    if queries.risks_to_review(now.date()):
        title = _("A risk is to be looked at again")
        words = _("Its day has come. Judge it anew, and say what is done about it.")
        found.append((title, words, f"{there}#risks", _("Look at it"), False))
    return found
