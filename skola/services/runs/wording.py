"""What the rules of runs say, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.lists import ListError
from skola.services.runs.rules import Standing, Verdict


def fault(problem: ListError) -> str:
    """Say why a list cannot be read."""
    if problem.code == "columns":
        told = {"columns": problem.detail}
        return _("The first line lacks these columns: %(columns)s.") % told
    if problem.code == "long":
        return _("The list has more than %(most)s lines. Split it.") % {"most": problem.detail}
    if problem.code == "empty":
        return _("There is nobody on the list.")
    return _("The file is no list with commas, semicolons or tabs: %(why)s") % {
        "why": problem.detail
    }


def verdict(one: Verdict) -> str:
    """Say what happens with a line."""
    return {
        Verdict.NEW: _("is put down, and known here from now on"),
        Verdict.KNOWN: _("is known here, and put down"),
        Verdict.THERE: _("takes part already"),
        Verdict.MISSING: _("lacks a name or an address"),
        Verdict.TOO_LONG: _("is longer than a name or an address can be"),
        Verdict.BAD_ADDRESS: _("has no e-mail address"),
        Verdict.TWICE: _("stands on the list more than once"),
    }[one]


def standing(one: Standing) -> tuple[str, str]:
    """Return the shape of a standing and its word."""
    return {
        Standing.DONE: ("ok", _("finished")),
        Standing.LATE: ("broken", _("not finished in time")),
        Standing.NOT_BEGUN: ("waiting", _("not begun")),
        Standing.BEHIND: ("waiting", _("behind")),
        Standing.ON_THE_WAY: ("neutral", _("on the way")),
    }[one]


def before_end(days: int) -> str:
    """Say when a reminder goes out."""
    if not days:
        return _("on the last day")
    return ngettext("%(num)s day before the end", "%(num)s days before the end", days) % {
        "num": days
    }
