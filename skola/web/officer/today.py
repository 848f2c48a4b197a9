"""What waits for the officer at home."""

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.promises.gate.api import to_look_at
from skola.promises.retention.api import clock_doubt, stopped
from skola.web.officer.restricting.forms import today as this_day


def today() -> list[tuple[str, str, str, str, bool]]:
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
    if to_look_at(this_day()):
        title = _("A restriction is to be looked at again")
        words = _("Its day has come. Nothing is lifted by itself.")
        there = reverse("web:officer:restrictions:all")
        found.append((title, words, there, _("Look at it"), False))
    return found
