"""What the officer's pages show, put together from the engine's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import translation

from skola.promises.policy.api import Policy
from skola.promises.retention.api import Hold, SweepReport

MORNING = time(6)
"""The hour of the next day, in the tenant's zone, until which it is tonight."""


@dataclass(frozen=True)
class Going:
    """What goes by one rule: how much of which kind, since when it is due."""

    rule: str
    name: str
    kinds: tuple[str, ...]
    clauses: tuple[str, ...]
    count: int
    oldest: datetime


def morning_after(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next morning in the tenant's zone."""
    day = now.astimezone(zone)
    morning = datetime.combine(day.date(), MORNING, zone)
    if morning <= day:
        morning = datetime.combine(day.date() + timedelta(days=1), MORNING, zone)
    return morning


def going(report: SweepReport, policy: Policy) -> list[Going]:
    """Put the lines of a sweep together by rule, most first."""
    names, categories = rule_names(policy), category_names(policy)
    found: dict[str, Going] = {}
    for line in report.lines:
        kind = categories.get(line.category, line.category)
        known = found.get(line.rule)
        kinds = (*known.kinds, kind) if known else (kind,)
        found[line.rule] = Going(
            line.rule,
            names.get(line.rule, line.rule),
            tuple(dict.fromkeys(kinds)),
            line.clauses,
            line.count + (known.count if known else 0),
            min(line.oldest, known.oldest) if known else line.oldest,
        )
    return sorted(found.values(), key=lambda one: -one.count)


def rule_names(policy: Policy) -> dict[str, str]:
    """Return what each retention rule is called, in the language of the page."""
    categories = category_names(policy)
    return {
        rule.id: _word(rule.name) or ", ".join(categories.get(one, one) for one in rule.categories)
        for rule in policy.retention
    }


def category_names(policy: Policy) -> dict[str, str]:
    """Return what each category is called, in the language of the page."""
    return {each.id: _word(each.name) or each.id for each in policy.category}


def _word(text: dict[str, str]) -> str:
    language = translation.get_language() or "en"
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def running_holds(now: datetime) -> Sequence[Hold]:
    """Return the holds that keep something at ``now``, the newest first."""
    open_ = Q(released_at=None) & (Q(ends_at=None) | Q(ends_at__gt=now))
    return list(Hold.objects.filter(open_).order_by("-starts_at"))


def ended_holds(now: datetime, *, limit: int) -> Sequence[Hold]:
    """Return the holds that ended last."""
    over = Q(released_at__isnull=False) | Q(ends_at__lte=now)
    return list(Hold.objects.filter(over).order_by("-starts_at")[:limit])
