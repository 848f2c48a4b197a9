"""The door of ``minors``."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.db.purposes import RIGHTS, reading_for
from skola.promises.minors.actions import Told, report
from skola.promises.minors.queries import is_promised, waiting

__all__ = ["Told", "is_promised", "report", "today"]


@reading_for(RIGHTS)
def today(*, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return the reports that wait for a decision: title, words, address, button, urgency."""
    if not is_promised(now):
        return []
    count = waiting().count()
    if not count:
        return []
    late = waiting().filter(decide_by__lte=now).count()
    title = ngettext("A child was reported", "%(num)s children were reported", count)
    words = _("Their accounts are hidden. Decide whether they are below the age.")
    if late:
        words = ngettext(
            "%(num)s report was not decided in time.",
            "%(num)s reports were not decided in time.",
            late,
        ) % {"num": late}
    where = reverse("minors:all")
    return [(title % {"num": count}, words, where, _("Open the reports"), True)]
