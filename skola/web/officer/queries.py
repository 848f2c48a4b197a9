"""What the officer's pages show, put together from what the engine wrote down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit.api import Entry
from skola.ground.db.purposes import CLAIMS
from skola.promises.inventory.api import declaration_of
from skola.promises.policy.api import Policy
from skola.promises.retention.api import (
    Breaker,
    Forecast,
    Hold,
    Overdue,
    Refused,
    Sweep,
    sealed_now,
)

WEEKS = 8
"""How many weeks back a usual night is looked for."""
EVENING = time(18)
"""The hour of the day before, in the tenant's zone, from which on it is this morning's report."""
SWEPT = "retention.swept"


@dataclass
class Going:
    """What goes by one rule tonight."""

    rule: str
    name: str
    clauses: tuple[str, ...]
    count: int
    oldest: datetime
    kinds: dict[str, str] = field(default_factory=dict)
    """Categories, and what they are called."""
    sample: Forecast | None = None
    usual: int | None = None
    """What usually goes in a night before this weekday; None while there is nothing to compare."""
    breaker: Breaker | None = None

    @property
    def more(self) -> int:
        """How many more than usual; below zero fewer."""
        return self.count - (self.usual or 0)


@dataclass(frozen=True)
class Night:
    """What goes until tomorrow's first hours."""

    going: tuple[Going, ...]
    made_at: datetime | None
    """When it was foreseen; None before the first sweep."""

    @property
    def total(self) -> int:
        return sum(one.count for one in self.going)


def night_of(policy: Policy, stopped: Sequence[Breaker], now: datetime) -> Night:
    """Return what goes tonight under ``policy``, by rule, stopped ones first, then most first."""
    zone = ZoneInfo(policy.policy.timezone)
    today = now.astimezone(zone).date()
    rows = list(_newest(today))
    found: dict[str, Going] = {}
    names, categories = rule_names(policy), category_names(policy)
    clauses = {rule.id: tuple(rule.clause) for rule in policy.retention}
    by_rule = {one.rule: one for one in stopped}
    for row in rows:
        count = _tonight(row, today)
        if not count:
            continue
        one = found.setdefault(
            row.rule,
            Going(
                row.rule,
                names.get(row.rule, row.rule),
                clauses.get(row.rule, ()),
                0,
                row.oldest,
                sample=row,
                breaker=by_rule.get(row.rule),
            ),
        )
        one.count += count
        one.oldest = min(one.oldest, row.oldest)
        one.kinds[row.category] = categories.get(row.category, row.category)
    _compare(found, today + timedelta(days=1), zone)
    order = sorted(found.values(), key=lambda one: (one.breaker is None, -one.count))
    return Night(tuple(order), rows[0].made_at if rows else None)


@dataclass(frozen=True)
class Kept:
    """What is sealed of one kind: how many parts, for what alone, and until when at most."""

    kind: str
    purpose: str
    count: int
    until: datetime | None


def kept_of(policy: Policy, now: datetime) -> list[Kept]:
    """Return what is sealed now, by kind of data and purpose, most first."""
    purposes = {one.id: _word(one.name) for one in policy.purpose}
    purposes[CLAIMS] = _("A legal claim")
    kinds = category_names(policy)
    return [
        Kept(kinds.get(one.category, one.category), purposes[one.purpose], one.count, one.until)
        for one in sealed_now(now=now)
        if one.purpose in purposes
    ]


def _newest(today: date) -> Iterable[Forecast]:
    """The rows of the newest forecast that concern tonight.

    Where another version of the policy begins at midnight, its rows replace those of today's.
    """
    tomorrow = today + timedelta(days=1)
    rows = list(Forecast.objects.filter(made_on__gte=today - timedelta(days=1), day__lte=tomorrow))
    newest = max((row.made_on for row in rows), default=today)
    rows = [row for row in rows if row.made_on == newest]
    coming = [row for row in rows if row.day == tomorrow and not row.is_yardstick]
    return coming or rows


def _tonight(row: Forecast, today: date) -> int:
    return row.count if row.day <= today else row.at_midnight


