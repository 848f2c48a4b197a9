"""What the policy lets be measured, how often pages were opened, and what was looked at."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from skola.ground.ui import formats
from skola.promises.connectors.api import Figure, figures_from
from skola.promises.cookies.api import standing
from skola.promises.policy.api import in_force
from skola.promises.policy.schema import Policy, Purpose
from skola.promises.statistics.api import Counts, Shown, shown_here, suppress
from skola.services.visits.models import DeviceInterest, Fault, Interest, Tally, Visit
from skola.services.visits.rules import ERROR, PAGE, Looked

CAPABILITY, INTERESTS, FAULTS = "analytics.own", "interests.own", "site.faults"
TAGS = "courses.tags"
WEEKS = 4
LEAST = 5
"""Fewer visits of a page on a day are not told to anybody outside."""
MOST_ROWS = 20
MOST_LOOKED = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """What the policy lets be kept of a visit: on which consent, which fields, never where."""

    purpose: Purpose
    fields: tuple[str, ...]
    never_for: frozenset[str]

    @property
    def of_nobody(self) -> bool:
        """Whether it is asked with cookies, and kept without the person."""
        return bool(self.purpose.cookies)


def measured(policy: Policy) -> Measured | None:
    """Return how visits are measured under a policy; None where nothing allows it."""
    purposes = {f"consent:{one.id}": one for one in policy.purpose}
    for tracker in policy.tracker:
        purpose = purposes.get(tracker.needs)
        if "visits" in tracker.measures and purpose is not None:
            return Measured(purpose, tuple(tracker.fields), frozenset(tracker.never_for))
    return None


def start_of_day(moment: datetime, policy: Policy) -> datetime:
    """Return the beginning of the tenant's day in which a moment lies."""
    local = moment.astimezone(ZoneInfo(policy.policy.timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


# ---- the report ----


def report(by: str, *, now: datetime) -> Shown | None:
    """Return how many visits there were in each of the last four weeks, by one of their fields.

    Small numbers, and what would give them away, are left out as the policy says. None where there
    was no visit. Clauses: kic-cookie-performance, learnifier-5.m, learnifier-5.cookie-performance.
    """
    policy = in_force(now).policy
    until = start_of_day(now, policy) + timedelta(days=1)
    starts = [until - timedelta(weeks=back) for back in range(WEEKS, 0, -1)]
    found = Visit.objects.filter(day_at__gte=starts[0])
    if by == ERROR:
        found = found.filter(error__isnull=False)
        rows = found.values_list("error", "page", "day_at")
    else:
        rows = found.values_list(by, "day_at")
    counted: dict[str, Counter[int]] = {}
    for *said, day, number in rows.annotate(number=Count("pk")).order_by():
        week = max(at for at, start in enumerate(starts) if start <= day)
        name = " ".join(str(one) for one in said if one) or _("Unknown")
        counted.setdefault(name, Counter())[week] += number
    if not counted:
        return None
    zone = ZoneInfo(policy.policy.timezone)
    weeks = [formats.short_day(start.astimezone(zone).date()) for start in starts]
    return shown_here(_table(counted, weeks), now=now)


def _table(counted: dict[str, Counter[int]], weeks: list[str]) -> Counts:
    """The rows with most visits; what is below them is one row."""
    in_order = sorted(counted, key=lambda name: (-counted[name].total(), name))
    rows = {name: counted[name] for name in in_order[:MOST_ROWS]}
    if rest := in_order[MOST_ROWS:]:
        rows[_("All others")] = sum((counted[name] for name in rest), Counter())
    numbers = tuple(tuple(row[at] for at in range(len(weeks))) for row in rows.values())
    return Counts(tuple(rows), tuple(weeks), numbers)


@figures_from
def figures(day: date, now: datetime) -> list[Figure]:
    """Return how often each page was opened on a day, for who analyses it: small numbers not.

    They are of visitors who agreed to be counted, and nothing leads to one of them.
    """
    policy = in_force(now).policy
    if measured(policy) is None:
        return []
    begins = datetime.combine(day, time(), ZoneInfo(policy.policy.timezone))
    rows = Visit.objects.filter(day_at=begins).exclude(page="")
    counted = rows.values_list("page").annotate(number=Count("pk")).order_by("page")
    least = _least(policy)  # no total is told, so none of the others can be reckoned from it
    return [Figure(day, page, number) for page, number in counted if number >= least]


def _least(policy: Policy) -> int:
    """How many visits stand behind a number at least: the most that the policy says anywhere."""
    said = [one.min_cell for one in policy.statistics]
    said += [one.output.min_cell for one in policy.purpose if one.output]
    return max([LEAST, *said])


def reported(policy: Policy) -> list[str]:
    """Return the fields by which the report can be asked for; the page comes first."""
    found = measured(policy)
    fields = found.fields if found else ()
    return [PAGE, *(one for one in fields if one != PAGE)]


MONTHS = 3


def tallied(kind: str, *, now: datetime) -> Shown | None:
    """Return how often tags were used in the last months; None where none was."""
    rows = Tally.objects.filter(kind=kind, month_at__gte=_months(now)[0])
    counted: dict[str, Counter[int]] = {}
    months = _months(now)
    for topic, month, times in rows.values_list("topic", "month_at", "times"):
        counted.setdefault(topic, Counter())[months.index(month)] += times
    if not counted:
        return None
    return suppress(_table(counted, [formats.month(one) for one in months]), 1)


def thought(answers: dict[str, str], *, now: datetime) -> Shown | None:
    """Return what learners think of courses, by month; small numbers are left out."""
    months = _months(now)
    rows = Tally.objects.filter(kind=Tally.Kind.FEEDBACK, month_at__gte=months[0])
    counted: list[Counter[str]] = [Counter() for _month in months]
    for month, answer, times in rows.values_list("month_at", "answer", "times"):
        counted[months.index(month)][answer] += times
    if not any(each.total() for each in counted):
        return None
    numbers = tuple(tuple(each[answer] for answer in answers) for each in counted)
    names = tuple(formats.month(one) for one in months)
    return shown_here(Counts(names, tuple(answers.values()), numbers), now=now)


def advertised(results: Collection[str], *, now: datetime) -> list[tuple[str, list[int]]]:
    """Return what came of each campaign in the last months, by these results."""
    rows = Tally.objects.filter(kind=Tally.Kind.AD, month_at__gte=_months(now)[0])
    counted: dict[str, Counter[str]] = {}
    for campaign, result, times in rows.values_list("topic", "answer", "times"):
        counted.setdefault(campaign, Counter())[result] += times
    return [(one, [counted[one][result] for result in results]) for one in sorted(counted)]


def _months(now: datetime) -> list[datetime]:
    """The beginnings of the last months, the present one last."""
    found = [start_of_day(now, in_force(now).policy).replace(day=1)]
    while len(found) < MONTHS:
        found.insert(0, (found[0] - timedelta(days=15)).replace(day=1))
    policy = in_force(now).policy
    return [start_of_day(one, policy) for one in found]


MOST_FAULTS = 100


def faults() -> list[dict[str, Any]]:
    """Return what broke and is still kept, each once with how often and the latest day."""
    grouped: Any = Fault.objects.values("page", "error", "place")
    counted = grouped.annotate(times=Count("pk"), last_at=Max("day_at"))
    return list(counted.order_by("-last_at", "-times", "page")[:MOST_FAULTS])


# ---- what was looked at ----


def interests_purpose(policy: Policy) -> Purpose | None:
    """Return the consent on which it is kept what somebody looked at; None without one."""
    return next((one for one in policy.purpose if INTERESTS in one.enables and one.cookies), None)


def may_follow(request: Any, *, now: datetime) -> bool:
    """Whether the visitor agreed, in this browser and where signed in, to be shown what suits."""
    purpose = interests_purpose(in_force(now).policy)
    return purpose is not None and purpose.id in standing(request).purposes


def device_of(request: Any) -> UUID | None:
    """Return the random number in the visitor's browser; None without one, or with a wrong one."""
    entry = standing(request).register.with_role("interests")
    try:
        return UUID(request.COOKIES.get(entry.name, "")) if entry else None
    except ValueError:
        return None


def looked_at(request: Any, *, now: datetime) -> list[Looked]:
    """Return what the visitor looked at, most often first; nothing where they do not agree now."""
    if not may_follow(request, now=now):
        return []
    rows: Any = None
    if request.person:
        rows = Interest.objects.filter(person=request.person)
    elif device := device_of(request):
        rows = DeviceInterest.objects.filter(device=device, ends_at__gt=now)
    return _looked(rows)


def _looked(rows: Any) -> list[Looked]:
    if rows is None:
        return []
    found: Sequence[tuple[str, str, int]] = rows.order_by("-times", "topic").values_list(
        "topic", "label", "times"
    )[:MOST_LOOKED]
    return [Looked(*one) for one in found]
