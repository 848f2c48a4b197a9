"""What pages say about trainings and lists, in whole sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.lists import ListError
from skola.ground.ui import formats
from skola.services.courses.api import UnderWay
from skola.services.workforce.models import Assignment
from skola.services.workforce.queries import Figures
from skola.services.workforce.rules.difference import Why
from skola.services.workforce.rules.terms import Cause, Standing, counts

KINDS = {
    Standing.OVERDUE: "broken",
    Standing.TO_DO: "waiting",
    Standing.SOON: "waiting",
    Standing.VALID: "ok",
}


@dataclass(frozen=True)
class Shown:
    """A task as pages show it: word and shape of its state, and the sentence behind its date."""

    assignment: Assignment
    standing: Standing
    kind: str
    word: str
    because: str = ""
    far: str = ""
    """How far somebody is in a course that is under way, else empty."""


def shown(
    assignment: Assignment,
    today: date,
    *,
    under_way: UnderWay | None = None,
    explain: bool = False,
) -> Shown:
    """Return a task as it is shown; explaining it needs its requirement and position."""
    stands = assignment.stands(today)
    because = sentence(assignment) if explain else ""
    words = word(assignment, stands, today)
    far = _("begun, %(percent)s %% done") % {"percent": under_way.percent} if under_way else ""
    return Shown(assignment, stands, KINDS[stands], words, because, far)


def word(assignment: Assignment, stands: Standing, today: date) -> str:
    """Return how a task stands, in a few words."""
    due = assignment.due_on
    if due is None:
        return _("done, valid for good")
    if stands is Standing.OVERDUE:
        return _("overdue since %(day)s") % {"day": formats.short_day(due)}
    if stands is Standing.TO_DO:
        return _("to do by %(day)s") % {"day": formats.short_day(due)}
    if stands is Standing.SOON:
        days = (due - today).days
        words = ngettext("valid for %(days)s more day", "valid for %(days)s more days", days)
        return words % {"days": days}
    return _("valid until %(day)s") % {"day": formats.short_day(due)}


def sentence(assignment: Assignment) -> str:
    """Return why a task is due when it is: which rule, counted from which day."""
    rule = assignment.requirement
    facts = {
        "due": formats.day(assignment.due_on),
        "since": formats.day(assignment.since_on),
        "done": formats.day(assignment.done_on),
        "days": rule.days,
        "months": rule.months,
        "position": rule.position.name if rule.position else "",
        "company": assignment.employment.company.name,
    }
    if counts(assignment.done_on, assignment.since_on):
        if rule.months is None:
            return _("Done on %(done)s; once is enough.") % facts
        words = ngettext(
            "Due by %(due)s: done on %(done)s, and valid for %(months)s month.",
            "Due by %(due)s: done on %(done)s, and valid for %(months)s months.",
            rule.months,
        )
        return words % facts
    return _never_done(assignment.cause) % facts


def _never_done(cause: str) -> str:
    if cause == Cause.POSITION:
        return _(
            "Due by %(due)s: in the position “%(position)s” since %(since)s, with %(days)s days"
            " to do it."
        )
    if cause == Cause.HIRED:
        return _(
            "Due by %(due)s: works for %(company)s since %(since)s, with %(days)s days to do it."
        )
    if cause == Cause.EDITION:
        return _("Due by %(due)s: the text changed on %(since)s, with %(days)s days to read it.")
    return _("Due by %(due)s: required since %(since)s, with %(days)s days to do it.")


def incomplete(numbers: Sequence[str], missing: int) -> str:
    """Return what is wrong with a list of old and new identifiers: which lines, who is missing."""
    said = []
    if numbers:
        words = ngettext(
            "This line names nobody who works here, or its new one is wrong or there twice:"
            " %(numbers)s.",
            "These lines name nobody who works here, or their new ones are wrong or there twice:"
            " %(numbers)s.",
            len(numbers),
        )
        said.append(words % {"numbers": ", ".join(numbers[:20])})
    if missing:
        words = ngettext(
            "%(num)s person who works here is not on the list.",
            "%(num)s people who work here are not on the list.",
            missing,
        )
        said.append(words % {"num": missing})
    return " ".join([*said, _("Nothing was changed.")])


def doubt(why: Why) -> str:
    """Return why a line of a list is left out, and what to do."""
    said = {
        Why.MISSING: _("Number, name, unit and position must be filled in."),
        Why.BAD_NUMBER: _("The number is not what your people are known by here."),
        Why.TOO_LONG: _("A value is longer than it can be. Shorten it."),
        Why.BAD_DAY: _("“since” is no day. Write it like 2026-03-02."),
        Why.LATER: _("It begins later. Send the list again on that day."),
        Why.CYCLE: _("The unit is within itself. Name each unit of the way once."),
        Why.TWICE: _("The number is on the list twice."),
        Why.ADDRESS_TWICE: _("The e-mail address is on the list twice."),
        Why.ADDRESS_TAKEN: _("The e-mail address belongs to somebody of another name."),
        Why.BAD_ADDRESS: _("This is no e-mail address."),
        Why.SIGN_IN: _("They sign in with their address; only they change it."),
        Why.OWN: _("They gave their details themselves; only they change them."),
    }
    return said[why]


def fault(problem: ListError) -> str:
    """Return what is wrong with a list as a whole, and what to do."""
    said = {
        "columns": _("The first line lacks these columns: %(detail)s."),
        "csv": _("The file is no list: %(detail)s. Save it as CSV."),
        "number-twice": _("A number is on the list twice."),
        "signs": _("The file has signs that no text has. Save it as CSV in UTF-8."),
        "empty": _("The list has no people."),
        "long": _("The list is longer than %(detail)s lines. Split it."),
    }
    return said[problem.code] % {"detail": problem.detail}


def digest_of_own(tasks: Sequence[Assignment], today: date) -> str:
    """Return what waits for somebody, one line each, what is due first on top."""
    lines = [
        _("- %(title)s (%(company)s): %(word)s")
        % {
            "title": one.training.title,
            "company": one.employment.company.name,
            "word": word(one, one.stands(today), today),
        }
        for one in tasks
    ]
    head = _("This is what your employer asks for. Why, and by when, stands here: %(address)s") % {
        "address": reverse("workforce:mine")
    }
    return "\n".join([head, "", *lines])


def digest_of_people(found: Sequence[tuple[str, Figures]]) -> str:
    """Return how the trainings of people stand, company by company: numbers only (ema-2.5)."""
    lines = [
        _("- %(company)s: %(overdue)s overdue, %(soon)s due within 30 days")
        % {"company": company, "overdue": figures.overdue, "soon": figures.soon}
        for company, figures in found
    ]
    return "\n".join([_("This is how the training of your people stands:"), "", *lines])


def digest_of_phone(service: str, count: int) -> str:
    """Return a text message that says that trainings wait, and how many."""
    words = ngettext(
        "%(service)s: %(count)s training waits for you. Sign in to see it.",
        "%(service)s: %(count)s trainings wait for you. Sign in to see them.",
        count,
    )
    return words % {"service": service, "count": count}
