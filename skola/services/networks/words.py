"""Words for what is wrong with a file of results."""

from django.utils.translation import gettext as _

from skola.services.networks.rules import COLUMNS, Fault


def fault(line: int, of: Fault) -> str:
    """Return what is wrong with a line, and which line it is."""
    said = {
        Fault.HEADER: _("the columns have to be %(names)s") % {"names": ", ".join(COLUMNS)},
        Fault.SHAPE: _("it does not have the five columns"),
        Fault.EXAM: _("it is about another exam"),
        Fault.UNKNOWN: _("no candidate of this exam has this reference"),
        Fault.TWICE: _("this candidate has a result already"),
        Fault.DAY: _("sat_on has to be a day such as 2026-05-31, and not one to come"),
        Fault.OUTCOME: _("outcome has to be passed or failed"),
        Fault.POINTS: _("points have to be a number, or empty"),
        Fault.EMPTY: _("there is no result in this file"),
    }[of]
    return _("Line %(number)s: %(fault)s.") % {"number": line, "fault": said}
