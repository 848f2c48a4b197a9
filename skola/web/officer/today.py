"""What waits for the officer at home."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.promises.connectors import api as connectors
from skola.promises.disclosures import api as disclosures
from skola.promises.emergency import api as emergency
from skola.promises.gate.api import to_look_at
from skola.promises.handover import api as handover
from skola.promises.incidents import api as incidents
from skola.promises.minors import api as minors
from skola.promises.policy.api import has
from skola.promises.retention.api import clock_doubt, stopped
from skola.promises.rights.api import claims_to_review, overview
from skola.web.officer.restricting.forms import today as this_day


def today(*, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what needs a decision: title, words, address, button, and that it is urgent."""
    here = reverse("web:officer:tonight")
    found = []
    if clock_doubt() is not None:
        title = _("Nothing is erased: the clock is doubtful.")
        words = _("The sweep waits until somebody says that the time is right.")
        found.append((title, words, here, _("Look at the clocks"), True))
    if stopped():
        title = _("A rule is stopped and waits for you")
        words = _("Far more is due by it than was foreseen. Nothing of it goes until you look.")
        found.append((title, words, here, _("Look at it"), True))
    found += minors.today(now=now)
    found += incidents.today(now=now)
    found += emergency.today(now=now)
    found += handover.today(now=now)
    found += requests_waiting(now)
    if claims_to_review(this_day()):
        title = _("A claim is to be looked at again")
        words = _("Records are kept for it beyond their term. Say whether it is needed still.")
        found.append((title, words, reverse("claims:all"), _("Look at it"), False))
    found += disclosures.today(now=now)
    found += connectors.today(now=now)
    if to_look_at(this_day()):
        title = _("A restriction is to be looked at again")
        words = _("Its day has come. Nothing is lifted by itself.")
        there = reverse("web:officer:restrictions:all")
        found.append((title, words, there, _("Look at it"), False))
    return found


def requests_waiting(now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return that people wait for an answer about their data, and whether somebody does too long.

    Who runs the place sees it, too: an officer may be away.
    """
    if not has("rights.requests", now=now):
        return []
    counts = overview(now)
    count = counts.open
    if not count:
        return []
    title = ngettext(
        "%(num)s person waits for an answer about their data",
        "%(num)s people wait for an answer about their data",
        count,
    ) % {"num": count}
    words = _("None of it is late.")
    if counts.late:
        words = ngettext("%(num)s answer is late.", "%(num)s answers are late.", counts.late) % {
            "num": counts.late
        }
    return [(title, words, reverse("requests:desk"), _("Open the requests"), counts.late > 0)]