def _compare(found: dict[str, Going], night: date, zone: ZoneInfo) -> None:
    """Put beside each rule what usually went on this weekday, from the sweeps of the last weeks."""
    days = [night - timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    within = Q()
    for day in days:
        begin = datetime.combine(day, time(), zone)
        within |= Q(swept_at__gte=begin, swept_at__lt=begin + timedelta(days=1))
    told: dict[date, dict[str, int]] = {}
    for swept_at, counts in Sweep.objects.filter(within, erased__gt=0).values_list(
        "swept_at", "counts"
    ):
        sums = told.setdefault(swept_at.astimezone(zone).date(), {})
        for one in counts:
            sums[one["rule"]] = sums.get(one["rule"], 0) + one["count"]
    if not told:
        return
    known = [day for day in days if day >= min(told)]
    for rule, going in found.items():
        going.usual = round(median(told.get(day, {}).get(rule, 0) for day in known))


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


def record_behind(row: Forecast) -> Any:
    """Return the record that a forecast names as its sample; None when it is gone already."""
    model: Any = apps.get_model(declaration_of(row.table).model)
    return model._base_manager.filter(pk=row.sample).first()


# ---- this morning --------------------------------------------------------------------------------


@dataclass
class Gone:
    """What went by one rule since yesterday evening, as the audit tells."""

    rule: str
    name: str
    clauses: str
    count: int = 0
    kinds: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Morning:
    """What the sweeps did since yesterday evening, and what they left."""

    since: datetime
    gone: tuple[Gone, ...]
    sweeps: int
    last: Sweep | None
    refused: tuple[Refused, ...]
    overdue: tuple[Overdue, ...]

    @property
    def total(self) -> int:
        return sum(one.count for one in self.gone)

    @property
    def oldest(self) -> datetime | None:
        return min((one.since for one in self.overdue), default=None)


def morning_of(policy: Policy, now: datetime) -> Morning:
    """Return what went since yesterday evening, and what was asked again after the last sweep."""
    zone = ZoneInfo(policy.policy.timezone)
    yesterday = now.astimezone(zone).date() - timedelta(days=1)
    since = datetime.combine(yesterday, EVENING, zone)
    names, categories = rule_names(policy), category_names(policy)
    gone: dict[str, Gone] = {}
    for entry in Entry.objects.filter(kind=SWEPT, at__gte=since, at__lte=now).order_by("at"):
        said = entry.detail
        rule = str(said["rule"])
        one = gone.setdefault(rule, Gone(rule, names.get(rule, rule), str(said.get("clauses", ""))))
        one.count += int(said["count"])
        one.kinds[said["category"]] = categories.get(said["category"], said["category"])
        one.entries.append(entry)
    sweeps = list(Sweep.objects.filter(swept_at__gte=since, swept_at__lte=now).order_by("swept_at"))
    last = sweeps[-1] if sweeps else Sweep.objects.order_by("-swept_at").first()
    refused = last.refused if last else []
    overdue = last.overdue if last else []
    return Morning(
        since,
        tuple(sorted(gone.values(), key=lambda one: -one.count)),
        len(sweeps),
        last,
        tuple(Refused(names.get(o["rule"], o["rule"]), o["due"], o["allowed"], 0) for o in refused),
        tuple(
            Overdue(names.get(o["rule"], o["rule"]), o["count"], datetime.fromisoformat(o["since"]))
            for o in overdue
        ),
    )


# ---- holds ---------------------------------------------------------------------------------------


def running_holds(now: datetime) -> Sequence[Hold]:
    """Return the holds that keep something at ``now``, the newest first."""
    open_ = Q(released_at=None) & (Q(ends_at=None) | Q(ends_at__gt=now))
    return list(Hold.objects.filter(open_).order_by("-starts_at"))


def ended_holds(now: datetime, *, limit: int) -> Sequence[Hold]:
    """Return the holds that ended last."""
    over = Q(released_at__isnull=False) | Q(ends_at__lte=now)
    return list(Hold.objects.filter(over).order_by("-starts_at")[:limit])
